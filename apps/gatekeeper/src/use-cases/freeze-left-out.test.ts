// Risk: a batch holds somebody it must not, or drops people without saying so.
import type { Draft, DraftSubmission, Lead, LeftOut } from '@caio/contracts';
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
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import type { FreezeRequest } from './freeze-batch.ts';

let benches: GateBenches;
let bench: GateBench;
const createBench = (options: BenchOptions = {}): Promise<GateBench> =>
  benches.createBench({ provider: createScriptedProvider().adapter, ...options });
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await createBench();
});
afterAll(() => benches.close());

const request = (part: Partial<FreezeRequest> = {}): FreezeRequest => ({
  ...{ actor: 'operator', correlationId: 'correlation-1', motion: 'outbound', draftIds: null, limit: null },
  ...part,
});
const freeze = async (part: Partial<FreezeRequest> = {}) => {
  const outcome = await bench.freezeBatch.freeze(request(part));
  if (outcome.outcome !== 'frozen') throw new Error(`the freeze came to ${JSON.stringify(outcome)}`);
  return outcome;
};
const leftOut = async (part: Partial<FreezeRequest> = {}): Promise<LeftOut[]> => {
  const outcome = await bench.freezeBatch.preview(request(part));
  if (outcome.outcome === 'empty_scope') return outcome.leftOut;
  if (outcome.outcome !== 'previewed') throw new Error(outcome.outcome);
  return outcome.frozen.leftOut;
};
/** A draft that no rule of the intake would let through, as a store may hold it from before. */
const approvedAnyway = async (submission: DraftSubmission): Promise<Draft> => {
  const draft = await bench.draftOf((await bench.submit(submission)).draftId);
  await bench.redis.zrem(bench.keys.draftsByStatus(draft.status), draft.draftId);
  await bench.redis.zadd(bench.keys.draftsByStatus('approved'), 1, draft.draftId);
  await bench.redis.hset(bench.keys.draft(draft.draftId), 'status', 'approved');
  return draft;
};
const revivalOf = async (lead: Lead): Promise<Draft> =>
  approvedAnyway(await benches.submissionOf(lead, { motion: 'revival' }));

describe('left out with its reason', () => {
  const alone = async (draft: Draft, part: Partial<FreezeRequest> = {}) =>
    expect(await leftOut(part)).toEqual([
      { draftId: draft.draftId, email: draft.message.recipient.email, reason: expect.any(String) },
    ]);
  const reasonOf = async (part: Partial<FreezeRequest> = {}) =>
    (await leftOut(part)).map(({ reason }) => reason);

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
    const revived = await revivalOf(benches.leadOf({ linkedinUrl }));
    // Two motions may each have a draft; made one here.
    const key = bench.keys.draft(revived.draftId);
    const message = { ...revived.message, motion: 'outbound' as const };
    await bench.redis.hset(key, { bytes: messageBytes(message), digest: sha256Hex(messageBytes(message)) });
    expect(await leftOut()).toEqual([
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
        await approvedAnyway({ ...submission, lead, ...text, claims: [] });
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
    const { batch } = await freeze();
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
    const { batch, frozen } = await freeze({ limit: 3 });
    expect(frozen.preview.actions.length + batch.leftOut.length).toBe(6);
    expect(batch.leftOut.map(({ reason }) => reason).sort()).toEqual([
      'batch_full',
      'excluded',
      'suppressed',
    ]);
  });
});
