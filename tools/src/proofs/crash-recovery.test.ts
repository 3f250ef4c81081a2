// Risk: a process dies in the middle of an execution and a message is sent twice, lost, or sent blindly again.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type ProviderSimulator,
  type RedisServer,
  startProviderSimulator,
  startRedis,
  waitFor,
} from '@caio/test-kit';
import { buildBundles } from './testing/bundles.ts';
import { createGatekeeperRig } from './testing/gatekeeper-rig.ts';
import { compareWithProvider } from './testing/provider-comparison.ts';

const actions = 300;
let redis: RedisServer;
let simulator: ProviderSimulator;

beforeAll(async () => {
  buildBundles();
  redis = await startRedis({ aof: 'everysec' });
  simulator = await startProviderSimulator({ port: 0 });
}, 60_000);
afterAll(async () => {
  await simulator.close();
  await redis.stop();
});

const monthInPolicyZone = (): string =>
  new Date().toLocaleDateString('en-CA', { timeZone: 'America/New_York' }).slice(0, 7);

/**
 * The last column is the state of the batch that the dead process left behind. Each crash has an environment of its own
 * and mostly waits, for leases to run out and for the truth to be looked up; so several happen at a time.
 */
test.concurrent.each([
  ['before-claim', 1, 'approved'],
  ['after-claim', 1, 'executing'],
  ['before-enqueue', 1, 'executing'],
  ['after-enqueue', 1, 'executing'],
  ['before-admit', 120, 'executing'],
  ['after-admit', 120, 'executing'],
  ['before-provider-call', 120, 'executing'],
  ['after-provider-call', 120, 'executing'],
  ['before-settle', 120, 'executing'],
  ['after-settle', 120, 'executing'],
] as const)(
  'kill -9 %s (hit %i): every message once, none lost, none unapproved',
  async (point, hit, statusAfter) => {
    const rig = await createGatekeeperRig({ redis, simulator });
    try {
      await rig.start({ FAULT_PLAN: `kill:${point}:${hit}` });
      const batch = await rig.approvedBatch(actions);
      await rig.call('POST', `/api/batches/${batch.batchId}/execute`).catch(() => null);
      expect((await rig.running().exit).signal).toBe('SIGKILL');
      const atCrash = rig.handedOver().length;
      const store = rig.redis();
      expect(await store.hget(rig.keys.batch(batch.batchId), 'status')).toBe(statusAfter);
      expect(atCrash).toBeLessThan(actions);

      await rig.start();
      // A claim that was not stored is simply asked for again; a stored one is never given twice.
      const again = await rig.call('POST', `/api/batches/${batch.batchId}/execute`);
      expect(again.status).toBe(statusAfter === 'approved' ? 202 : 409);
      const done = await rig.finished(batch.batchId);
      const receipts = await rig.receipts(batch.batchId);
      expect(
        receipts
          .filter(({ outcome }) => outcome !== 'handed_over')
          .map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`),
      ).toEqual([]);
      expect(done.status).toBe('executed');
      expect(compareWithProvider(batch.preview.actions, rig.handedOver())).toEqual({
        lost: [],
        duplicated: [],
        unapproved: [],
      });
      expect(receipts).toHaveLength(actions);
      const counters = await store.get(rig.keys.sent('sandbox', 'month', monthInPolicyZone()));
      expect(Number(counters)).toBe(actions);
    } finally {
      await rig.close();
    }
  },
  120_000,
);

test('a provider that took the message before the connection broke is asked, and the message is not sent again', async () => {
  const rig = await createGatekeeperRig({ redis, simulator });
  try {
    await rig.start();
    const batch = await rig.approvedBatch(5);
    simulator.setFaults([
      { endpoint: 'POST /leads', hit: 1, effect: { kind: 'cut', when: 'after_acceptance' } },
    ]);
    await rig.must('POST', `/api/batches/${batch.batchId}/execute`);
    await waitFor(
      async () => (await rig.receipts(batch.batchId)).some(({ outcome }) => outcome === 'unknown'),
      {
        timeoutMs: 10_000,
        describe: () => 'one action to be unknown',
      },
    );
    expect((await rig.finished(batch.batchId)).status).toBe('executed');
    expect(compareWithProvider(batch.preview.actions, rig.handedOver())).toEqual({
      lost: [],
      duplicated: [],
      unapproved: [],
    });
  } finally {
    await rig.close();
  }
}, 60_000);
