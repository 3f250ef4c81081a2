// Risk: a provider that is busy, down or does not know our key costs a person's approvals, or is hammered.
import { type DispatchActionJob, type DispatchOutcome, type Policy, policySchema } from '@caio/contracts';
import { type Fault, startProviderSimulator } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCampaignRegistry } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import { createInstantlyAdapter } from '../providers/instantly.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { patientPolicy } from '../testing/patient-policy.ts';

let benches: GateBenches;
let bench: GateBench;
let simulator: Awaited<ReturnType<typeof startProviderSimulator>>;
let adapter: ProviderAdapter;
beforeAll(async () => {
  benches = await openGateBenches();
  simulator = await startProviderSimulator();
});
beforeEach(async () => {
  const session = await benches.store.openSession();
  adapter = createInstantlyAdapter({
    mode: 'sandbox',
    environment: 'test',
    baseUrl: simulator.url,
    apiKey: 'sandbox',
    registry: createCampaignRegistry(session),
    monotonicMs: () => performance.now(),
    nowMs: () => Date.now(),
    newToken: benches.testIds.ulid,
    pause: () => new Promise((resolve) => void setImmediate(resolve)),
    timeoutMs: 5_000,
    campaignFreshMs: 0,
  });
  bench = await benches.createBench({ session, provider: adapter, policy: patientPolicy() });
});
afterEach(async () => {
  simulator.setFaults([]);
  await adapter.close();
});
afterAll(async () => {
  await simulator.close();
  await benches.close();
});

const offer = async (jobs: readonly DispatchActionJob[]): Promise<void> => {
  for (const job of jobs) await bench.dispatch(job);
};
const receiptsOf = async (jobs: readonly DispatchActionJob[]) =>
  bench.actions.receipts(jobs.map(({ actionId }) => actionId));
const waitOf = (deferredUntil: string | null | undefined): number =>
  Math.round((Date.parse(deferredUntil ?? '') - Date.now()) / 1_000);
const failing = (status: number, more: Partial<Extract<Fault['effect'], { kind: 'status' }>> = {}): void => {
  const effect = { kind: 'status', status, ...more } as const;
  simulator.setFaults([
    { endpoint: 'POST /campaigns', effect },
    { endpoint: 'POST /leads', effect },
  ]);
};

test.each([
  [401, 'provider_unauthorised'],
  [403, 'provider_unauthorised'],
  [402, 'provider_payment_required'],
])(
  'a provider that answers %i ends nothing: all wait under its name and go once it is over',
  async (status, reason) => {
    const { batchId, jobs } = await bench.executing(3);
    failing(status);
    for (let round = 0; round < 5; round += 1) await offer(jobs);
    for (const receipt of await receiptsOf(jobs)) {
      expect(receipt).toMatchObject({ outcome: 'queued', reason, attempts: 5 });
    }
    expect(await bench.actions.queuedByReason()).toEqual([
      { reason, count: 3, nextAt: expect.stringMatching(/Z$/) },
    ]);
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'executing', counts: { queued: 3 } });
    simulator.setFaults([]);
    const before = simulator.log().length;
    await offer(jobs);
    expect((await receiptsOf(jobs)).map(({ outcome }) => outcome)).toEqual(jobs.map(() => 'handed_over'));
    expect(await bench.batches.read(batchId)).toMatchObject({ status: 'executed' });
    expect(simulator.log().length - before).toBe(3);
  },
);

test('what a provider asks to wait is waited, also when it is longer than ours', async () => {
  const { jobs } = await bench.executing();
  failing(429, { retryAfter: '1200' });
  await offer(jobs);
  expect(waitOf((await receiptsOf(jobs))[0]?.deferredUntil)).toBe(1_200);
});

test('a provider that cannot be reached is asked less and less, up to the policy’s longest wait', async () => {
  const { jobs, job } = await bench.executing();
  const away = await benches.createBench({
    session: bench.session,
    policy: patientPolicy(),
    provider: {
      ...adapter,
      send: () =>
        Promise.resolve<DispatchOutcome>({ outcome: 'released', code: 'connect_failed', retryAfterMs: 0 }),
    },
  });
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    await away.dispatch(job);
    waits.push(waitOf((await receiptsOf(jobs))[0]?.deferredUntil));
  }
  const { retryFirstSeconds, retryMaxSeconds } = policySchema.shape.dispatch.parse(
    bench.rules.policy.dispatch,
  );
  expect(waits).toEqual(waits.map((_, index) => Math.min(retryMaxSeconds, retryFirstSeconds * 2 ** index)));
});

