// Risk: the former dashboard shows an empty queue that is not empty, hides drafts silently, or changes something by looking.
import { type Draft, pendingEmailsSchema, textOf } from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { complianceChecksOf } from '../../predecessor/email-view.ts';
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

const pendingEmails = async (query = '') => {
  const answer = await http.get(`/api/pending-emails${query}`);
  expect(answer.status).toBe(200);
  return { headers: answer.headers, body: pendingEmailsSchema.parse(answer.body) };
};
const parked = async () => {
  const submission = await routes.benches.submissionOf(routes.benches.leadOf());
  const { draftId } = await bench.submit({ ...submission, body: `Hi {{first_name}},\n\n${submission.body}` });
  return bench.draftOf(draftId);
};

test('each item has the whole text, its digest, and what the smoke gate asks for', async () => {
  const draft = await bench.pendingDraft();
  const { pending_emails: items, count } = (await pendingEmails()).body;
  expect(count).toBe(1);
  expect(items[0]).toMatchObject({
    ...{ email_id: draft.draftId, content_digest: draft.contentDigest, to: draft.message.recipient.email },
    body: textOf(draft.message),
    classifier: {
      target_platform: 'instantly',
      target_platform_reason: 'delivery_mode:sandbox',
      queue_origin: 'agent',
    },
    campaign_ref: { internal_id: 'harbor-pine:outbound' },
    compliance_checks: {
      ...{ unsubscribe_present: true, signature_present: true, footer_present: true },
      normalization_version: bench.rules.copyPackVersion,
    },
  });
});

test('the answer is never kept by a cache, and every poll has its own time', async () => {
  const { headers, body } = await pendingEmails('?_ts=1');
  expect(headers).toMatchObject({
    'cache-control': 'no-store, no-cache, must-revalidate, max-age=0',
    ...{ pragma: 'no-cache', expires: '0' },
  });
  await waitFor(async () => (await pendingEmails('?_ts=2')).body.refreshed_at !== body.refreshed_at, {
    timeoutMs: 5_000,
    describe: 'another time',
  });
});

test('compliance is read from the text: what is missing is said to be missing', async () => {
  const draft = await bench.pendingDraft();
  const view = (message: Partial<Draft['message']>) =>
    complianceChecksOf({ ...draft, message: { ...draft.message, ...message } }, routes.benches.company.pack);
  expect(view({ footer: 'Best' })).toMatchObject({ unsubscribe_present: false, footer_present: false });
  expect(view({ sender: { name: 'Somebody Else', email: 'a@b.example' } })).toMatchObject({
    signature_present: false,
  });
  expect(view({ body: 'No question here.' })).toMatchObject({ cta_present: false });
  expect(view({ body: 'Shall we talk?' })).toMatchObject({ cta_present: true });
});

test('newest first, and what does not fit is counted', async () => {
  const drafts = [await bench.pendingDraft(), await bench.pendingDraft(), await bench.pendingDraft()];
  const { body } = await pendingEmails('?limit=2');
  expect(body.pending_emails.map(({ created_at: at }) => at)).toEqual(
    drafts
      .map(({ createdAt }) => createdAt)
      .sort()
      .reverse()
      .slice(0, 2),
  );
  expect(body).toMatchObject({ count: 2, total_pending: 3, not_shown: 1 });
});

test('parked drafts are counted with their reasons and examples, and shown when asked for', async () => {
  await bench.pendingDraft();
  const draft = await parked();
  const { body } = await pendingEmails();
  expect(body.count).toBe(1);
  const debug = body._shadow_queue_debug;
  expect(debug.excluded_non_actionable_count).toBe(1);
  expect(Object.values(debug.excluded_non_actionable_reasons)).toEqual([1]);
  expect(debug.excluded_non_actionable_examples).toMatchObject([
    {
      email_id: draft.draftId,
      reasons: expect.arrayContaining(Object.keys(debug.excluded_non_actionable_reasons)),
    },
  ]);
  const all = (await pendingEmails('?include_non_dispatchable=true')).body;
  expect(all.pending_emails.map(({ status }) => status)).toEqual(['pending', 'parked']);
  expect(all.pending_emails[1]?.non_dispatchable_reasons).not.toEqual([]);
  expect(all._shadow_queue_debug).toMatchObject({
    ...{ excluded_non_actionable_count: 0, excluded_non_actionable_examples: [] },
  });
});

test('looking changes nothing, however often', async () => {
  await bench.pendingDraft();
  await parked();
  const digest = async (): Promise<string> => {
    const keys = (await bench.redis.keys('*')).sort();
    const dumps = await Promise.all(keys.map((key) => bench.redis.dumpBuffer(key)));
    return JSON.stringify([keys, dumps.map((dump) => dump?.toString('base64'))]);
  };
  const before = await digest();
  for (let poll = 0; poll < 3; poll += 1) await pendingEmails('?include_non_dispatchable=true');
  expect(await digest()).toBe(before);
});

test('a sent one never comes back', async () => {
  const { job } = await bench.executing(1);
  await bench.dispatch(job);
  expect((await pendingEmails('?include_non_dispatchable=true')).body).toMatchObject({
    ...{ pending_emails: [], total_pending: 0 },
  });
});

test('a store that is away is 503, not an empty list', async () => {
  const { bench: lost, http: door } = await routes.create();
  lost.redis.disconnect();
  const answer = await door.get('/api/pending-emails');
  expect([answer.status, codeOf(answer)]).toEqual([503, 'store_unavailable']);
});

test.each(['limit=0', 'limit=501', 'include_non_dispatchable=perhaps'])('%s is 400', async (query) => {
  expect(codeOf(await http.get(`/api/pending-emails?${query}`))).toBe('bad_request');
});
