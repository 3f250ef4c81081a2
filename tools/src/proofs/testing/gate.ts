import { type ProviderSimulator, type RedisServer, startProviderSimulator, startRedis } from '@caio/test-kit';
import { buildBundles } from './bundles.ts';
import { createGatekeeperRig, type GatekeeperRig } from './gatekeeper-rig.ts';

/** A running gatekeeper with a Redis and a provider simulator of its own, and the words the promises are tried in. */
export const openGate = async (redisOptions: Parameters<typeof startRedis>[0] = {}) => {
  buildBundles();
  const redis: RedisServer = await startRedis(redisOptions);
  const simulator: ProviderSimulator = await startProviderSimulator({ port: 0 });
  const rig: GatekeeperRig = await createGatekeeperRig({ redis, simulator });
  await rig.start();
  return {
    redis,
    rig,
    execute: (batchId: string) => rig.call('POST', `/api/batches/${batchId}/execute`),
    sentOf: (batchId: string) => rig.handedOver().filter((entry) => entry.campaignName.includes(batchId)),
    /** Starts the gatekeeper anew, with another environment when a test is about that. */
    restart: async (extra: Readonly<Record<string, string>> = {}): Promise<void> => {
      await rig.running().stop();
      await rig.start(extra);
    },
    close: async (): Promise<void> => {
      await rig.close();
      await simulator.close();
      await redis.stop();
    },
  };
};

export type Gate = Awaited<ReturnType<typeof openGate>>;
