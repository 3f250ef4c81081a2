// Risk: a text written for last month is approved today, or a draft that somebody decided on disappears.
import { type Draft, draftStatusSchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createExpireDrafts } from './expire-drafts.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterAll(() => benches.close());

const expire = () =>
  createExpireDrafts({
    drafts: bench.drafts,
    rules: bench.rules,
    pseudonym: benches.pseudonym,
    logger: bench.log.logger,
  })();
const days = 86_400_000;
/** Makes every draft older, as the store's clock will when time goes by. */
const pass = async (milliseconds: number): Promise<void> => {
  for (const status of draftStatusSchema.options) {
    const key = bench.keys.draftsByStatus(status);
    for (const id of await bench.redis.zrange(key, '0', '-1'))
      await bench.redis.zincrby(key, -milliseconds, id);
  }
};
const statusOf = async ({ draftId }: Draft) => (await bench.draftOf(draftId)).status;
const parkedDraft = async (): Promise<Draft> => {
  const answer = await bench.submit({ ...(await benches.submissionOf(benches.leadOf())), body: ' ' });
  return bench.draftOf(answer.draftId);
};

test('what nobody decided on within the policy’s days expires, whichever pile it lies on', async () => {
  const waiting = [await bench.pendingDraft(), await parkedDraft(), await bench.approvedDraft()];
  await pass(29.99 * days);
  expect(await expire()).toBe(0);
  await pass(0.02 * days);
  expect(await expire()).toBe(3);
  for (const draft of waiting) expect(await statusOf(draft)).toBe('expired');
  expect(await expire()).toBe(0);
  expect((await bench.auditRows()).filter(({ kind }) => kind === 'draft.expire')).toMatchObject([
    { code: 'draft_expired', actor: 'gatekeeper' },
    { code: 'draft_expired' },
    { code: 'draft_expired' },
  ]);
});

test('an expired draft frees its person and is remembered against nobody', async () => {
  const lead = benches.leadOf();
  const draft = await bench.pendingDraft(lead);
  await pass(31 * days);
  await expire();
  expect(await bench.submit(await benches.submissionOf(lead))).toMatchObject({ outcome: 'accepted' });
  expect(
    await bench.drafts.rejectedFingerprints(benches.pseudonym(draft.message.recipientKey), 86_400_000),
  ).toEqual([]);
});

test('what is in a batch, was rejected or withdrawn stays as it is', async () => {
  const batched = await bench.approvedDraft();
  await bench.freeze();
  const rejected = await bench.pendingDraft();
  await bench.reviewDraft.reject({
    ...bench.by,
    draftId: rejected.draftId,
    tag: 'other',
    reason: 'not this one, thanks',
  });
  await pass(400 * days);
  expect(await expire()).toBe(0);
  expect([await statusOf(batched), await statusOf(rejected)]).toEqual(['batched', 'rejected']);
});

test('more than one page of them expire at once', async () => {
  for (let number = 0; number < 205; number += 1) await bench.pendingDraft();
  await pass(31 * days);
  expect(await expire()).toBe(205);
});

test('one that cannot be read is named in the log and keeps no other waiting', async () => {
  const broken = await bench.pendingDraft();
  await bench.pendingDraft();
  await bench.redis.hset(bench.keys.draft(broken.draftId), 'record', 'no record');
  await pass(31 * days);
  expect(await expire()).toBe(1);
  expect(bench.log.lines()).toContainEqual(
    expect.objectContaining({ level: 'error', draftId: broken.draftId }),
  );
});

test('one that is only left in the list is not counted, and keeps no other waiting', async () => {
  const gone = await bench.pendingDraft();
  await bench.pendingDraft();
  await bench.redis.del(bench.keys.draft(gone.draftId));
  await pass(31 * days);
  expect(await expire()).toBe(1);
  expect(await expire()).toBe(0);
});

test('a process whose clock runs ahead expires nothing', async () => {
  const draft = await bench.pendingDraft();
  bench.advance(400 * days);
  expect(await expire()).toBe(0);
  expect(await statusOf(draft)).toBe('pending');
});

test('one past its days is neither approved, edited, recalled nor frozen, though nobody marked it yet', async () => {
  const [pending, approved] = [await bench.pendingDraft(), await bench.approvedDraft()];
  await pass(bench.rules.policy.draft.expiryDays * days - 60_000);
  const by = ({ draftId, contentDigest }: Draft) => ({ ...bench.by, draftId, contentDigest });
  const { subject, body } = pending.message;
  const gone = { outcome: 'state_conflict', status: 'expired' };
  const early = await bench.drafts.change({
    ...{
      ...by(pending),
      motion: pending.message.motion,
      command: 'approve',
      expectedDigest: 'x',
      fields: {},
    },
    ...{ rejectedFingerprint: null, rejectionMemorySeconds: 1, pseudonym: 'p', reason: '' },
    ageMaxMs: bench.rules.policy.draft.expiryDays * days,
  });
  expect(early.result).toBe('stale_digest');
  await pass(120_000);
  expect(await bench.reviewDraft.approve(by(pending))).toEqual(gone);
  expect(await bench.reviewDraft.edit({ ...by(pending), subject, body })).toEqual(gone);
  expect(await bench.reviewDraft.recall({ ...by(approved), reason: 'second thoughts' })).toEqual(gone);
  const createdAt = Date.parse(approved.createdAt) - bench.rules.policy.draft.expiryDays * days - 60_000;
  await bench.redis.hset(bench.keys.draft(approved.draftId), 'createdAt', String(createdAt));
  for (const draftIds of [null, [approved.draftId]])
    expect(
      await bench.freezeBatch.freeze({ ...bench.by, motion: 'outbound', draftIds, limit: null }),
    ).toMatchObject({
      outcome: 'empty_scope',
      leftOut: [{ draftId: approved.draftId, reason: 'status_expired' }],
    });
  expect([await statusOf(pending), await statusOf(approved)]).toEqual(['pending', 'approved']);
});
