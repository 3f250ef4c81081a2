import type { Batch, LeftOut, PipelineRun, Preview, Receipt, RowOutcome } from '@caio/contracts';
import { createAuditLog, createKeys } from '@caio/state-store';
import { Redis } from 'ioredis';
import { ApiError, type ApiClient } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import { createPatientClient, realPatience } from '../api/patient-client.ts';
import { type LeadFileRequest, readLeadFile, runLeadFile } from './lead-file-job.ts';
import { countRecords } from './record-count.ts';
import { type Check, selfCheck } from './self-check.ts';
import { readSimulatorLog } from './simulator-log.ts';

export interface OnceResult {
  readonly ok: boolean;
  readonly run: PipelineRun;
  readonly rows: readonly RowOutcome[];
  readonly batch: Batch | null;
  readonly leftOut: readonly LeftOut[];
  readonly receipts: readonly Receipt[];
  readonly checks: readonly Check[];
}

export interface OnceOptions {
  readonly lead: LeadFileRequest;
  /** The person who approves texts and the batch, and the program that does the rest. */
  readonly reviewer: ApiClient;
  readonly operator: ApiClient;
  readonly simulatorUrl: string;
  readonly redisUrl: string;
  readonly environment: string;
  readonly say: (line: string) => void;
}

const approvalsAtOnce = 16;
const reviewPage = 200;
const pollMs = 150;
const patienceMs = 300_000;
const outageMs = 60_000;
const auditPage = 5_000;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Page by page from the front, because an approved draft leaves the list; whole lists would only fill memory.
 * Returns which digest was approved for which draft.
 */
export const approveAll = async (reviewer: OutreachApi): Promise<Map<string, string>> => {
  const approvals = new Map<string, string>();
  for (;;) {
    const { drafts } = await reviewer.draftPage('pending', reviewPage);
    if (drafts.length === 0) return approvals;
    for (let start = 0; start < drafts.length; start += approvalsAtOnce) {
      await Promise.all(
        drafts.slice(start, start + approvalsAtOnce).map(async ({ draftId, contentDigest }) => {
          await reviewer.approveDraft(draftId, contentDigest);
          approvals.set(draftId, contentDigest);
        }),
      );
    }
  }
};

const freeze = async (
  operator: OutreachApi,
): Promise<{ batch: Batch; preview: Preview; leftOut: LeftOut[] } | { leftOut: LeftOut[] }> => {
  try {
    const frozen = await operator.freezeBatch({ motion: 'outbound', dryRun: false });
    if (frozen.batch === null) throw new Error('a freeze that was no dry run answered without a batch');
    return { batch: frozen.batch, preview: frozen.preview, leftOut: frozen.leftOut };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'empty_scope') throw error;
    return { leftOut: (error.details['leftOut'] as LeftOut[] | undefined) ?? [] };
  }
};

export const untilFinished = async (
  operator: OutreachApi,
  batchId: string,
  say: (line: string) => void,
): Promise<Batch> => {
  const giveUpAt = performance.now() + patienceMs;
  let shown = '';
  for (;;) {
    const { batch } = await operator.batch(batchId);
    const { handed_over: done = 0, queued = 0, sending = 0, unknown = 0 } = batch.counts;
    const line = `  handed over ${done} of ${batch.actionCount}${unknown > 0 ? `, ${unknown} being looked up` : ''}`;
    if (line !== shown) say(line);
    shown = line;
    if (batch.status !== 'executing') return batch;
    if (performance.now() > giveUpAt) {
      throw new Error(`the batch did not finish: ${queued} queued, ${sending} sending, ${unknown} unknown`);
    }
    await pause(pollMs);
  }
};

/** Action ids of the audit's own rows, read from the store and not from the service that wrote them. */
const admittedActions = async (options: OnceOptions, batchId: string | null): Promise<string[]> => {
  if (batchId === null) return [];
  const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: 2 });
  try {
    const audit = createAuditLog({ redis, keys: createKeys(options.environment) });
    const admitted: string[] = [];
    for (let after = ''; ;) {
      const rows = await audit.rowsAfter(after, auditPage);
      const last = rows.at(-1);
      if (last === undefined) return admitted;
      for (const { row } of rows)
        if (row.kind === 'action.admitted' && row.batch === batchId) admitted.push(row.ref);
      after = last.id;
    }
  } finally {
    redis.disconnect();
  }
};

const auditVerdict = async (operator: OutreachApi): Promise<{ ok: boolean; detail: string }> => {
  for (let look = 0; ; look += 1) {
    const verdict = await operator.verifyAudit();
    if (!verdict.ok) {
      const { firstBroken, problems } = verdict;
      const broken = firstBroken === null ? [] : [`row ${firstBroken.id}: ${firstBroken.why}`];
      return { ok: false, detail: [...broken, ...problems.map(({ message }) => message)].join(' ') };
    }
    // The sealer comes by once a second; a last look waits for it.
    if (verdict.unsealed === 0 || look >= 20)
      return {
        ok: verdict.unsealed === 0,
        detail: `${verdict.sealed} rows sealed, ${verdict.unsealed} not yet`,
      };
    await pause(pollMs);
  }
};

/** The whole job on a running stack: file, review, freeze, approval, execution, receipts, and the check of it all. */
export const runOnce = async (options: OnceOptions): Promise<OnceResult> => {
  const { say } = options;
  const patience = realPatience(outageMs, say);
  const reviewer = createOutreachApi(createPatientClient(options.reviewer, patience));
  const operator = createOutreachApi(createPatientClient(options.operator, patience));
  let progress = '';
  const { run, rows } = await runLeadFile(operator, options.lead, (state) => {
    const line = `  rows read ${state.rowsRead}, decided ${state.rowsDone}`;
    if (line !== progress) say(line);
    progress = line;
  });
  if (run.status === 'failed')
    return { ok: false, run, rows, batch: null, leftOut: [], receipts: [], checks: [] };

  const approvals = await approveAll(reviewer);
  say(`  ${approvals.size} drafts approved by the demo reviewer, each with the digest shown`);
  const frozen = await freeze(operator);
  const batch = 'batch' in frozen ? frozen.batch : null;
  const shown = batch === null ? [] : await reviewer.previewItems(batch.batchId);
  let finished: Batch | null = null;
  if (batch !== null) {
    say(
      `  batch ${batch.batchId} frozen with ${batch.actionCount} actions, hash ${batch.previewHash.slice(0, 16)}…`,
    );
    await reviewer.approveBatch(batch.batchId, batch.previewHash);
    await operator.executeBatch(batch.batchId);
    finished = await untilFinished(operator, batch.batchId, say);
  }
  const receipts = batch === null ? [] : await operator.receipts(batch.batchId);
  const checks = selfCheck({
    rowsRead: run.rowsRead,
    recordsInFile: countRecords(
      run.fileName,
      readLeadFile(options.lead.file),
      run.mapping.map(({ column }) => column),
    ),
    rows,
    approvals,
    preview: 'batch' in frozen ? frozen.preview : null,
    previewHash: batch?.previewHash ?? null,
    shown,
    leftOut: frozen.leftOut,
    admitted: await admittedActions(options, batch?.batchId ?? null),
    receipts,
    handedOver: await readSimulatorLog(options.simulatorUrl),
    correlationId: options.operator.correlationId,
    audit: await auditVerdict(operator),
  });
  return {
    ok: checks.every(({ ok }) => ok),
    run,
    rows,
    batch: finished,
    leftOut: frozen.leftOut,
    receipts,
    checks,
  };
};
