import { type AuditVerdict, auditCheckSchema } from '@caio/contracts';
import { z } from 'zod';
import type { AuditRow, Evidence, LedgerAction, LedgerBatch } from './evidence.ts';
import type { World } from './world.ts';

const listSchema = z.array(z.string());
const leadsSchema = z.object({
  items: z.array(z.object({ id: z.string(), payload: z.record(z.string(), z.unknown()) })),
  next_starting_after: z.string().optional(),
});

const numberOf = (text: string | undefined): number => Number(text ?? 0);

const readActions = async ({ store, keys }: World, batchIds: readonly string[]): Promise<LedgerAction[]> => {
  const actions: LedgerAction[] = [];
  for (const batchId of batchIds) {
    for (const actionId of await store.redis.zrange(keys.batchActions(batchId), '0', '-1')) {
      const hash = await store.redis.hgetall(keys.action(actionId));
      actions.push({
        ...{ actionId, batchId, draftId: hash['draftId'] ?? '', status: hash['status'] ?? '' },
        ...{ reason: hash['reason'] ?? '', attempts: numberOf(hash['attempts']), owner: hash['owner'] ?? '' },
        admittedAtMs: numberOf(hash['admittedAt']),
        reserved: listSchema.parse(JSON.parse(hash['reserved'] ?? '[]')),
      });
    }
  }
  return actions;
};

const readBatches = async ({ store, keys }: World, batchIds: readonly string[]): Promise<LedgerBatch[]> => {
  const batches: LedgerBatch[] = [];
  for (const batchId of batchIds) {
    const hash = await store.redis.hgetall(keys.batch(batchId));
    const counts = Object.entries(hash).filter(([name]) => name.startsWith('n:'));
    batches.push({
      ...{ batchId, status: hash['status'] ?? '' },
      counts: Object.fromEntries(counts.map(([name, value]) => [name.slice(2), Number(value)])),
    });
  }
  return batches;
};

const readCounters = async ({ store, keys }: World): Promise<Record<string, number>> => {
  const names = await store.redis.keys(`${keys.sent('sandbox').replaceAll(/[{}[\]*?]/g, '?')}:*`);
  const counters: Record<string, number> = {};
  for (const name of names) counters[name] = Number(await store.redis.get(name));
  return counters;
};

const readAudit = async ({ store, keys }: World): Promise<AuditRow[]> =>
  (await store.redis.xrange(keys.audit, '-', '+')).map(([id, fields]) => {
    const row: Record<string, string> = {};
    for (let at = 0; at + 1 < fields.length; at += 2) row[fields[at] ?? ''] = fields[at + 1] ?? '';
    const { kind = '', ref = '', batch = '', from = '', to = '', code = '', cid = '' } = row;
    return { id, atMs: numberOf(row['at']), kind, ref, batch, from, to, code, cid };
  });

/** The provider's own word, by its own door. */
const readShown = async ({ simulator, secrets }: World): Promise<Set<string>> => {
  const shown = new Set<string>();
  for (let after: string | undefined; ;) {
    const answer = await fetch(`${simulator.url}/api/v2/leads/list`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.sandboxApiKey}` },
      body: JSON.stringify({ limit: 100, ...(after === undefined ? {} : { starting_after: after }) }),
    });
    const page = leadsSchema.parse(await answer.json());
    for (const { payload } of page.items) {
      const actionId = payload['actionId'];
      if (typeof actionId === 'string') shown.add(actionId);
    }
    after = page.next_starting_after;
    if (after === undefined) return shown;
  }
};

/** One process compares the whole chain, and with the heads it published itself. */
export const verifyAudit = async ({ ask }: World): Promise<AuditVerdict> => {
  for (let cursor = ''; ;) {
    const answer = await ask(
      'GET',
      `/api/audit/verify${cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`}`,
    );
    const check = auditCheckSchema.parse(answer.body);
    if (check.state === 'checked') return check;
    cursor = check.cursor;
  }
};

type Read = Pick<
  Evidence,
  'actions' | 'batches' | 'counters' | 'personsInFlight' | 'open' | 'audit' | 'shownByProvider' | 'handOvers'
>;

/** Everything the store and the provider hold at this moment. */
export const readEverything = async (world: World, batchIds: readonly string[]): Promise<Read> => {
  const { store, keys, simulator } = world;
  const [queued, sending, unknown] = await Promise.all([
    store.redis.zcard(keys.actionsQueued),
    store.redis.zcard(keys.actionsSending),
    store.redis.zcard(keys.actionsUnknown),
  ]);
  return {
    actions: await readActions(world, batchIds),
    batches: await readBatches(world, batchIds),
    counters: await readCounters(world),
    personsInFlight: await store.redis.hgetall(keys.inFlight('sandbox')),
    open: { queued, sending, unknown },
    audit: await readAudit(world),
    shownByProvider: await readShown(world),
    handOvers: [...simulator.log()],
  };
};
