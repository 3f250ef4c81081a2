// Risk: what was sent, blocked or given up is missing from the history of decisions.
import { emailHistorySchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
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

const history = async (query = '') =>
  emailHistorySchema.parse((await http.get(`/api/emails/history${query}`)).body);

test('every end a draft can come to is in it, the newest decision first', async () => {
  const why = { tag: 'other', reason: 'nothing in it is about them' } as const;
  const rejected = await bench.pendingDraft();
  await bench.reviewDraft.reject({ ...bench.by, draftId: rejected.draftId, ...why });
  const withdrawn = await bench.pendingDraft();
  await bench.reviewDraft.withdraw({ ...bench.by, draftId: withdrawn.draftId, reason: 'not needed' });
  const { jobs } = await bench.executing(2);
  const [sent, blocked] = jobs;
  if (sent === undefined || blocked === undefined) throw new Error('two jobs are due');
  await bench.dispatch(sent);
  await bench.redis.hset(bench.keys.action(blocked.actionId), 'bytes', '{}');
  await bench.dispatch(blocked);
  const approved = await bench.approvedDraft();
  await bench.pendingDraft();
  const { emails, count } = await history();
  expect(count).toBe(5);
  expect(emails[0]).toMatchObject({ email_id: approved.draftId, status: 'approved', reviewer: 'operator' });
  expect(emails.map(({ status }) => status).sort()).toEqual([
    'approved',
    'blocked',
    'handed_over',
    'rejected',
    'withdrawn',
  ]);
  expect(emails.find(({ status }) => status === 'blocked')?.status_reason).toBe('content_mismatch');
  expect(emails.find(({ email_id: id }) => id === rejected.draftId)).toMatchObject({
    ...{ rejection_tag: 'other', rejection_reason: why.reason, feedback: why.reason },
    ...{ campaign_ref: { internal_id: 'harbor-pine:outbound' }, classifier: { queue_stage: 'rejected' } },
  });
  const times = emails.map(({ reviewed_at: at }) => at);
  expect([...times].sort().reverse()).toEqual(times);
});

test('an empty one is empty', async () => {
  await bench.pendingDraft();
  expect(await history('?include_non_dispatchable=true')).toEqual({ emails: [], count: 0 });
});

test.each(['limit=0', 'limit=101', 'limit=x'])('%s is 400', async (query) => {
  expect(codeOf(await http.get(`/api/emails/history?${query}`))).toBe('bad_request');
});
