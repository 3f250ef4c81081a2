import { audit, batchOf, endIfDone, type ModelAction, type ModelState } from './state.ts';

/** What a worker brings to the last check. */
export interface Ask {
  readonly attemptId: string;
  readonly isOfThisExecution: boolean;
  readonly digest: string;
  readonly stoppedHere: boolean;
  readonly routeAllowed: boolean;
  readonly mode: string;
  readonly policyVersion: string;
  readonly tiers: readonly string[];
  readonly windowOpen: boolean;
  readonly clockIsRight: boolean;
  /** Keys of the counters of the hour, day, month, domain and mailbox, in this order. */
  readonly counters: readonly string[];
  readonly caps: readonly number[];
}

const capNames = ['cap_hour', 'cap_day', 'cap_month', 'cap_domain', 'cap_mailbox'] as const;

/** The first reason to block, by the order of the table in the architecture. */
const denial = (state: ModelState, action: ModelAction, ask: Ask): string | null => {
  const batch = batchOf(state, action);
  const { persons, ledger, actionId } = action;
  const other = (person: string): string | undefined => state.inFlight.get(`${ledger} ${person}`);
  if (batch.status !== 'executing') return 'batch_not_executing';
  if (batch.past) return 'batch_expired';
  if (ask.digest !== action.digest) return 'content_mismatch';
  if (persons.some((person) => state.suppressed.has(person) || state.optedOut.has(person)))
    return 'suppressed';
  if (action.exclusionKeys.some((key) => state.excluded.has(key))) return 'excluded';
  if (persons.some((person) => state.contacts.has(`${ledger} ${person}`))) return 'contact_too_recent';
  if (persons.some((person) => other(person) !== undefined && other(person) !== actionId))
    return 'person_in_flight';
  if (!ask.routeAllowed) return 'route_forbidden';
  if (action.mode !== ask.mode) return 'mode_changed';
  if (ask.policyVersion !== 'policy-1') return 'policy_changed';
  if (!ask.tiers.includes(action.tier)) return 'tier_not_allowed';
  if (action.mode === 'allow-list' && !persons.some((person) => state.allowed.has(person)))
    return 'not_allow_listed';
  return batch.late ? 'too_late' : null;
};

const countOf = (state: ModelState, key: string): number => state.counters.get(key) ?? 0;

export const admit = (state: ModelState, action: ModelAction, ask: Ask): string => {
  if (action.status === 'sending' && action.attemptId === ask.attemptId) return 'admitted';
  if (action.status !== 'queued') return 'action_not_queued';
  if (!ask.isOfThisExecution) return 'fence_lost';
  const putOff = (reason: string): string => {
    action.reason = reason;
    return reason;
  };
  if (state.halted || ask.stoppedHere) return putOff('halted');
  const denied = denial(state, action, ask);
  if (denied !== null) {
    Object.assign(action, { status: 'blocked', reason: denied });
    audit(
      state,
      denied === 'content_mismatch' ? 'alarm' : 'action.blocked',
      action.actionId,
      denied,
      'blocked',
    );
    endIfDone(state, batchOf(state, action));
    return denied;
  }
  if (!ask.windowOpen) return putOff('outside_window');
  const full = ask.counters.findIndex((key, at) => countOf(state, key) >= (ask.caps[at] ?? 0));
  if (full >= 0) return putOff(capNames[full] ?? '');
  if (!ask.clockIsRight) {
    if (action.reason !== 'clock_skew') audit(state, 'alarm', action.actionId, 'clock_skew', 'queued');
    return putOff('clock_skew');
  }
  for (const key of ask.counters) state.counters.set(key, countOf(state, key) + 1);
  for (const person of action.persons) state.inFlight.set(`${action.ledger} ${person}`, action.actionId);
  Object.assign(action, {
    status: 'sending',
    attemptId: ask.attemptId,
    reason: '',
    attempts: action.attempts + 1,
  });
  Object.assign(action, { reserved: ask.counters, holding: action.persons });
  audit(state, 'action.admitted', action.actionId, '', 'sending');
  return 'admitted';
};

