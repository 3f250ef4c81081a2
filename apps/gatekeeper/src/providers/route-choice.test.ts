// Risk: a first touch leaves by a provider that must not send one, or a message by another than the policy names.
import { policySchema, type Draft, type Policy, type Route } from '@caio/contracts';
import { createFaultPoints } from '@caio/service-kit';
import { createEvidenceStore } from '@caio/state-store';
import { buildPolicy, startProviderSimulator, type ProviderSimulator } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { GatekeeperVariables } from '../config.ts';
import { openGateBenches, type GateBench, type GateBenches } from '../testing/gate-bench.ts';
import { findAtProviders } from '../use-cases/reconcile-unknown.ts';
import { createAdapterChoice } from './adapters.ts';
import { createChannelAdapters } from './channel-adapters.ts';
import { createGhlAdapter } from './ghl.ts';

let benches: GateBenches;
let bench: GateBench;
let simulator: ProviderSimulator;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  simulator = await startProviderSimulator({ smtpPort: 0, apiKey: 'sandbox-key' });
  benches = await openGateBenches();
  bench = await benches.createBench();
});
afterAll(async () => {
  for (const close of new Set(closing)) await close();
  await benches.close();
  await simulator.close();
});

const choiceOf = (providers: Partial<Policy['providers']>, mode: 'sandbox' | 'log-only' = 'sandbox') => {
  const config = {
    ...{ DELIVERY_MODE_EMAIL: mode, DELIVERY_MODE_LINKEDIN: 'log-only', SANDBOX_URL: simulator.url },
    ...{ SANDBOX_API_KEY: 'sandbox-key', SANDBOX_SMTP_URL: simulator.smtpUrl ?? undefined },
  } satisfies Partial<GatekeeperVariables>;
  const { session } = bench;
  const adapters = createChannelAdapters({
    config: config as GatekeeperVariables,
    environment: 'test',
    policy: buildPolicy({ providers: { ...buildPolicy().providers, ...providers } }),
    ...{ session, evidence: createEvidenceStore(session), faults: createFaultPoints([]) },
    ...{ nowMs: Date.now, monotonicMs: () => performance.now() },
  });
  const choice = createAdapterChoice(adapters.routes, adapters.former);
  for (const adapter of choice.all) closing.push(adapter.close);
  return { ...choice, routes: adapters.routes };
};
const chosenBy = (...wanted: Parameters<typeof choiceOf>) => choiceOf(...wanted).routes;

const routes: readonly Route[] = ['cold_email', 'warm_email', 'cold_linkedin'];
const namesOf = (adapters: ReturnType<typeof chosenBy>): (string | null)[] =>
  routes.map(createAdapterChoice(adapters).providerOf);

test('each route gets the provider that the policy names, and nobody who only keeps messages gets another', () => {
  expect(namesOf(chosenBy({}))).toEqual(['instantly', 'instantly', 'log']);
  expect(namesOf(chosenBy({ cold_email: 'smtp', warm_email: 'ghl' }))).toEqual(['smtp', 'ghl', 'log']);
  expect(namesOf(chosenBy({ cold_email: 'smtp', warm_email: 'ghl' }, 'log-only'))).toEqual([
    'log',
    'log',
    'log',
  ]);
  const { cold_email: cold, warm_email: warm } = chosenBy({ cold_email: 'smtp', warm_email: 'smtp' });
  expect(warm).toBe(cold);
});

test('what an earlier policy had held can still be taken back and paused where it is', () => {
  const { adapterOf, all, providerOf } = choiceOf({ cold_email: 'smtp', warm_email: 'ghl' });
  const at = (provider: 'instantly' | 'heyreach', mode: 'sandbox' | 'live' = 'sandbox') =>
    adapterOf({ channel: 'email', mode, provider })?.name ?? null;
  expect([at('instantly'), at('heyreach'), at('instantly', 'live')]).toEqual(['instantly', null, null]);
  expect(all.map(({ name }) => name).sort()).toEqual(['ghl', 'instantly', 'log', 'smtp']);
  expect(routes.map(providerOf)).toEqual(['smtp', 'ghl', 'log']);
});

describe('a first touch does not resolve to GoHighLevel', () => {
  test.each([
    ['cold_email', 'ghl'],
    ['cold_email', 'heyreach'],
    ['warm_email', 'heyreach'],
    ['cold_linkedin', 'instantly'],
  ])('a policy that has %s served by %s is no policy', (route, provider) => {
    const policy = { ...buildPolicy(), providers: { [route]: provider } };
    expect(policySchema.safeParse(policy)).toMatchObject({ success: false });
  });

  test('nor to anybody whose mails cannot be unsubscribed from, whatever a policy says', async () => {
    const ghl = createGhlAdapter({
      ...{ mode: 'sandbox', baseUrl: `${simulator.url}/ghl`, apiKey: 'sandbox-key', locationId: 'simulated' },
      ...{ nowMs: Date.now, monotonicMs: () => performance.now(), timeoutMs: 1_000 },
    });
    closing.push(ghl.close);
    const choice = createAdapterChoice({ cold_email: ghl, warm_email: ghl });
    expect(choice.problems).toEqual([
      expect.stringMatching(/ghl serve cold_email.*no_unsubscribe.*Set another/),
    ]);
    expect([choice.providerOf('cold_email'), choice.providerOf('warm_email')]).toEqual([null, 'ghl']);

    const forbidden = await benches.createBench({ provider: ghl });
    const draft = await forbidden.approvedDraft();
    const request = { ...forbidden.by, motion: 'outbound', draftIds: null, limit: null } as const;
    expect(await forbidden.freezeBatch.freeze(request)).toEqual({
      outcome: 'empty_scope',
      leftOut: [{ draftId: draft.draftId, email: draft.message.recipient.email, reason: 'route_forbidden' }],
    });
  });
});

