// Risk: a run goes live by a misspelt word, sends what nobody approved, or piles up batches.
import { operatorReportSchema } from '@caio/contracts';
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

const trigger = (body?: unknown, options = {}) => http.post('/api/operator/trigger', body, options);
const rows = async (): Promise<number> => (await bench.auditRows()).length;

describe('looking', () => {
  test.each([
    ['no body', undefined],
    ['an empty one', {}],
    ['dry_run true', { dry_run: true }],
    ['one motion', { motion: 'outbound' }],
  ])('%s says what would be sent and why not the rest, and stores nothing', async (_, body) => {
    await bench.approvedDrafts(2);
    const before = await rows();
    const answer = await trigger(body);
    expect(answer.status).toBe(200);
    const report = operatorReportSchema.parse(answer.body);
    expect(report).toMatchObject({ dry_run: true, pending_approval: false, batch_id: null, run_id: null });
    expect(report.motions.find(({ motion }) => motion === 'outbound')).toMatchObject({
      ...{ outcome: 'would_send', messages: 2 },
    });
    expect(await rows()).toBe(before);
    expect(await bench.batches.list(10)).toEqual([]);
  });

  test('at nothing says nothing', async () => {
    const { body } = await trigger({ motion: 'outbound' });
    expect(body.motions).toMatchObject([{ outcome: 'nothing', messages: 0 }]);
  });
});

test.each<[string, unknown, string]>([
  ['null', { dry_run: null }, 'dry_run'],
  ['0', { dry_run: 0 }, 'dry_run'],
  ['"false"', { dry_run: 'false' }, 'dry_run'],
  ['a misspelt field', { dryRun: false }, 'not known'],
  ['a motion nobody knows', { motion: 'everything', dry_run: false }, 'one of outbound'],
  ['a list', [false], 'request could not be read'],
])('%s is 400, and nothing is frozen', async (_, body, named) => {
  await bench.approvedDrafts(1);
  const answer = await trigger(body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain(named);
  expect(await bench.batches.list(10)).toEqual([]);
});

describe('live', () => {
  test('freezes once, names the same batch until it is approved, then executes it once', async () => {
    await bench.approvedDrafts(2);
    const first = await trigger({ dry_run: false });
    expect(first.body).toMatchObject({ pending_approval: true, run_id: null, dry_run: false });
    const { batch_id: batchId } = first.body;
    await bench.approvedDrafts(1);
    const second = await trigger({ dry_run: false, motion: 'outbound' });
    expect(second.body).toMatchObject({ pending_approval: true, batch_id: batchId });
    expect(await bench.batches.list(10)).toHaveLength(1);

    const batch = await bench.batches.read(batchId);
    await bench.approveBatch(batchId, batch?.previewHash ?? '');
    const third = await trigger({ dry_run: false, motion: 'outbound' });
    expect(third.body).toMatchObject({ pending_approval: false, batch_id: batchId });
    expect(third.body.run_id).toMatch(/^exe_/);
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'executing' });

    const fourth = await trigger({ dry_run: false, motion: 'outbound' });
    expect(fourth.body.batch_id).not.toBe(batchId);
    expect(fourth.body).toMatchObject({ pending_approval: true });
  });

  test('several at once freeze one batch and start one execution', async () => {
    await bench.approvedDrafts(3);
    await Promise.all(Array.from({ length: 5 }, () => trigger({ dry_run: false, motion: 'outbound' })));
    const [batch, ...more] = await bench.batches.list(10);
    expect(more).toEqual([]);
    await bench.approveBatch(batch?.batchId ?? '', batch?.previewHash ?? '');
    await Promise.all(Array.from({ length: 5 }, () => trigger({ dry_run: false, motion: 'outbound' })));
    expect((await bench.auditRows()).filter(({ kind }) => kind === 'batch.claimed')).toHaveLength(1);
  });

  test('with nothing approved is 409 with what was left out', async () => {
    await bench.pendingDraft();
    const answer = await trigger({ dry_run: false });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'empty_scope']);
  });

  test('an approved batch is not executed without the permission, nor passed over', async () => {
    const { batchId } = await bench.approvedBatch(1);
    await bench.approvedDrafts(1);
    const answer = await trigger({ dry_run: false, motion: 'outbound' }, { permissions: ['batches:freeze'] });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden']);
    expect(answer.body.error.details).toMatchObject({ permission: 'batches:execute', batchId });
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'approved' });
    expect(await bench.batches.list(10)).toHaveLength(1);
  });

  test.each<[number, string, (batchId: string) => Promise<unknown>]>([
    [409, 'halted', () => bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1')],
    [503, 'store_recovering', () => bench.redis.hset(bench.keys.store, 'recovering', '1')],
    [409, 'mode_changed', () => bench.redis.sadd(bench.keys.allowList, 'email:a@b.example')],
    [409, 'hash_mismatch', (id) => bench.redis.hset(bench.keys.batch(id), 'approvedBy', 'ceo')],
  ])('%d %s refuses it by name', async (status, code, arrange) => {
    const { batchId } = await bench.approvedBatch(1);
    await arrange(batchId);
    const answer = await trigger({ dry_run: false, motion: 'outbound' });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'approved' });
  });
});
