import type { Gate } from '../gate-fixture.ts';
import { pseudonymOf } from '../gate-fixture.ts';
import type { ModelState } from './state.ts';

/** Everything that both sides can be asked about, as `what: value`, in an order that depends on nothing. */
type Observation = readonly string[];

const ledgers = ['sandbox', 'real'] as const;
const motions = ['outbound', 'revival'] as const;
const listOf = (values: Iterable<string>): string => [...values].sort().join(' ');

export const observeModel = (state: ModelState): Observation => {
  const inStatus = (status: string): string =>
    listOf(
      [...state.actions.values()]
        .filter((action) => action.status === status)
        .map(({ actionId }) => actionId),
    );
  const of = (prefix: string, map: ReadonlyMap<string, string>): string =>
    listOf(
      [...map].flatMap(([key, value]) =>
        key.startsWith(`${prefix} `) ? [`${key.slice(prefix.length + 1)}=${value}`] : [],
      ),
    );
  return [
    ...[...state.drafts.values()].map(
      ({ draftId, status, digest, batchId }) => `${draftId}: ${status} ${digest} ${batchId}`,
    ),
    ...[...state.actions.values()].map(
      (one) =>
        `${one.actionId}: ${one.status} ${one.reason} ${one.attemptId} ${one.attempts} ${JSON.stringify(one.reserved)} ${JSON.stringify(one.holding)}`,
    ),
    ...[...state.batches.values()].map((batch) => {
      const counts: Record<string, number> = {};
      for (const id of batch.actionIds) {
        const status = state.actions.get(id)?.status ?? '';
        counts[status] = (counts[status] ?? 0) + 1;
      }
      const shown = listOf(Object.entries(counts).map(([status, count]) => `${status}=${count}`));
      return `${batch.batchId}: ${batch.status} ${batch.fence} ${shown}`;
    }),
    `queued: ${inStatus('queued')}`,
    `sending: ${inStatus('sending')}`,
    `unknown: ${inStatus('unknown')}`,
    `held: ${listOf(state.held)}`,
    ...ledgers.map((ledger) => `in flight ${ledger}: ${of(ledger, state.inFlight)}`),
    ...ledgers.map(
      (ledger) =>
        `contacts ${ledger}: ${listOf([...state.contacts].flatMap((one) => (one.startsWith(`${ledger} `) ? [one.slice(ledger.length + 1)] : [])))}`,
    ),
    ...motions.map((motion) => `drafts of people ${motion}: ${of(motion, state.personDrafts)}`),
    `suppressed: ${listOf([...state.suppressed].map(pseudonymOf))}`,
    `excluded: ${listOf(state.excluded)}`,
    `halted: ${state.halted ? '1' : '0'}`,
    `counted: ${listOf([...state.counters].flatMap(([key, count]) => (count === 0 ? [] : [`${key}=${count}`])))}`,
    `audit: ${state.rows.join(', ')}`,
  ];
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : []);
const pairsOf = (value: unknown): [string, string][] =>
  Object.entries(Object(value)).map(([key, item]) => [key, textOf(item)]);

/** The same of the store, in one pipeline; `afterRow` is the last row of the audit that was looked at. */
export const observeStore = async (
  gate: Gate,
  state: ModelState,
  afterRow: string,
): Promise<{ observation: Observation; lastRow: string }> => {
  const { keys } = gate;
  const reads = gate.redis.pipeline();
  const drafts = [...state.drafts.keys()];
  const actions = [...state.actions.keys()];
  const batches = [...state.batches.keys()];
  const counters = [...state.counters.keys()];
  drafts.forEach((id) => reads.hmget(keys.draft(id), 'status', 'digest', 'batchId'));
  actions.forEach((id) =>
    reads.hmget(keys.action(id), 'status', 'reason', 'attemptId', 'attempts', 'reserved', 'persons'),
  );
  batches.forEach((id) => reads.hgetall(keys.batch(id)));
  for (const key of [keys.actionsQueued, keys.actionsSending, keys.actionsUnknown, keys.actionsHeld])
    reads.zrange(key, '0', '-1');
  ledgers.forEach((ledger) => reads.hgetall(keys.inFlight(ledger)));
  ledgers.forEach((ledger) => reads.hkeys(keys.contacts(ledger)));
  motions.forEach((motion) => reads.hgetall(keys.personDrafts(motion)));
  reads.hkeys(keys.suppressions);
  reads.hkeys(keys.exclusions);
  reads.hget(keys.halt, 'active');
  counters.forEach((key) => reads.get(key));
  reads.xrange(keys.audit, afterRow === '' ? '-' : `(${afterRow}`, '+');
  const replies = ((await reads.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
  let at = 0;
  const next = (): unknown => replies[at++];
  const rowsOf = (reply: unknown): { id: string; text: string }[] =>
    (Array.isArray(reply) ? reply : []).map((entry: unknown) => {
      const [id, fields] = Array.isArray(entry) ? (entry as unknown[]) : [];
      const flat = textsOf(fields);
      const field = (name: string): string => {
        for (let place = 0; place + 1 < flat.length; place += 2)
          if (flat[place] === name) return flat[place + 1] ?? '';
        return '';
      };
      return { id: textOf(id), text: ['kind', 'ref', 'code', 'to'].map(field).join('|') };
    });

  const observation: string[] = [];
  for (const id of drafts) {
    const [status = '', digest = '', batchId = ''] = textsOf(next());
    observation.push(`${id}: ${status} ${digest} ${batchId}`);
  }
  for (const id of actions) {
    const [status = '', reason = '', attemptId = '', attempts = '', reserved = '', persons = ''] =
      textsOf(next());
    observation.push(
      `${id}: ${status} ${reason} ${attemptId} ${attempts} ${reserved === '{}' || reserved === '' ? '[]' : reserved} ${persons === '{}' || persons === '' ? '[]' : persons}`,
    );
  }
  for (const id of batches) {
    const fields = pairsOf(next());
    const field = new Map(fields);
    const counts = fields.flatMap(([name, count]) =>
      name.startsWith('n:') && count !== '0' ? [`${name.slice(2)}=${count}`] : [],
    );
    observation.push(`${id}: ${field.get('status') ?? ''} ${field.get('fence') ?? '0'} ${listOf(counts)}`);
  }
  for (const name of ['queued', 'sending', 'unknown', 'held'])
    observation.push(`${name}: ${listOf(textsOf(next()))}`);
  for (const ledger of ledgers)
    observation.push(
      `in flight ${ledger}: ${listOf(pairsOf(next()).map(([key, value]) => `${key}=${value}`))}`,
    );
  for (const ledger of ledgers) observation.push(`contacts ${ledger}: ${listOf(textsOf(next()))}`);
  for (const motion of motions)
    observation.push(
      `drafts of people ${motion}: ${listOf(pairsOf(next()).map(([key, value]) => `${key}=${value}`))}`,
    );
  observation.push(`suppressed: ${listOf(textsOf(next()))}`);
  observation.push(`excluded: ${listOf(textsOf(next()))}`);
  observation.push(`halted: ${textOf(next()) === '1' ? '1' : '0'}`);
  const counted = counters.flatMap((key) => {
    const count = textOf(next());
    return count === '' || count === '0' ? [] : [`${key}=${count}`];
  });
  observation.push(`counted: ${listOf(counted)}`);
  const rows = rowsOf(next());
  observation.push(`audit: ${rows.map(({ text }) => text).join(', ')}`);
  return { observation, lastRow: rows.at(-1)?.id ?? afterRow };
};
