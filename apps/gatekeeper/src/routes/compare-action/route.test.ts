// Risk: after a content_mismatch nobody can see what was changed, or a changed text is shown as the approved one.
import { actionComparisonSchema } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sha256Hex } from '../../digest.ts';
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

const compare = (actionId: string) => http.get(`/api/actions/${actionId}/comparison`);
const changed = async (change: (text: string) => string) => {
  const { job } = await bench.executing(1);
  const key = bench.keys.action(job.actionId);
  await bench.redis.hset(key, 'bytes', change((await bench.redis.hget(key, 'bytes')) ?? ''));
  await bench.dispatch(job);
  return job.actionId;
};

test('one word changed in the store: both texts, and that they are not the same', async () => {
  const actionId = await changed((text) => text.replace('Hi Ada', 'Hey Ada'));
  const answer = await compare(actionId);
  expect(answer.status).toBe(200);
  const { receipt, approved, stored, same } = actionComparisonSchema.parse(answer.body);
  expect(receipt).toMatchObject({ outcome: 'blocked', reason: 'content_mismatch' });
  expect(same).toBe(false);
  expect(approved.message.body).toContain('Hi Ada');
  expect(stored.message.body).toContain('Hey Ada');
  for (const { contentDigest, message } of [approved, stored])
    expect(sha256Hex(canonicalJson(message))).toBe(contentDigest);
  expect(approved.contentDigest).toBe(receipt.contentDigest);
});

test('another recipient beside the same text: the seal does not hold', async () => {
  const { job } = await bench.executing(1);
  await bench.redis.hset(bench.keys.action(job.actionId), 'email', 'somebody@else.example');
  await bench.dispatch(job);
  expect((await compare(job.actionId)).body).toMatchObject({
    ...{ same: true, sealHolds: false, receipt: { reason: 'content_mismatch' } },
  });
});

test('an action nobody touched is the same and sealed', async () => {
  const { job } = await bench.executing(1);
  expect((await compare(job.actionId)).body).toMatchObject({ same: true, sealHolds: true });
});

test('where one of the two is not known there is nothing to compare, and it says which', async () => {
  const unreadable = await compare(await changed(() => 'no json'));
  expect([unreadable.status, codeOf(unreadable)]).toEqual([404, 'not_found']);
  expect(unreadable.body.error.details).toEqual({ missing: 'stored' });

  const actionId = await changed((text) => text.replace('Hi Ada', 'Hey Ada'));
  const draftId = (await bench.actions.read(actionId))?.draftId ?? '';
  const key = bench.keys.draft(draftId);
  const bytes = (await bench.redis.hget(key, 'bytes')) ?? '';
  // Whoever changes both to the same words is not believed either.
  await bench.redis.hset(key, 'bytes', bytes.replace('Hi Ada', 'Hey Ada'));
  expect((await compare(actionId)).body.error.details).toEqual({ missing: 'approved' });
});

test('an unknown action is 404', async () => {
  const answer = await compare('act_01TE0000000000000000000000');
  expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
});
