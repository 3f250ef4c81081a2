import type { Channel, RampDayFacts } from '@caio/contracts';
import type { RealAction, StoredAuditRow } from '@caio/state-store';

export interface Send {
  readonly at: string;
  readonly actionId: string;
  readonly batchId: string;
  readonly who: string;
  readonly outcome: string;
}

/** What rows of the audit came to so far; rows are added in their order. */
export interface DayTally {
  readonly counts: Record<
    | 'admitted'
    | 'handedOver'
    | 'left'
    | 'leftLive'
    | 'refused'
    | 'released'
    | 'takenBack'
    | 'becameUnknown'
    | 'optOuts'
    | 'halts'
    | 'draftsApproved'
    | 'draftsRejected',
    number
  >;
  /** Messages admitted and not given back, by channel. */
  readonly used: Record<Channel, number>;
  /** Pseudonyms of people something was handed over or left to, for real. */
  readonly writtenTo: Set<string>;
  /** Who was put on the list of suppressions, by pseudonym, because of what. */
  readonly complaints: Map<string, 'bounced' | 'complained'>;
  /** The state each action and draft was in before its first row; rows of creation say ''. */
  readonly firstFrom: Map<string, string>;
  firstHalt: string | null;
  readonly batches: { batchId: string; previewHash: string; approvedBy: string; approvedAt: string }[];
  readonly reviewers: Map<string, { approved: number; rejected: number }>;
  readonly halts: { at: string; by: string; what: string; code: string }[];
  readonly alarms: { at: string; ref: string; code: string }[];
  readonly sends: Send[];
  sendsTotal: number;
  readonly rows: { first: string | null; last: string | null; count: number };
}

const haltKinds: ReadonlySet<string> = new Set(['halt.set', 'halt.repeated', 'halt.lifted']);
const detailsMax = 1_000;

export const emptyTally = (): DayTally => ({
  counts: {
    ...{ admitted: 0, handedOver: 0, left: 0, leftLive: 0, refused: 0, released: 0, takenBack: 0 },
    ...{ becameUnknown: 0, optOuts: 0, halts: 0, draftsApproved: 0, draftsRejected: 0 },
  },
  used: { email: 0, linkedin: 0 },
  writtenTo: new Set(),
  complaints: new Map(),
  firstFrom: new Map(),
  firstHalt: null,
  ...{ batches: [], reviewers: new Map(), halts: [], alarms: [], sends: [], sendsTotal: 0 },
  rows: { first: null, last: null, count: 0 },
});

const outcomes: Readonly<Record<string, keyof DayTally['counts']>> = {
  handed_over: 'handedOver',
  left: 'left',
  refused: 'refused',
  unknown: 'becameUnknown',
  taken_back: 'takenBack',
};

const addAction = (
  tally: DayTally,
  { row }: StoredAuditRow,
  at: string,
  { mode, channel }: RealAction,
): void => {
  const { counts } = tally;
  if (row.kind === 'action.admitted') {
    counts.admitted += 1;
    tally.used[channel] += 1;
  }
  if (row.kind === 'action.released' && row.to === 'queued') {
    counts.released += 1;
    tally.used[channel] -= 1;
  }
  const outcome = row.from === row.to ? undefined : outcomes[row.to];
  if (outcome === undefined) return;
  counts[outcome] += 1;
  if (outcome === 'left' && mode === 'live') counts.leftLive += 1;
  if (outcome === 'handedOver' || outcome === 'left') tally.writtenTo.add(row.who);
  tally.sendsTotal += 1;
  if (tally.sends.length < detailsMax)
    tally.sends.push({ at, actionId: row.ref, batchId: row.batch, who: row.who, outcome: row.to });
};

const review = (tally: DayTally, by: string, decision: 'approved' | 'rejected'): void => {
  const known = tally.reviewers.get(by) ?? { approved: 0, rejected: 0 };
  tally.reviewers.set(by, { ...known, [decision]: known[decision] + 1 });
};

const addPerson = (tally: DayTally, { row }: StoredAuditRow): void => {
  if (row.code === 'unsubscribed') tally.counts.optOuts += 1;
  if (row.code === 'bounced' || row.code === 'complained') tally.complaints.set(row.who, row.code);
};

/** Adds one row. `modeOf` tells of actions of the real ledger alone; every other ledger counts for nothing. */
export const addRow = (
  tally: DayTally,
  stored: StoredAuditRow,
  modeOf: (actionId: string) => RealAction | undefined,
): void => {
  const { id, row } = stored;
  const at = new Date(Number(row.at)).toISOString();
  tally.rows.first ??= id;
  tally.rows.last = id;
  tally.rows.count += 1;
  const [subject] = row.kind.split('.');
  const isAlarm = row.kind === 'alarm';
  // A draft that was answered with `duplicate` names another one, which stayed what it was.
  const isChange = row.from !== '' || row.kind === 'draft.accepted';
  if (isChange && !tally.firstFrom.has(row.ref)) tally.firstFrom.set(row.ref, row.from);
  if (subject === 'action') {
    const mode = modeOf(row.ref);
    if (mode !== undefined) addAction(tally, stored, at, mode);
  }
  if (row.kind === 'person.suppressed') addPerson(tally, stored);
  if (row.kind === 'draft.approve') {
    tally.counts.draftsApproved += 1;
    review(tally, row.actor, 'approved');
  }
  if (row.kind === 'draft.reject') {
    tally.counts.draftsRejected += 1;
    review(tally, row.actor, 'rejected');
  }
  if (row.kind === 'batch.approved' && tally.batches.length < detailsMax)
    tally.batches.push({ batchId: row.ref, previewHash: row.code, approvedBy: row.actor, approvedAt: at });
  if (subject === 'halt') {
    if (haltKinds.has(row.kind)) tally.firstHalt ??= row.kind;
    if (row.kind === 'halt.set') tally.counts.halts += 1;
    if (tally.halts.length < detailsMax)
      tally.halts.push({ at, by: row.actor, what: row.kind.slice('halt.'.length), code: row.code });
  }
  if (isAlarm && tally.alarms.length < detailsMax) tally.alarms.push({ at, ref: row.ref, code: row.code });
};

/** The facts of a day from its rows and from how things stood at its end. */
export const factsOf = (
  day: string,
  tally: DayTally,
  end: Pick<RampDayFacts, 'stopped' | 'unknownAtEnd' | 'unreviewedAtEnd' | 'bounces' | 'complaints'>,
): RampDayFacts => ({ day, ...tally.counts, ...end, lateBounces: 0 });
