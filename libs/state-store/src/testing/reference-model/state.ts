/**
 * The whole life cycle in plain values: what the stores keep in Redis and decide in Lua, written a second time from
 * docs/architecture.md and from nothing else. It shares no table and no code with what it is held against.
 */
export interface ModelDraft {
  readonly draftId: string;
  readonly motion: string;
  readonly persons: readonly string[];
  readonly exclusionKeys: readonly string[];
  digest: string;
  status: string;
  batchId: string;
  actionId: string;
}

export interface ModelAction {
  readonly actionId: string;
  readonly draftId: string;
  readonly batchId: string;
  readonly ledger: 'sandbox' | 'real';
  readonly mode: string;
  readonly tier: string;
  readonly digest: string;
  readonly persons: readonly string[];
  readonly exclusionKeys: readonly string[];
  status: string;
  reason: string;
  attemptId: string;
  attempts: number;
  releases: number;
  reserved: readonly string[];
  /** Whose turn it took at its admission, or whom a recovery found it belongs to. */
  holding: readonly string[];
}

export interface ModelBatch {
  readonly batchId: string;
  readonly previewHash: string;
  readonly actionIds: readonly string[];
  status: string;
  past: boolean;
  late: boolean;
  fence: number;
  executionId: string;
}

export interface ModelState {
  readonly drafts: Map<string, ModelDraft>;
  readonly batches: Map<string, ModelBatch>;
  readonly actions: Map<string, ModelAction>;
  /** `<motion> <person>` → the draft that keeps others away. */
  readonly personDrafts: Map<string, string>;
  /** What each piece of an author's work was answered. */
  readonly answers: Map<string, { submission: string; answer: string }>;
  readonly suppressed: Set<string>;
  readonly optedOut: Set<string>;
  readonly excluded: Set<string>;
  readonly allowed: Set<string>;
  readonly counters: Map<string, number>;
  /** `<ledger> <person>` → the action on its way to them. */
  readonly inFlight: Map<string, string>;
  readonly contacts: Set<string>;
  readonly held: Set<string>;
  halted: boolean;
  fences: number;
  /** Rows since they were last taken: `kind ref code to`. */
  rows: string[];
}

export const createState = (): ModelState => ({
  drafts: new Map(),
  batches: new Map(),
  actions: new Map(),
  personDrafts: new Map(),
  answers: new Map(),
  suppressed: new Set(),
  optedOut: new Set(),
  excluded: new Set(),
  allowed: new Set(),
  counters: new Map(),
  inFlight: new Map(),
  contacts: new Set(),
  held: new Set(),
  halted: false,
  fences: 0,
  rows: [],
});

export const audit = (state: ModelState, kind: string, ref: string, code: string, to: string): void => {
  state.rows.push([kind, ref, code, to].join('|'));
};

export const actionsOf = (state: ModelState, batch: ModelBatch): ModelAction[] =>
  batch.actionIds.flatMap((id) => state.actions.get(id) ?? []);

/** Ends a batch that is executing and has nothing open any more. */
export const endIfDone = (state: ModelState, batch: ModelBatch): void => {
  if (batch.status !== 'executing') return;
  const statuses = actionsOf(state, batch).map(({ status }) => status);
  if (statuses.some((status) => ['frozen', 'queued', 'sending', 'unknown'].includes(status))) return;
  const lost = statuses.filter((status) => status === 'refused' || status === 'blocked').length;
  batch.status = lost === 0 ? 'executed' : lost === statuses.length ? 'failed' : 'partially_executed';
  audit(state, 'batch.finished', batch.batchId, '', batch.status);
};

export const batchOf = (state: ModelState, action: ModelAction): ModelBatch => {
  const batch = state.batches.get(action.batchId);
  if (batch === undefined) throw new Error(`the model has no batch ${action.batchId}`);
  return batch;
};
