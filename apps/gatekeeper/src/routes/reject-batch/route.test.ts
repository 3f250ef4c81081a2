// Risk: a person drops a message and is told something else than what was done, or drops one without the right to.
import { permissionSchema, rejectedBatchSchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

const why = { tag: 'factual_inaccuracy', reason: 'the company was sold two years ago' };
const frozen = async (count: number) => {
  const drafts = await bench.approvedDrafts(count);
  const { frozen: batch } = await bench.freeze();
  const drop = drafts.slice(0, 1).map(({ draftId }) => ({ draftId, ...why }));
  return { drafts, drop, path: `/api/batches/${batch.batchId}/reject`, batchId: batch.batchId };
};

test('in part: what was dropped, and the batch with the others to approve next', async () => {
  const { drafts, drop, path } = await frozen(3);
  const answer = await http.post(path, { reason: 'one is wrong', drop });
  expect(answer.status).toBe(200);
  const { batch, replacement, dropped } = rejectedBatchSchema.parse(answer.body);
  expect(batch).toMatchObject({ status: 'rejected', closedBy: userName });
  expect(dropped).toEqual([{ draftId: drafts[0]?.draftId, status: 'rejected' }]);
  expect(replacement).toMatchObject({ status: 'pending', actionCount: 2, createdBy: userName });
  const again = await http.post(path, { reason: 'one is wrong', drop });
  expect(again.body).toEqual(answer.body);
});

test('as a whole: no replacement, and the drafts wait approved', async () => {
  const { path } = await frozen(2);
  const { body } = await http.post(path, { reason: 'not this month' });
  expect(body).toMatchObject({ batch: { status: 'rejected' }, replacement: null, dropped: [] });
  expect(await bench.drafts.counts()).toMatchObject({ approved: 2, batched: 0 });
});

test('dropping needs the permission of a reviewer, rejecting the whole does not', async () => {
  const { drop, path, batchId } = await frozen(1);
  const permissions = permissionSchema.options.filter((permission) => permission !== 'drafts:review');
  const refused = await http.post(path, { reason: 'one is wrong', drop }, { permissions });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'forbidden']);
  expect(refused.body.error.details).toEqual({ permission: 'drafts:review' });
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
  expect((await http.post(path, { reason: 'not now' }, { permissions })).status).toBe(200);
});

test('a draft of another batch is 400 naming it', async () => {
  const { drop, path } = await frozen(1);
  const stranger = await bench.approvedDraft();
  const answer = await http.post(path, {
    reason: 'one is wrong',
    drop: [...drop, { draftId: stranger.draftId, ...why }],
  });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.details).toEqual({ draftIds: [stranger.draftId] });
});

test('a batch that was approved meanwhile is 409 with its state, who and when', async () => {
  const { drop, path, batchId } = await frozen(1);
  const { previewHash } = (await bench.batches.read(batchId)) ?? { previewHash: '' };
  await http.post(`/api/batches/${batchId}/approve`, { previewHash }, { user: 'rory.vale' });
  const answer = await http.post(path, { reason: 'one is wrong', drop });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error.details).toEqual({
    status: 'approved',
    by: 'rory.vale',
    at: (await bench.batches.read(batchId))?.approvedAt,
  });
});

test('an unknown batch is 404', async () => {
  const { drop } = await frozen(1);
  const answer = await http.post('/api/batches/bat_01TE0000000000000000000000/reject', {
    ...{ reason: 'one is wrong', drop },
  });
  expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
});

describe('a list of drops that cannot be read is 400, and nothing is rejected', () => {
  test.each<[string, (draftId: string) => unknown, string]>([
    ['empty', () => [], 'drop'],
    ['a draft twice', (draftId) => [1, 2].map(() => ({ draftId, ...why })), 'each draft once'],
    ['a short reason', (draftId) => [{ draftId, ...why, reason: 'bad' }], 'at least 20'],
    ['a tag nobody knows', (draftId) => [{ draftId, ...why, tag: 'ugly' }], 'drop.0.tag'],
    ['no id', () => [{ draftId: 'drf_1', ...why }], 'drop.0.draftId'],
  ])('%s', async (_, drop, named) => {
    const { drafts, path, batchId } = await frozen(1);
    const answer = await http.post(path, { reason: 'one is wrong', drop: drop(drafts[0]?.draftId ?? '') });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
  });
});
