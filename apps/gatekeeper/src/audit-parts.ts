import { ConfigError, type ReadinessCheck, type ServiceMetrics } from '@caio/service-kit';
import { type AuditLog, keyMarkOf } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { auditReadiness, measureAudit } from './audit-health.ts';
import { openPublishedHeads, type PublishedHeads, rememberPublishedHeads } from './published-heads.ts';
import { createExportAudit, type ExportAudit } from './use-cases/export-audit.ts';
import { createRetireAudit, type RetireAudit } from './use-cases/retire-audit.ts';
import { type AuditSealer, createSealAudit } from './use-cases/seal-audit.ts';
import { createVerifyAudit, type VerifyAudit } from './use-cases/verify-audit.ts';

/** The heads published so far, from AUDIT_HEADS_FILE or from this process's start. Throws ConfigError. */
export const openHeads = async (file: string | undefined, environment: string): Promise<PublishedHeads> => {
  if (file === undefined) return rememberPublishedHeads();
  try {
    return await openPublishedHeads({ file, environment });
  } catch {
    throw new ConfigError('gatekeeper', [
      'AUDIT_HEADS_FILE names a file that cannot be read and written. Correct the path, or leave it out.',
    ]);
  }
};

export interface AuditParts {
  readonly sealer: AuditSealer;
  readonly verifyAudit: VerifyAudit;
  readonly exportAudit: ExportAudit;
  readonly retireAudit: RetireAudit;
  /** Retires what is older than the days that rows are kept. */
  readonly retirePastDays: () => Promise<unknown>;
  readonly readiness: ReadinessCheck;
}

/** What keeps the audit sealed and looks after it. Throws ConfigError when it was sealed with another key. */
export const createAuditParts = async (deps: {
  audit: AuditLog;
  key: string;
  environment: string;
  published: PublishedHeads;
  metrics: ServiceMetrics;
  logger: Logger;
  now: () => number;
  /** 0 keeps every row. */
  retentionDays: number;
}): Promise<AuditParts> => {
  const { keyMark } = await deps.audit.look();
  if (keyMark !== '' && keyMark !== keyMarkOf(deps.key)) {
    throw new ConfigError('gatekeeper', [
      'AUDIT_SEAL_KEY is not the one the audit of this store was sealed with (seal_key_changed). Set the former key.',
    ]);
  }
  const sealer = createSealAudit(deps);
  await sealer.lookForLoss();
  measureAudit(deps.metrics, deps.audit, sealer);
  const retireAudit = createRetireAudit(deps);
  return {
    sealer,
    exportAudit: createExportAudit(deps),
    retireAudit,
    retirePastDays: () =>
      deps.retentionDays === 0
        ? Promise.resolve()
        : retireAudit({
            beforeMs: deps.now() - deps.retentionDays * 86_400_000,
            dryRun: false,
            actor: 'gatekeeper',
            correlationId: 'retire-audit',
          }),
    verifyAudit: createVerifyAudit(deps),
    readiness: auditReadiness(deps.audit, sealer),
  };
};
