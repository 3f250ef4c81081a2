import { createFaultPoints, type FaultPoints } from '@caio/service-kit';
import type { DispatchActionJob } from '@caio/contracts';
import { createHeldMessageParts } from '../held-message-parts.ts';
import type { BenchOptions, GateBench, GateBenches } from './gate-bench.ts';
import { createScriptedProvider } from './scripted-provider.ts';

/** The gatekeeper's parts for held messages, on a bench. Each call is another process on the same store. */
export const openHeldMessages = (
  benches: GateBenches,
  bench: GateBench,
  faults: FaultPoints = createFaultPoints([]),
) =>
  createHeldMessageParts({
    ...bench,
    ...{ pseudonym: benches.pseudonym, seals: benches.seals, faults, logger: bench.log.logger },
  });

/** A bench whose provider holds what it is given. */
export const openHeldRig = async (benches: GateBenches, options: BenchOptions = {}) => {
  const provider = createScriptedProvider();
  const bench = await benches.createBench({ provider: provider.adapter, ...options });
  const held = openHeldMessages(benches, bench);
  const { redis, keys } = bench;
  return {
    ...{ provider, bench, ...held },
    /** A batch whose messages the provider holds. */
    handedOver: async (count = 1): Promise<{ batchId: string; jobs: DispatchActionJob[] }> => {
      const { batchId, jobs } = await bench.executing(count);
      // By the clock on the wall, which does not run ahead of the store's.
      for (const job of jobs) await bench.dispatchWith({ now: Date.now })(job);
      return { batchId, jobs };
    },
    receipt: (job: DispatchActionJob | undefined) => bench.receiptOf(job?.actionId ?? ''),
    emailOf: async (job: DispatchActionJob | undefined): Promise<string> =>
      (await bench.actions.read(job?.actionId ?? ''))?.email ?? '',
    /** Makes every open take-back due now, as waiting would. */
    passWait: async (): Promise<void> => {
      for (const id of await redis.zrange(keys.actionsTakingBack, '0', '-1'))
        await redis.zadd(keys.actionsTakingBack, 0, id);
    },
    /** Moves a batch's expiry into the past. */
    expire: async (batchId: string): Promise<void> => {
      await redis.hset(keys.batch(batchId), 'expiresAtMs', Date.now() - 1_000);
    },
  };
};

export type HeldRig = Awaited<ReturnType<typeof openHeldRig>>;