test('waiting ends with the batch, by the name of its expiry', async () => {
  const { batchId, jobs } = await bench.executing(2);
  failing(401);
  await offer(jobs);
  await bench.redis.hset(bench.keys.batch(batchId), 'expiresAtMs', '1');
  await offer(jobs);
  for (const receipt of await receiptsOf(jobs))
    expect(receipt).toMatchObject({ outcome: 'blocked', reason: 'batch_expired' });
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'failed' });
});

test.each([400, 422])('a provider that says %i to one message refuses that one alone', async (status) => {
  const { batchId, jobs } = await bench.executing(2);
  const [first] = await receiptsOf(jobs);
  simulator.setFaults([
    { endpoint: 'POST /leads', email: first?.email ?? '', effect: { kind: 'status', status } },
  ]);
  await offer(jobs);
  expect((await receiptsOf(jobs)).map(({ outcome }) => outcome)).toEqual(['refused', 'handed_over']);
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'partially_executed' });
});

const impatient = (rest: Partial<Policy['dispatch']['rest']> = {}) =>
  benches.createBench({
    session: bench.session,
    provider: adapter,
    policy: {
      dispatch: {
        ...bench.rules.policy.dispatch,
        rest: { faultsMax: 2, firstSeconds: 60, maxSeconds: 60, ...rest },
      },
    },
  });
const passRest = () =>
  bench.redis.hset(bench.keys.providerPace('sandbox', 'instantly'), { restUntil: 1, waitUntil: 1 });
const leads = () => simulator.log().length;

test('a provider that asks for fewer calls is called by nobody until then; nobody’s tries are used up', async () => {
  const { jobs } = await bench.executing(3);
  failing(429, { retryAfter: '60' });
  const before = leads();
  for (let round = 0; round < 3; round += 1) await offer(jobs);
  const [asked, ...spared] = await receiptsOf(jobs);
  expect(asked).toMatchObject({ attempts: 1 });
  for (const receipt of spared) {
    expect(receipt).toMatchObject({ outcome: 'queued', reason: 'provider_resting', attempts: 0 });
    expect(waitOf(receipt.deferredUntil)).toBeGreaterThan(50);
  }
  simulator.setFaults([]);
  await passRest();
  await offer(jobs);
  expect((await receiptsOf(jobs)).map(({ outcome }) => outcome)).toEqual(jobs.map(() => 'handed_over'));
  expect(leads() - before).toBe(3);
});

test('a provider that fails rests, for every worker; one message tries it, and the others follow when it works', async () => {
  const { jobs } = await bench.executing(5);
  const worker = await impatient();
  failing(503);
  for (const job of jobs) await worker.dispatch(job);
  const reasons = (await receiptsOf(jobs)).map(({ reason }) => reason);
  expect(reasons).toEqual([
    ...['campaign_unavailable', 'campaign_unavailable'],
    ...['provider_resting', 'provider_resting', 'provider_resting'],
  ]);
  expect(worker.log.lines().filter(({ msg }) => String(msg).includes('left in peace'))).toHaveLength(1);
  simulator.setFaults([]);
  const other = await impatient();
  for (const job of jobs.slice(2)) await other.dispatch(job);
  expect((await receiptsOf(jobs.slice(2))).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  await passRest();
  for (const job of jobs) await other.dispatch(job);
  expect((await receiptsOf(jobs)).map(({ outcome }) => outcome)).toEqual(jobs.map(() => 'handed_over'));
  expect(other.log.lines().filter(({ msg }) => String(msg).includes('answers again'))).toHaveLength(1);
});

test('what was tried as often as the policy allows is refused, and its receipt says so', async () => {
  const { jobs } = await bench.executing(1);
  const worker = await benches.createBench({
    ...{ session: bench.session, provider: adapter, policy: patientPolicy({ attemptsMax: 3 }) },
  });
  failing(401);
  for (let tries = 0; tries < 5; tries += 1) for (const job of jobs) await worker.dispatch(job);
  expect(await receiptsOf(jobs)).toMatchObject([
    {
      outcome: 'refused',
      reason: 'retries_exhausted',
      attempts: 3,
      proof: 'the last try: provider_unauthorised',
    },
  ]);
});
