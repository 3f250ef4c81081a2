// Risk: a batch holds somebody it must not, or drops people without saying so.
import type { Draft, Lead } from '@caio/contracts';
import { messageBytes } from '@caio/outreach-core';
import { buildPolicy } from '@caio/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
import {
  type BenchOptions,
  type GateBench,
  type GateBenches,
  openGateBenches,
} from '../testing/gate-bench.ts';
import { createFreezeRequests, type FreezeRequests } from '../testing/freeze-requests.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import type { FreezeRequest } from './freeze-batch.ts';

let benches: GateBenches;
let bench: GateBench;
let requests: FreezeRequests;
const createBench = (options: BenchOptions = {}): Promise<GateBench> =>
  benches.createBench({ provider: createScriptedProvider().adapter, ...options });
beforeAll(async () => {
  benches = await openGateBenches();
  requests = createFreezeRequests(benches, () => bench);
});
beforeEach(async () => {
  bench = await createBench();
});
afterAll(() => benches.close());

describe('left out with its reason', () => {
  const alone = async (draft: Draft, part: Partial<FreezeRequest> = {}) =>
    expect(await requests.leftOut(part)).toEqual([
      { draftId: draft.draftId, email: draft.message.recipient.email, reason: expect.any(String) },
    ]);
  const reasonOf = async (part: Partial<FreezeRequest> = {}) =>
    (await requests.leftOut(part)).map(({ reason }) => reason);

  test('suppressed since the approval, under the folded plus-tag or the profile too', async () => {
    for (const keyOf of [
      ({ companyDomain }: Lead) => `email:ada@${companyDomain ?? ''}`,
      () => 'linkedin:ada-x',
    ]) {
      bench = await createBench();
      const lead = benches.leadOf({ linkedinUrl: 'https://www.linkedin.com/in/ada-x' });
      const draft = await bench.approvedDraft({ ...lead, email: `ada+x@${lead.companyDomain ?? ''}` });
      await bench.redis.hset(bench.keys.suppressions, benches.pseudonym(keyOf(lead)), '{}');
      await alone(draft);
      expect(await reasonOf()).toEqual(['suppressed']);
    }
  });

  test('excluded since the approval, by the domain of the company', async () => {
    const draft = await bench.approvedDraft();
    await bench.redis.hset(bench.keys.exclusions, `domain:${draft.lead.companyDomain ?? ''}`, '{}');
    await alone(draft);
    expect(await reasonOf()).toEqual(['excluded']);
  });

  test('a subject that mail programs show as other words, approved before that was a rule', async () => {
    const submission = await benches.submissionOf(benches.leadOf(), { subject: '=?utf-8?b?RnJlZQ==?=' });
    const draft = await requests.approvedAnyway(submission);
    expect(await requests.leftOut()).toMatchObject([
      { draftId: draft.draftId, reason: 'encoded_header_text' },
    ]);
  });

  test('a route that nobody serves', async () => {
    bench = await benches.createBench();
    await alone(await bench.approvedDraft());
    expect(await reasonOf()).toEqual(['route_forbidden']);
  });

  test('a cold message from a domain kept for people who answered', async () => {
    bench = await createBench({ policy: { nurtureDomains: ['harborpine.example'] } });
    await alone(await bench.approvedDraft());
    expect(await reasonOf()).toEqual(['route_forbidden']);
  });

  test('a tier that the policy, or a running ramp, does not allow', async () => {
    bench = await createBench({ policy: { tiersAllowed: { email: ['tier_2'], linkedin: [] } } });
    await alone(await bench.approvedDraft());
    expect(await reasonOf()).toEqual(['tier_not_allowed']);
    bench = await createBench({
      policy: { ramp: { ...buildPolicy().ramp, enabled: true, tiers: ['tier_2'] } },
    });
    await bench.approvedDraft();
    expect(await reasonOf()).toEqual(['tier_not_allowed']);
  });

  test('a person to whom another message is on its way', async () => {
    const draft = await bench.approvedDraft();
    await bench.redis.hset(bench.keys.inFlight('sandbox'), draft.message.recipientKey, 'act_another');
    await alone(draft);
    expect(await reasonOf()).toEqual(['person_in_flight']);
  });

  test('one person under two addresses', async () => {
    const linkedinUrl = 'https://www.linkedin.com/in/ada-twice';
    await bench.approvedDraft(benches.leadOf({ linkedinUrl }));
    const revived = await requests.revivalOf(benches.leadOf({ linkedinUrl }));
    // Two motions may each have a draft; made one here.
    const key = bench.keys.draft(revived.draftId);
    const message = { ...revived.message, motion: 'outbound' as const };
    await bench.redis.hset(key, { bytes: messageBytes(message), digest: sha256Hex(messageBytes(message)) });
    expect(await requests.leftOut()).toEqual([
      { draftId: revived.draftId, email: revived.message.recipient.email, reason: 'person_twice_in_batch' },
    ]);
  });

  test('the same text to a colleague, by domain or by the name of the company, not to another company', async () => {
    for (const [same, expected] of [
      [{ companyDomain: 'acme.example' }, ['same_text_to_colleague']],
      [{ companyDomain: null, company: 'Acme Staffing' }, ['same_text_to_colleague']],
      [{ companyDomain: null, company: null }, []],
    ] as [Partial<Lead>, string[]][]) {
      bench = await createBench();
      for (const name of ['ada', 'bea']) {
        const lead = benches.leadOf({ company: 'Acme', ...same, email: `${name}@acme.example` });
        const text = { subject: 'A short question', body: 'Hello,\n\na text that names nobody.' };
        // Whether the text keeps every rule is not what this is about.
        const submission = await benches.submissionOf(benches.leadOf());
        await requests.approvedAnyway({ ...submission, lead, ...text, claims: [] });
      }
      expect(await reasonOf()).toEqual(expected);
    }
  });

  test('a stored text that is not what its digest names, without holding up the others', async () => {
    const [one] = await bench.approvedDrafts(2);
    const key = bench.keys.draft(one?.draftId ?? '');
    await bench.redis.hset(
      key,
      'bytes',
      ((await bench.redis.hget(key, 'bytes')) ?? '').replace('Ada', 'Eve'),
    );
    const { batch } = await requests.freeze();
    expect(batch.actionCount).toBe(1);
    expect(batch.leftOut).toMatchObject([{ draftId: one?.draftId, reason: 'content_mismatch' }]);
  });

  test('nobody is lost between the batch and the list', async () => {
    const drafts = await bench.approvedDrafts(6);
    await bench.redis.hset(
      bench.keys.suppressions,
      benches.pseudonym(drafts[1]?.message.recipientKey ?? ''),
      '{}',
    );
    await bench.redis.hset(bench.keys.exclusions, `domain:${drafts[3]?.lead.companyDomain ?? ''}`, '{}');
    const { batch, frozen } = await requests.freeze({ limit: 3 });
    expect(frozen.preview.actions.length + batch.leftOut.length).toBe(6);
    expect(batch.leftOut.map(({ reason }) => reason).sort()).toEqual([
      'batch_full',
      'excluded',
      'suppressed',
    ]);
  });
});
