// Risk: an execution is answered otherwise than it was started, or started for the wrong reason.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const execute = (batchId: string, options = {}) =>
  http.post(`/api/batches/${batchId}/execute`, undefined, options);

test('the one claim is 202 with the running batch, every other is 409 with its state', async () => {
  const { batchId } = await bench.approvedBatch(2);
  const answers = await Promise.all(Array.from({ length: 10 }, () => execute(batchId)));
  const [claimed, ...more] = answers.filter(({ status }) => status === 202);
  expect(more).toEqual([]);
  expect(claimed?.body).toMatchObject({ batch: { batchId, status: 'executing', fence: 1 } });
  for (const answer of answers.filter(({ status }) => status !== 202)) {
    expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
    expect(answer.body.error.details).toEqual({
      ...{ status: 'executing', by: userName },
      at: expect.stringMatching(/Z$/),
    });
  }
  expect((await bench.auditRows()).filter(({ kind }) => kind === 'batch.claimed')).toMatchObject([
    { actor: userName },
  ]);
});

test('an unknown batch is 404, no id is 400', async () => {
  expect(codeOf(await execute('bat_01TE0000000000000000000000'))).toBe('not_found');
  expect(codeOf(await execute('bat_1'))).toBe('bad_request');
});

test.each<[number, string, (batchId: string) => Promise<unknown>]>([
  [409, 'halted', () => bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1')],
  [409, 'batch_expired', (batchId) => bench.redis.hset(bench.keys.batch(batchId), 'expiresAtMs', '1')],
  [503, 'store_recovering', () => bench.redis.hset(bench.keys.store, 'recovering', '1')],
  [409, 'mode_changed', () => bench.redis.sadd(bench.keys.allowList, 'email:a@b.example')],
  [409, 'hash_mismatch', (batchId) => bench.redis.hset(bench.keys.batch(batchId), 'approvedBy', 'ceo')],
])('%d %s is answered by name, with what to do', async (status, code, arrange) => {
  const { batchId } = await bench.approvedBatch();
  await arrange(batchId);
  const answer = await execute(batchId);
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(answer.body.error.fix).toMatch(/\S/);
  expect(await bench.redis.zcard(bench.keys.actionsQueued)).toBe(0);
});

test.each<[string, (actionKey: string) => Promise<unknown>]>([
  ['is half', (key) => bench.redis.hset(key, { bytes: '{"half' })],
  ['is no message', (key) => bench.redis.hset(key, { bytes: '{}' })],
  ['is gone with its action', (key) => bench.redis.del(key)],
  ['has lost its sender', (key) => bench.redis.hdel(key, 'senderKey')],
])('a batch in which one text %s is 409 record_damaged, and nothing starts', async (_, damage) => {
  const { batchId, preview } = await bench.approvedBatch(2);
  const actionId = preview.actions[1]?.actionId ?? '';
  await damage(bench.keys.action(actionId));
  const answer = await execute(batchId);
  expect([answer.status, codeOf(answer)]).toEqual([409, 'record_damaged']);
  expect(answer.body.error).toMatchObject({
    fix: expect.stringMatching(/revoke/),
    details: { batchId, count: 1, actionIds: [actionId] },
  });
  expect(await bench.redis.zcard(bench.keys.actionsQueued)).toBe(0);
  // What the answer says to do works in this state.
  const revoked = await http.post(`/api/batches/${batchId}/revoke`, { reason: 'damaged' });
  expect(revoked.body).toMatchObject({ batch: { status: 'revoked' } });
});
