// Risk: a LinkedIn message takes a way around the gate, eats the mail's caps, or reaches somebody it must not.
import type { DispatchActionJob, Lead } from '@caio/contracts';
import { buildPolicy } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  type BenchOptions,
  type GateBench,
  type GateBenches,
  openGateBenches,
} from '../testing/gate-bench.ts';
import { type HeyreachWorkbench, openHeyreachWorkbench } from '../testing/heyreach-workbench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
let heyreach: HeyreachWorkbench;
let bench: GateBench;
let people = 0;
beforeAll(async () => {
  benches = await openGateBenches();
  heyreach = await openHeyreachWorkbench(41);
});
afterEach(() => heyreach.clear());
afterAll(async () => {
  await heyreach.close();
  await benches.close();
});

const open = async (policy: BenchOptions['policy'] = {}): Promise<void> => {
  const linkedin = heyreach.startAdapter({ monotonicMs: () => performance.now() });
  bench = await benches.createBench({ policy, linkedin, provider: createScriptedProvider().adapter });
};
/** Somebody with a profile and an address. */
const both = (): Lead => {
  people += 1;
  return benches.leadOf({ linkedinUrl: `https://www.linkedin.com/in/ada-holm-${people}` });
};
/** Somebody with a profile alone. */
const profiled = (): Lead => ({ ...both(), email: null, emailStatus: 'unknown' });
const approved = (lead = profiled()) => bench.approvedDraft(lead, { channel: 'linkedin', subject: '' });
const executing = async (): Promise<DispatchActionJob[]> => {
  const { frozen } = await bench.freeze();
  await bench.approveBatch(frozen.batchId, frozen.previewHash);
  await bench.executeBatch({ ...bench.by, batchId: frozen.batchId });
  return bench.actions.takeDue(100, 60_000);
};
const outcomesOf = async (jobs: readonly DispatchActionJob[]): Promise<string[]> => {
  for (const job of jobs) await bench.dispatch(job);
  const receipts = await bench.actions.receipts(jobs.map(({ actionId }) => actionId));
  return receipts.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim());
};
const linkedinCaps = (caps: Partial<ReturnType<typeof buildPolicy>['caps']['linkedin']>) => {
  const { email, linkedin } = buildPolicy().caps;
  return { caps: { email, linkedin: { ...linkedin, ...caps } } };
};

test('from an agent’s draft to the receipt: reviewed, frozen, approved, executed, on the list with its own words', async () => {
  await open();
  const draft = await approved();
  const { frozen } = await bench.freeze();
  expect(frozen.preview.actions).toMatchObject([
    {
      channel: 'linkedin',
      route: 'cold_linkedin',
      recipientKey: draft.message.recipientKey,
      contentDigest: draft.contentDigest,
    },
  ]);
  await bench.approveBatch(frozen.batchId, frozen.previewHash);
  await bench.executeBatch({ ...bench.by, batchId: frozen.batchId });
  const [job] = await bench.actions.takeDue(1, 60_000);
  if (job === undefined) throw new Error('an executing batch has a job');
  await bench.dispatch(job);
  const list = heyreach.listOf(frozen.batchId);
  const [held] = [...list.leads.values()];
  expect(await bench.receiptOf(job.actionId)).toMatchObject({
    ...{ channel: 'linkedin', provider: 'heyreach', mode: 'sandbox', outcome: 'handed_over' },
    email: draft.message.recipient.linkedinUrl,
    contentDigest: draft.contentDigest,
    proof: expect.stringContaining(`list ${list.id}`),
  });
  expect(held?.lead.customFields).toContainEqual({ name: 'body', value: draft.message.body });
  expect(heyreach.simulator.mailed()).toEqual([]);
});

test('goes only to the tiers of its own channel, whatever mail may go to', async () => {
  await open({ tiersAllowed: { email: ['tier_1', 'tier_2', 'tier_3'], linkedin: ['tier_2'] } });
  const draft = await approved();
  const mail = await bench.approvedDraft();
  const { frozen } = await bench.freeze();
  expect(frozen.included.map(({ draftId }) => draftId)).toEqual([mail.draftId]);
  expect(frozen.leftOut).toEqual([
    {
      draftId: draft.draftId,
      email: draft.message.recipient.linkedinUrl,
      reason: 'tier_not_allowed',
    },
  ]);
});

test('no policy may let it go to tier 3', () => {
  const tiersAllowed = {
    email: ['tier_1' as const],
    linkedin: ['tier_1', 'tier_3'] as ('tier_1' | 'tier_2')[],
  };
  expect(() => buildPolicy({ tiersAllowed })).toThrow(/tiersAllowed/);
});

test('its five a day are its own: the sixth waits for tomorrow and mail goes on', async () => {
  await open(linkedinCaps({ perDay: 5 }));
  for (let count = 0; count < 6; count += 1) await approved();
  await bench.approvedDraft();
  const jobs = await executing();
  const outcomes = await outcomesOf(jobs);
  expect(outcomes.filter((one) => one === 'queued cap_day')).toHaveLength(1);
  expect(outcomes.filter((one) => one === 'handed_over')).toHaveLength(6);
  expect(heyreach.simulator.log()).toHaveLength(5);
});

test('people without an address share no domain, so one does not use up another’s cap', async () => {
  await open(linkedinCaps({ perDomainPerDay: 1 }));
  await approved();
  await approved();
  expect(await outcomesOf(await executing())).toEqual(['handed_over', 'handed_over']);
});

test.each([
  ['under the profile', (lead: Lead) => `linkedin:${lead.linkedinUrl?.split('/').at(-1) ?? ''}`],
  ['under the address', (lead: Lead) => `email:${lead.email ?? ''}`],
])('who opted out %s after the approval gets nothing', async (_, keyOf) => {
  await open();
  const lead = both();
  await approved(lead);
  const jobs = await executing();
  const suppressed = benches.pseudonym(keyOf(lead));
  await bench.redis.hset(bench.keys.suppressions, suppressed, JSON.stringify({ reason: 'unsubscribed' }));
  expect(await outcomesOf(jobs)).toEqual(['blocked suppressed']);
  expect(heyreach.simulator.log()).toEqual([]);
});

test('who is being written to by mail is not written to over LinkedIn at the same time', async () => {
  await open();
  const lead = both();
  await approved(lead);
  const jobs = await executing();
  await bench.redis.hset(bench.keys.inFlight('sandbox'), `email:${lead.email ?? ''}`, 'act_of_a_mail');
  expect(await outcomesOf(jobs)).toEqual(['blocked person_in_flight']);
});

test('an edit of the text keeps it without a subject, and a subject put in parks it', async () => {
  await open();
  const draft = await bench.pendingDraft(profiled(), { channel: 'linkedin', subject: '' });
  const edit = (from: typeof draft, subject: string) =>
    bench.reviewDraft.edit({
      ...{ ...bench.by, draftId: from.draftId, contentDigest: from.contentDigest },
      ...{ subject, body: `${from.message.body} ` },
    });
  const edited = await edit(draft, '');
  expect(edited).toMatchObject({ outcome: 'done', draft: { status: 'pending', message: { subject: '' } } });
  const parked = await edit(await bench.draftOf(draft.draftId), 'A subject');
  expect(parked).toMatchObject({ outcome: 'done', draft: { status: 'parked' } });
});
