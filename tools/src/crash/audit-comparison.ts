import type { AuditRow, Evidence } from './evidence.ts';

const settled = /^(handed_over|left|refused|blocked|taken_back)$/;
const open = /^(frozen|queued|sending|unknown)$/;

/** The rows of one action have to lead from its freeze to where it is, without a gap. */
const compareAction = (
  { actionId, status, attempts }: Evidence['actions'][number],
  rows: readonly AuditRow[],
): string[] => {
  const found: string[] = [];
  const moves = rows.filter(({ from, to }) => from !== '' && to !== '' && from !== to);
  let at = moves[0]?.from ?? status;
  for (const { from, to, kind } of moves) {
    if (from !== at) found.push(`the audit of ${actionId} has ${kind} from ${from} when it was ${at}`);
    at = to;
  }
  if (at !== status) found.push(`the audit of ${actionId} ends at ${at} and it is ${status}`);
  const admitted = rows.filter(({ kind }) => kind === 'action.admitted').length;
  if (admitted !== attempts)
    found.push(`the audit admits ${actionId} ${admitted} times, its record ${attempts}`);
  return found;
};

const compareBatch = (
  batchId: string,
  status: string,
  all: readonly AuditRow[],
  actionIds: ReadonlySet<string>,
): string[] => {
  const found: string[] = [];
  const count = (kind: string): number =>
    all.filter((row) => row.batch === batchId && row.kind === kind).length;
  if (count('batch.claimed') !== 1)
    found.push(`batch ${batchId} was claimed ${count('batch.claimed')} times`);
  if (!/^(executed|partially_executed|failed)$/.test(status)) return found;
  const ends = all.flatMap((row, place) =>
    row.batch === batchId && row.kind === 'batch.finished' ? [place] : [],
  );
  if (ends.length !== 1) found.push(`batch ${batchId} was finished ${ends.length} times`);
  const lastMove = all.findLastIndex(
    ({ ref, from, to }) =>
      actionIds.has(ref) && open.test(from) && (settled.test(to) || open.test(to)) && from !== to,
  );
  if (lastMove > (ends[0] ?? all.length)) found.push(`batch ${batchId} was finished before its last message`);
  return found;
};

/** Absence may be taken for granted only when no process can still write: a release while its owner stood still is a guess. */
const compareReleases = ({ audit, lives }: Evidence): string[] => {
  const found: string[] = [];
  for (const row of audit) {
    if (row.kind !== 'action.released' || row.code !== 'absent_at_provider') continue;
    const owner = lives.find(({ stopped }) =>
      stopped.some(
        ({ fromMs, toMs, actionIds }) => fromMs < row.atMs && row.atMs < toMs && actionIds.has(row.ref),
      ),
    );
    if (owner !== undefined)
      found.push(`${row.ref} was released while process ${owner.pid} could still write it`);
  }
  return found;
};

/** What the audit says against what the ledger says. */
export const compareAudit = (evidence: Evidence): string[] => {
  const found: string[] = evidence.auditProblem === null ? [] : [evidence.auditProblem];
  const rowsOf = new Map<string, AuditRow[]>();
  for (const row of evidence.audit)
    if (row.kind.startsWith('action.')) rowsOf.set(row.ref, [...(rowsOf.get(row.ref) ?? []), row]);
  for (const action of evidence.actions)
    found.push(...compareAction(action, rowsOf.get(action.actionId) ?? []));
  for (const { batchId, status } of evidence.batches) {
    if (!evidence.approvedBatches.has(batchId)) continue;
    const own = new Set(
      evidence.actions.filter((action) => action.batchId === batchId).map(({ actionId }) => actionId),
    );
    found.push(...compareBatch(batchId, status, evidence.audit, own));
  }
  return [...found, ...compareReleases(evidence)];
};
