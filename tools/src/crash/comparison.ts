import { compareAudit } from './audit-comparison.ts';
import { type Bar, elsewhere, type Evidence, type LedgerAction } from './evidence.ts';
import type { ApprovedDraft } from './people.ts';

/** One sentence for each thing that must not be. All empty is what is wanted. */
export interface Verdict {
  readonly duplicated: readonly string[];
  readonly lost: readonly string[];
  readonly unapproved: readonly string[];
  /** The ledger contradicts itself, its counters, its audit or the provider. */
  readonly contradictions: readonly string[];
}

/** What a slow machine may add to the time between an admission and the provider's clock. */
const lateByMs = 2_500;

const delivered: ReadonlySet<string> = new Set(['handed_over', 'left']);

const groupsOf = <T>(all: readonly T[], keysOf: (one: T) => readonly string[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) for (const key of keysOf(one)) groups.set(key, [...(groups.get(key) ?? []), one]);
  return groups;
};

const findDuplicated = ({ handOvers, actions }: Evidence, draftOf: DraftOf): string[] => {
  const found: string[] = [];
  for (const [actionId, all] of groupsOf(handOvers, ({ actionId: id }) => [id ?? '(none)']))
    if (all.length > 1) found.push(`${actionId} is at the provider ${all.length} times`);
  const taken = new Set(
    actions.filter(({ status }) => status === 'taken_back').map(({ actionId }) => actionId),
  );
  const standing = handOvers.filter(({ actionId }) => !taken.has(actionId ?? ''));
  const perPerson = groupsOf(standing, ({ actionId }) => draftOf(actionId ?? '')?.personKeys ?? []);
  for (const [key, all] of perPerson) {
    const messages = new Set(all.map(({ actionId }) => actionId));
    if (messages.size > 1) found.push(`${key} was written to by ${[...messages].join(' and ')}`);
  }
  return found;
};

/** Reasons of a blocked message that something in the scenario accounts for. */
const isAccountedFor = (
  action: LedgerAction,
  draft: ApprovedDraft | undefined,
  evidence: Evidence,
): boolean => {
  if (action.reason === 'person_in_flight') return evidence.sharedPerson;
  return evidence.bars.some(
    ({ why, personKeys }) =>
      why === action.reason &&
      (personKeys === null || personKeys.some((key) => draft?.personKeys.includes(key) === true)),
  );
};

const findLost = (evidence: Evidence, draftOf: DraftOf): string[] => {
  const found: string[] = evidence.stuck === null ? [] : [evidence.stuck];
  const atProvider = new Set(evidence.handOvers.map(({ actionId }) => actionId));
  const seen = new Set(evidence.actions.map(({ draftId }) => draftId));
  for (const { draftId } of evidence.approved)
    if (!seen.has(draftId) && !evidence.sharedPerson) found.push(`draft ${draftId} is in no batch`);
  for (const action of evidence.actions) {
    const { actionId, batchId, status, reason } = action;
    if (!evidence.approvedBatches.has(batchId) || evidence.demanded.has(actionId)) continue;
    const said = `${actionId} is ${status} ${reason}`.trim();
    if (delivered.has(status)) {
      if (!atProvider.has(actionId)) found.push(`${said}, and the provider never had it`);
      else if (!evidence.shownByProvider.has(actionId)) found.push(`${said}, and the provider shows none`);
    } else if (status === 'taken_back') {
      if (evidence.shownByProvider.has(actionId)) found.push(`${said}, and the provider still shows it`);
    } else if (atProvider.has(actionId)) {
      found.push(`${said}, and the provider has it`);
    } else if (status !== 'blocked' || !isAccountedFor(action, draftOf(actionId), evidence)) {
      found.push(`${said}, and nothing accounts for that`);
    }
  }
  const waiting = new Set(leftToPersons(evidence).map(({ batchId }) => batchId));
  for (const { batchId, status } of evidence.batches)
    if (evidence.approvedBatches.has(batchId) && !isEnded(status) && !waiting.has(batchId))
      found.push(`batch ${batchId} is ${status}`);
  return found;
};

/** Messages that the design leaves to a person, and that stay as they are until one decides. */
const leftToPersons = ({ actions, demanded }: Evidence): LedgerAction[] =>
  actions.filter(
    ({ actionId, status }) => status === 'unknown' && demanded.get(actionId)?.status === 'unknown',
  );

const isEnded = (status: string): boolean => /^(executed|partially_executed|failed)$/.test(status);

const isBarred = (bar: Bar, atMs: number, keys: readonly string[]): boolean =>
  atMs > bar.fromMs &&
  atMs < bar.toMs &&
  (bar.personKeys === null || bar.personKeys.some((key) => keys.includes(key)));

