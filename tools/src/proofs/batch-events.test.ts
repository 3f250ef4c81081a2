// Risk: a gatekeeper that is replaced while it sends keeps a progress screen waiting, or leaves it at an old state for good.
import { randomUUID } from 'node:crypto';
import { createServiceTokenSigner, parseServicePrivateKey, serviceTokenHeader } from '@caio/auth';
import { batchProgressSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { startProviderSimulator, startRedis, waitFor } from '@caio/test-kit';
import { Agent, EventSource } from 'undici';
import { allPermissions } from '../stack/stack-settings.ts';
import { buildBundles } from './testing/bundles.ts';
import { createGatekeeperRig, type GatekeeperRig } from './testing/gatekeeper-rig.ts';

/** A browser's reader, with a token for each call as the gateway makes one. */
const follow = (rig: GatekeeperRig, batchId: string) => {
  const key = parseServicePrivateKey(rig.secrets.privateKeys.gateway);
  if (!key.ok) throw new Error(key.problem);
  const signer = createServiceTokenSigner({ service: 'gateway', privateKey: key.value, now: Date.now });
  const path = `/api/batches/${batchId}/events`;
  const agent = new Agent({ bodyTimeout: 0 }).compose((dispatch) => (call, handler) => {
    const token = signer.sign({
      ...{ audience: 'gatekeeper', method: 'GET', path, bodyDigest: null },
      correlationId: `rig-${randomUUID()}`,
      user: { name: 'test-user', permissions: allPermissions },
    });
    const headers = { ...Object(call.headers), [serviceTokenHeader]: token } as Record<string, string>;
    return dispatch({ ...call, headers }, handler);
  });
  const source = new EventSource(`http://127.0.0.1:${rig.port}${path}`, { node: { dispatcher: agent } });
  const seen: { event: string; id: number; handedOver: number }[] = [];
  for (const event of ['progress', 'end'])
    source.addEventListener(event, (message) => {
      const { data, lastEventId } = message as unknown as { data: string; lastEventId: string };
      const { handedOver } = batchProgressSchema.parse(JSON.parse(data));
      seen.push({ event, id: Number(lastEventId), handedOver });
      if (event === 'end') source.close();
    });
  return {
    seen,
    close: async (): Promise<void> => {
      source.close();
      await agent.destroy();
    },
  };
};

test('a reader of events sees a batch to its end over a gatekeeper that is stopped and started in between', async () => {
  buildBundles();
  const redis = await startRedis({ aof: 'everysec' });
  const simulator = await startProviderSimulator({ port: 0 });
  const rig = await createGatekeeperRig({ redis, simulator });
  let reader: ReturnType<typeof follow> | null = null;
  try {
    await rig.start({ DRAIN_MS: '20000' });
    const batch = await rig.approvedBatch(200);
    simulator.setFaults(
      Array.from({ length: 60 }, (_, index) => ({
        endpoint: 'POST /leads' as const,
        hit: 50 + index,
        effect: { kind: 'delay' as const, delayMs: 300 },
      })),
    );
    reader = follow(rig, batch.batchId);
    const { seen } = reader;
    await waitFor(() => seen.length === 1, { timeoutMs: 10_000, describe: 'the state before' });
    await rig.must('POST', `/api/batches/${batch.batchId}/execute`);
    await waitFor(() => (seen.at(-1)?.handedOver ?? 0) >= 40, {
      timeoutMs: 30_000,
      describe: () => `some progress; so far ${JSON.stringify(seen.at(-1))}`,
    });
    const startedMs = performance.now();
    expect(await rig.running().stop(30_000)).toEqual({ code: 0, signal: null });
    // An open stream must not use up the drain time.
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    const before = seen.length;
    await rig.start();
    await waitFor(() => seen.at(-1)?.event === 'end', {
      timeoutMs: 60_000,
      describe: () => `the end; so far ${JSON.stringify(seen.at(-1))}`,
    });
    expect(seen.length).toBeGreaterThan(before);
    expect(seen.at(-1)?.handedOver).toBe(200);
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  } finally {
    await reader?.close();
    await rig.close();
    await simulator.close();
    await redis.stop();
  }
}, 120_000);
