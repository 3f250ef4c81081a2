// Risk: workers that each keep to a provider's limit break it together, or what waited for its turn never gets it.
import type { DispatchActionJob } from '@caio/contracts';
import { createCampaignRegistry } from '@caio/state-store';
import { startProviderSimulator, waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ProviderAdapter } from '../provider-port.ts';
import { createInstantlyAdapter } from '../providers/instantly.ts';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';

let benches: GateBenches;
let simulator: Awaited<ReturnType<typeof startProviderSimulator>>;
const arrivals: number[] = [];
const adapters: ProviderAdapter[] = [];
beforeAll(async () => {
  benches = await openGateBenches();
  simulator = await startProviderSimulator({ onCall: () => arrivals.push(performance.now()) });
});
afterAll(async () => {
  await Promise.all(adapters.map((adapter) => adapter.close()));
  await simulator.close();
  await benches.close();
});

const budget = { requestsPerSend: 3, windows: [{ windowMs: 300, requestsMax: 20 }] };
const messages = 16;

/** The most calls that any stretch of this length saw. */
const mostWithin = (windowMs: number): number =>
  Math.max(
    ...arrivals.map((from) => arrivals.filter((moment) => moment >= from && moment < from + windowMs).length),
  );

test('four workers together never ask more than the provider allows in any window, and every message goes by itself', async () => {
  const session = await benches.store.openSession();
  const workers = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const adapter = createInstantlyAdapter({
        ...{ mode: 'sandbox', environment: 'test', baseUrl: simulator.url, apiKey: 'sandbox' },
        registry: createCampaignRegistry(session),
        monotonicMs: () => performance.now(),
        nowMs: () => Date.now(),
        newToken: benches.testIds.ulid,
        pause: () => new Promise((resolve) => void setImmediate(resolve)),
        timeoutMs: 5_000,
        rateBudget: budget,
      });
      adapters.push(adapter);
      const bench = await benches.createBench({ session, provider: adapter });
      return { bench, dispatch: bench.dispatchWith({ now: Date.now, processId: `worker-${number}` }) };
    }),
  );
  const [first] = workers;
  if (first === undefined) throw new Error('a worker');
  const { batchId, jobs } = await first.bench.executing(messages);
  /** One job after the other to the next worker, all at work at once. */
  const handOut = (offered: readonly DispatchActionJob[]) =>
    Promise.all(
      workers.map(async ({ dispatch }, number) => {
        const own = offered.filter((_, index) => index % workers.length === number);
        await Promise.all(own.map((job) => dispatch(job)));
      }),
    );
  await handOut(jobs);
  expect(await first.bench.actions.queuedByReason()).toMatchObject([{ reason: 'rate_budget' }]);

  await waitFor(
    async () => {
      await handOut(await first.bench.actions.takeDue(messages, 60_000));
      return (await first.bench.batches.read(batchId))?.status === 'executed';
    },
    { timeoutMs: 20_000, intervalMs: 5, describe: 'every message to have had its turn' },
  );
  expect(mostWithin(300)).toBeLessThanOrEqual(20);
  expect(simulator.log()).toHaveLength(messages);
  const receipts = await first.bench.actions.receipts(jobs.map(({ actionId }) => actionId));
  expect(receipts.map(({ outcome, attempts }) => [outcome, attempts])).toEqual(
    jobs.map(() => ['handed_over', 1]),
  );
});