const findUnapproved = (evidence: Evidence, draftOf: DraftOf): string[] => {
  const found: string[] = [];
  const actionOf = new Map(evidence.actions.map((action) => [action.actionId, action]));
  const admissions = evidence.audit.filter(({ kind }) => kind === 'action.admitted');
  const adopted = new Set(
    evidence.audit.filter(({ kind }) => kind === 'action.adopted').map(({ ref }) => ref),
  );
  for (const entry of evidence.handOvers) {
    const actionId = entry.actionId ?? '(none)';
    const action = actionOf.get(actionId);
    const draft = draftOf(actionId);
    if (action === undefined || draft === undefined || !evidence.approvedBatches.has(action.batchId)) {
      found.push(`${actionId} was handed over and nobody approved it`);
      continue;
    }
    const same =
      entry.contentDigest === draft.contentDigest &&
      entry.email === draft.email &&
      entry.subject === draft.subject &&
      entry.body === draft.text;
    if (!same) found.push(`${actionId} was handed over with other words than were approved`);
    const atMs = Date.parse(entry.at);
    // What an older store forgot of its admission, a recovery found at the provider and wrote down.
    if (adopted.has(actionId)) continue;
    const last = admissions.findLast((row) => row.ref === actionId && row.atMs <= atMs + 5);
    if (last === undefined) found.push(`${actionId} was handed over and was not admitted before`);
    else if (atMs - last.atMs > evidence.sendDeadlineMs + lateByMs)
      found.push(`${actionId} was handed over ${atMs - last.atMs} ms after it was admitted`);
  }
  for (const { ref, atMs, cid } of admissions) {
    const keys = draftOf(ref)?.personKeys ?? [];
    const bar = evidence.bars.find((one) => isBarred(one, atMs, keys));
    if (bar !== undefined)
      found.push(`${ref} was admitted ${atMs - bar.fromMs} ms after ${bar.why} was answered`);
    if (cid === 'late-job') found.push(`${ref} was admitted for a job of another execution`);
  }
  for (const [actionId, { status, reason }] of evidence.demanded) {
    const action = actionOf.get(actionId);
    if (action?.status !== status || (reason !== null && action.reason !== reason))
      found.push(
        `${actionId} is ${action?.status} ${action?.reason}, and has to be ${status} ${reason ?? ''}`,
      );
  }
  for (const action of evidence.actions) {
    const pid = Number(action.owner.split('.')[1] ?? 0);
    const life = evidence.lives.find(
      (one) => one.pid === pid && one.fromMs <= action.admittedAtMs && action.admittedAtMs <= one.toMs,
    );
    const offset = life?.life.clockOffsetMs ?? 0;
    const jumpsAtMs = (life?.fromMs ?? 0) + (life?.life.clockJumpsAfterMs ?? 0) + 1_000;
    if (offset !== 0 && action.admittedAtMs > jumpsAtMs)
      found.push(`${action.actionId} was admitted by a process whose clock is ${offset} ms off`);
  }
  return found;
};

const findContradictions = (evidence: Evidence, draftOf: DraftOf): string[] => {
  const found: string[] = [...compareAudit(evidence)];
  const { queued, sending } = evidence.open;
  const unknown = evidence.open.unknown - leftToPersons(evidence).length;
  if (queued + sending + unknown > 0)
    found.push(`${queued} queued, ${sending} sending and ${unknown} unknown are left over`);
  const places: Record<string, number> = {};
  for (const { reserved } of evidence.actions)
    for (const counter of reserved) places[counter] = (places[counter] ?? 0) + 1;
  for (const counter of new Set([...Object.keys(places), ...Object.keys(evidence.counters)])) {
    const [counted, held] = [evidence.counters[counter] ?? 0, places[counter] ?? 0];
    if (counted !== held) found.push(`${counter} counts ${counted}, and ${held} messages hold a place of it`);
  }
  const stateOf = new Map(evidence.actions.map(({ actionId, status }) => [actionId, status]));
  for (const [key, actionId] of Object.entries(evidence.personsInFlight))
    if (actionId !== elsewhere && stateOf.get(actionId) !== 'handed_over' && !evidence.demanded.has(actionId))
      found.push(`${key} is held for ${actionId}, which is ${stateOf.get(actionId) ?? 'nowhere'}`);
  for (const { actionId, status } of evidence.actions) {
    if (status !== 'handed_over') continue;
    const free = (draftOf(actionId)?.personKeys ?? []).filter(
      (key) => evidence.personsInFlight[key] === undefined,
    );
    if (free.length > 0) found.push(`${actionId} is handed over and ${free.join(', ')} is free`);
  }
  for (const { batchId, counts } of evidence.batches) {
    const own = evidence.actions.filter((action) => action.batchId === batchId);
    for (const status of new Set([...Object.keys(counts), ...own.map((action) => action.status)])) {
      const [counted, held] = [counts[status] ?? 0, own.filter((action) => action.status === status).length];
      if (counted !== held) found.push(`batch ${batchId} counts ${counted} ${status} and has ${held}`);
    }
  }
  return found;
};

type DraftOf = (actionId: string) => ApprovedDraft | undefined;

/** Holds the ledger against the provider's log and against what people approved and forbade. */
export const compare = (evidence: Evidence): Verdict => {
  const drafts = new Map(evidence.approved.map((draft) => [draft.draftId, draft]));
  const draftIds = new Map(evidence.actions.map(({ actionId, draftId }) => [actionId, draftId]));
  const draftOf: DraftOf = (actionId) => drafts.get(draftIds.get(actionId) ?? '');
  return {
    duplicated: findDuplicated(evidence, draftOf),
    lost: findLost(evidence, draftOf),
    unapproved: findUnapproved(evidence, draftOf),
    contradictions: findContradictions(evidence, draftOf),
  };
};

export const isClean = (verdict: Verdict): boolean =>
  verdict.duplicated.length +
    verdict.lost.length +
    verdict.unapproved.length +
    verdict.contradictions.length ===
  0;