describe('replies through GoHighLevel', () => {
  test('reach who is known there, refuse who is not, and are found again when the answer was lost', async () => {
    const { warm_email: ghl } = chosenBy({ warm_email: 'ghl' });
    const replying = await benches.createBench({ provider: ghl });
    const { by } = replying;
    const revival = { motion: 'revival' } as const;
    /** Intake parks whoever nothing says that they know us; this one is taken to be known. */
    const known = async (): Promise<Draft> => {
      const answer = await replying.submit(await benches.submissionOf(benches.leadOf(), revival));
      const draft = await replying.draftOf(answer.draftId);
      await replying.redis.hset(replying.keys.draft(draft.draftId), 'status', 'approved');
      return draft;
    };
    const drafts = [await known(), await known(), await known()];
    const emails = drafts.map(({ message }) => message.recipient.email);
    // The last one is known under an address that only looks like theirs.
    simulator.ghl.addContacts(
      emails.map((email, index) => ({ email: index < 2 ? email : email.replace('ada.holm', 'ada_holm') })),
    );
    const frozen = await replying.freezeBatch.freeze({
      ...by,
      ...revival,
      draftIds: drafts.map(({ draftId }) => draftId),
      limit: null,
    });
    if (frozen.outcome !== 'frozen') throw new Error(`the freeze came to ${frozen.outcome}`);
    const { batchId, previewHash } = frozen.frozen;
    await replying.approveBatch(batchId, previewHash);
    await replying.executeBatch({ ...by, batchId });
    const jobs = await replying.actions.takeDue(3, 60_000);
    const lost = emails[1];
    simulator.setFaults([
      {
        endpoint: 'ghl POST /conversations/messages',
        ...(lost === undefined ? {} : { email: lost }),
        effect: { kind: 'cut', when: 'after_acceptance' },
      },
    ]);
    for (const job of jobs) await replying.dispatch(job);
    simulator.setFaults([]);

    const receipts = await replying.actions.receipts(jobs.map(({ actionId }) => actionId));
    const outcomeOf = new Map(receipts.map(({ email, outcome, reason }) => [email, [outcome, reason]]));
    expect(emails.map((email) => outcomeOf.get(email))).toEqual([
      ['left', null],
      ['unknown', 'connection_lost'],
      ['refused', 'contact_unresolved'],
    ]);
    const unknown = receipts.find(({ outcome }) => outcome === 'unknown');
    const action = unknown === undefined ? null : await replying.actions.read(unknown.actionId);
    if (action === null) throw new Error('one is unknown');
    const found = await findAtProviders([action], replying.adapters.adapterOf);
    expect(found.get(action.actionId)?.finding).toMatchObject({
      ...{ state: 'present', contentDigest: action.digest, mailed: true },
    });
  });
});

describe('a batch by a mail server of one’s own', () => {
  test('leaves as it was approved, and a lost last word waits for a person', async () => {
    const { cold_email: smtp } = chosenBy({ cold_email: 'smtp' });
    const sending = await benches.createBench({ provider: smtp });
    const { jobs } = await sending.executing(2);
    const [first, second] = jobs;
    if (first === undefined || second === undefined) throw new Error('there are two');
    await sending.dispatch(first);
    simulator.setFaults([{ endpoint: 'smtp BODY', effect: { kind: 'cut', when: 'after_acceptance' } }]);
    await sending.dispatch(second);
    simulator.setFaults([]);

    const action = await sending.actions.read(first.actionId);
    expect(await sending.receiptOf(first.actionId)).toMatchObject({ outcome: 'left', provider: 'smtp' });
    expect(await sending.receiptOf(second.actionId)).toMatchObject({
      outcome: 'unknown',
      reason: 'connection_lost',
    });
    const raw = simulator.log().filter(({ vendor }) => vendor === 'smtp');
    expect(raw.map(({ actionId }) => actionId).sort()).toEqual([first.actionId, second.actionId].sort());
    const mail = await PostalMime.parse(raw.find(({ actionId }) => actionId === first.actionId)?.raw ?? '');
    expect(JSON.parse(action?.bytes ?? '{}')).toMatchObject({
      subject: mail.subject,
      recipient: { email: mail.to?.[0]?.address },
      sender: { email: mail.from?.address },
    });
  });
});
