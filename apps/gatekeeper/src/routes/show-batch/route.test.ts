// Risk: what is shown of a batch is not what would leave, or is not all of it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
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

const path = (batchId: string, part = ''): string => `/api/batches/${batchId}${part}`;

test('the preview shows every message as it would leave, page by page, with its digest', async () => {
  const { batchId, preview } = await bench.approvedBatch(3);
  const shown: { actionId: string; contentDigest: string }[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const answer = await http.get(path(batchId, `/preview?limit=2&cursor=${cursor}`));
    expect(answer.status).toBe(200);
    shown.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  }
  expect(shown.map(({ actionId, contentDigest }) => [actionId, contentDigest])).toEqual(
    preview.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]),
  );
  const [first] = await bench.actions.readMany([shown[0]?.actionId ?? '']);
  expect(shown[0]).toMatchObject({ message: JSON.parse(first?.bytes ?? ''), email: first?.email });
});

test('the receipts show what is stored, page by page', async () => {
  const { batchId, jobs } = await bench.executing(3);
  const [job] = jobs;
  if (job === undefined) throw new Error('three jobs');
  await bench.dispatch(job);
  const first = await http.get(path(batchId, '/receipts?limit=2'));
  const second = await http.get(path(batchId, `/receipts?limit=2&cursor=${String(first.body.nextCursor)}`));
  expect(second.body.nextCursor).toBeNull();
  expect(
    [...first.body.receipts, ...second.body.receipts].map(({ outcome }: { outcome: string }) => outcome),
  ).toEqual(['handed_over', 'queued', 'queued']);
  expect(first.body.batch).toMatchObject({ status: 'executing', counts: { handed_over: 1, queued: 2 } });
});

test.each(['/preview', '/receipts'])(
  '%s with a cursor that is none is 400, never the first page',
  async (part) => {
    const { batchId } = await bench.approvedBatch(1);
    for (const cursor of ['abc|-1|[]|0', '-1', '1x', '1e1']) {
      const answer = await http.get(path(batchId, `${part}?cursor=${encodeURIComponent(cursor)}`));
      expect([cursor, answer.status, codeOf(answer)]).toEqual([cursor, 400, 'bad_request']);
    }
  },
);

test('batches are listed newest first and shown alone', async () => {
  expect((await http.get('/api/batches')).body).toEqual({ batches: [] });
  const { batchId } = await bench.approvedBatch(1);
  const { batchId: newer } = await bench.approvedBatch(1);
  await bench.redis.zadd(bench.keys.batches, 1, batchId);
  const listed = await http.get('/api/batches?limit=1');
  expect(listed.body.batches).toMatchObject([{ batchId: newer }]);
  expect((await http.get(path(batchId))).body).toMatchObject({ batch: { batchId, status: 'approved' } });
});

test.each(['', '/preview', '/receipts'])('of an unknown batch%s is 404, of no id 400', async (part) => {
  const unknown = await http.get(path('bat_01TE0000000000000000000000', part));
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'not_found']);
  expect(codeOf(await http.get(path('bat_1', part)))).toBe('bad_request');
});

test.each(['limit=0', 'limit=501', 'limit=x'])('a page of %s is 400 naming it', async (query) => {
  const { batchId } = await bench.approvedBatch(1);
  for (const part of ['/preview', '/receipts']) {
    const answer = await http.get(path(batchId, `${part}?${query}`));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain('limit');
  }
});

describe('a batch that was damaged in the store is refused by name, never shown as a smaller one', () => {
  const damaged = async (arrange: (actionKey: string) => Promise<unknown>, parts: readonly string[]) => {
    const { batchId, preview } = await bench.approvedBatch(2);
    const actionId = preview.actions[1]?.actionId ?? '';
    await arrange(bench.keys.action(actionId));
    for (const part of parts) {
      const answer = await http.get(path(batchId, part));
      expect([answer.status, codeOf(answer)]).toEqual([409, 'record_damaged']);
      expect(answer.body.error).toMatchObject({
        message: expect.stringContaining('cannot be read'),
        fix: expect.stringMatching(/revoke.*audit verify/),
        details: { batchId, count: 1, actionIds: [actionId] },
      });
      expect(bench.log.lines()).toContainEqual(expect.objectContaining({ actionIds: [actionId] }));
    }
  };

  test('an action that is gone', () => damaged((key) => bench.redis.del(key), ['/preview', '/receipts']));
  test.each(['{"half', '{}', ''])('a text that is %p', (bytes) =>
    damaged((key) => bench.redis.hset(key, { bytes }), ['/preview']),
  );
});
