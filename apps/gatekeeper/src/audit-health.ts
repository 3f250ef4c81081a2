import type { ReadinessCheck, ServiceMetrics } from '@caio/service-kit';
import { type AuditLog, type AuditLook, momentOf, unsealedAgeMaxMs } from '@caio/state-store';
import type { AuditSealer } from './use-cases/seal-audit.ts';

const unsealedAgeMs = (look: AuditLook): number =>
  look.oldestUnsealedId === '' ? 0 : Math.max(0, look.nowMs - momentOf(look.oldestUnsealedId));

/** Red while no sealer is at work or the audit is not what was published; what is decided goes on being recorded. */
export const auditReadiness = (
  audit: Pick<AuditLog, 'look'>,
  sealer: Pick<AuditSealer, 'problems'>,
): ReadinessCheck => ({
  name: 'audit',
  check: async () => {
    const red = (message: string) => ({ ready: false, required: false, message });
    const [problem] = sealer.problems();
    if (problem !== undefined) return red(`${problem.why}: run audit verify.`);
    const look = await audit.look();
    if (unsealedAgeMs(look) <= unsealedAgeMaxMs) return { ready: true, required: false, message: 'sealed' };
    const since = new Date(momentOf(look.oldestUnsealedId)).toISOString();
    return red(`${look.rows - Math.max(0, look.count)} audit rows are not sealed since ${since}.`);
  },
});

export const measureAudit = (
  metrics: Pick<ServiceMetrics, 'gauge'>,
  audit: Pick<AuditLog, 'look'>,
  sealer: Pick<AuditSealer, 'problems'>,
): void => {
  metrics.gauge({
    name: 'caio_audit_rows',
    help: 'Rows of the audit.',
    read: async () => (await audit.look()).rows,
  });
  metrics.gauge({
    name: 'caio_audit_unsealed_age_seconds',
    help: 'Age of the oldest audit row that is not sealed; 0 when all are.',
    read: async () => unsealedAgeMs(await audit.look()) / 1_000,
  });
  metrics.gauge({
    name: 'caio_audit_problems',
    help: 'Problems the sealer found since it started: another key, another store, a shorter chain.',
    read: () => Promise.resolve(sealer.problems().length),
  });
};
