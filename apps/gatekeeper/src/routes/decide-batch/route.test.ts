// Risk: a batch is approved by whoever the body says, or with a hash that nobody was shown.
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

const frozen = async () => {
  await bench.approvedDrafts(1);
  return (await bench.freeze()).frozen;
};
const path = (batchId: string, verb: string): string => `/api/batches/${batchId}/${verb}`;
const bodyOf = (verb: string, previewHash: string): object =>
  verb === 'approve' ? { previewHash } : { reason: 'not this month' };
const verbs = ['approve', 'reject', 'revoke'] as const;

test('the approver is who holds the credential', async () => {
  const { batchId, previewHash } = await frozen();
  const answer = await http.post(path(batchId, 'approve'), { previewHash }, { user: 'the-approver' });
  expect(answer.status).toBe(200);
  expect(answer.body.batch).toMatchObject({ status: 'approved', approvedBy: 'the-approver' });
  expect(await bench.executeBatch({ ...bench.by, batchId })).toMatchObject({ outcome: 'claimed' });
});

test.each(['approvedBy', 'approver', 'actor', 'user'])(
  'a body that names the approver (%s) is 400, and nothing is approved',
  async (field) => {
    const { batchId, previewHash } = await frozen();
    const answer = await http.post(path(batchId, 'approve'), { previewHash, [field]: 'ceo' });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain('not known');
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending', approvedBy: null });
  },
);

test.each(verbs)('%s of an unknown batch is 404, of no id 400', async (verb) => {
  const unknown = await http.post(path('bat_01TE0000000000000000000000', verb), bodyOf(verb, 'd'.repeat(64)));
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'not_found']);
  expect(codeOf(await http.post(path('bat_1', verb), bodyOf(verb, 'd'.repeat(64))))).toBe('bad_request');
});

test.each([
  ['approve', 'rejected'],
  ['reject', 'rejected'],
  ['revoke', 'pending'],
] as const)('%s of a batch that is %s is 409 with its state', async (verb, status) => {
  const { batchId, previewHash } = await frozen();
  if (status === 'rejected') await http.post(path(batchId, 'reject'), { reason: 'not this month' });
  const answer = await http.post(path(batchId, verb), bodyOf(verb, previewHash));
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error).toMatchObject({
    message: expect.stringContaining(status),
    details: { status, by: expect.any(String), at: expect.stringMatching(/Z$/) },
  });
});

test('another hash is 409 with the one the batch has', async () => {
  const { batchId, previewHash } = await frozen();
  const answer = await http.post(path(batchId, 'approve'), { previewHash: 'd'.repeat(64) });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'hash_mismatch']);
  expect(answer.body.error.details).toEqual({ previewHash });
});

test('past the expiry an approval is 409 by name and the batch is expired', async () => {
  const { batchId, previewHash } = await frozen();
  await bench.redis.hset(bench.keys.batch(batchId), 'expiresAtMs', '1');
  const answer = await http.post(path(batchId, 'approve'), { previewHash });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'batch_expired']);
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'expired' });
});

test.each([
  ['reject', 'rejected'],
  ['revoke', 'revoked'],
] as const)('%s keeps who and why, and the drafts wait again', async (verb, status) => {
  const { batchId, previewHash } = await frozen();
  if (verb === 'revoke') await http.post(path(batchId, 'approve'), { previewHash });
  const answer = await http.post(path(batchId, verb), { reason: ' not this month ' });
  expect(answer.body.batch).toMatchObject({ status, closedBy: userName, closedReason: 'not this month' });
  expect(await bench.drafts.counts()).toMatchObject({ approved: 1, batched: 0 });
});

describe('a body that does not fit', () => {
  test.each<[string, unknown, string]>([
    ['approve', {}, 'previewHash'],
    ['approve', { previewHash: 'short' }, 'previewHash'],
    ['reject', {}, 'reason'],
    ['reject', { reason: 'x' }, 'reason'],
    ['revoke', { reason: 'x'.repeat(501) }, 'reason'],
    ['revoke', { reason: 'fine', closedBy: 'x' }, 'not known'],
  ])('of %s (%j) is 400 naming %s', async (verb, body, named) => {
    const { batchId } = await frozen();
    const answer = await http.post(path(batchId, verb), body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
  });
});