const freePersons = (state: ModelState, action: ModelAction): void => {
  for (const person of action.holding) {
    const place = `${action.ledger} ${person}`;
    if (state.inFlight.get(place) === action.actionId) state.inFlight.delete(place);
  }
};

const rememberContact = (state: ModelState, action: ModelAction): void => {
  if (action.ledger === 'real') for (const person of action.holding) state.contacts.add(`real ${person}`);
};

/** After so many releases nothing is tried again. */
export const triesMax = 3;

export interface Outcome {
  readonly attemptId: string;
  readonly to: 'handed_over' | 'left' | 'refused' | 'released' | 'unknown';
  readonly stillHeld: boolean;
}

export const settle = (state: ModelState, action: ModelAction, outcome: Outcome): string => {
  const open = action.status === 'sending' || action.status === 'unknown';
  if (!open || action.attemptId !== outcome.attemptId) return `not_mine ${action.status}`;
  if (action.status === 'unknown' && outcome.to === 'unknown') return 'settled unknown';
  let to: string = outcome.to;
  let code = 'a_code';
  let row: string = outcome.to;
  if (outcome.to === 'released') {
    for (const key of action.reserved) state.counters.set(key, Math.max(0, countOf(state, key) - 1));
    freePersons(state, action);
    Object.assign(action, { reserved: [], holding: [], releases: action.releases + 1 });
    to = 'queued';
    if (action.releases >= triesMax) [to, code, row] = ['refused', 'retries_exhausted', 'refused'];
    else action.attemptId = '';
  }
  Object.assign(action, { status: to, reason: code });
  if (to === 'refused' || ((to === 'left' || to === 'handed_over') && !outcome.stillHeld))
    freePersons(state, action);
  if (to === 'handed_over' && outcome.stillHeld) state.held.add(action.actionId);
  if (to === 'left') rememberContact(state, action);
  audit(state, `action.${row}`, action.actionId, code, to);
  endIfDone(state, batchOf(state, action));
  return `settled ${to}`;
};

/** Its lease ran out: nobody knows whether it was sent. */
export const lose = (state: ModelState, action: ModelAction): string => {
  if (action.status !== 'sending') return 'kept';
  Object.assign(action, { status: 'unknown', reason: 'lease_expired' });
  audit(state, 'action.unknown', action.actionId, 'lease_expired', 'unknown');
  return 'lost';
};

/** A recovery found it at its provider. */
export const adopt = (
  state: ModelState,
  action: ModelAction,
  found: { to: 'handed_over' | 'left'; stillHeld: boolean },
): string => {
  if (!['frozen', 'queued', 'sending', 'unknown'].includes(action.status)) return 'kept';
  Object.assign(action, { status: found.to, reason: '', holding: action.persons });
  if (found.to === 'handed_over' && found.stillHeld) state.held.add(action.actionId);
  for (const person of action.persons) {
    const place = `${action.ledger} ${person}`;
    if (found.stillHeld) state.inFlight.set(place, action.actionId);
    else if (state.inFlight.get(place) === action.actionId) state.inFlight.delete(place);
  }
  if (found.to === 'left') rememberContact(state, action);
  audit(state, 'action.adopted', action.actionId, 'found_at_provider', found.to);
  endIfDone(state, batchOf(state, action));
  return 'adopted';
};

export const takeBack = (state: ModelState, action: ModelAction): string => {
  if (action.status !== 'handed_over') return `kept ${action.status}`;
  Object.assign(action, { status: 'taken_back', reason: 'a_reason' });
  state.held.delete(action.actionId);
  freePersons(state, action);
  audit(state, 'action.taken_back', action.actionId, 'a_reason', 'taken_back');
  endIfDone(state, batchOf(state, action));
  return 'done taken_back';
};
