// Risk: a provider is told to mail something that changed since the approval, or that may not be mailed any more.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CampaignControl } from '../provider-port.ts';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { type HeldAtInstantly, type HeldBench, openHeldAtInstantly } from '../testing/held-at-instantly.ts';

let benches: GateBenches;
let vendor: HeldAtInstantly;
beforeAll(async () => {
  benches = await openGateBenches();
  vendor = await openHeldAtInstantly(benches);
});
afterAll(async () => {
  await vendor.close();
  await benches.close();
});

const suppress = (rig: HeldBench, email: string) =>
  rig.bench.lists.suppress(
    new Map([
      [
        benches.pseudonym(`email:${email}`),
        {
          ...{ personKey: `email:${email}`, reason: 'manual', source: 'test', by: 'operator' },
          at: new Date().toISOString(),
        },
      ],
    ]),
    ...(['operator', 'manual', 'correlation-1'] as const),
  );
const codesOf = (outcome: Awaited<ReturnType<HeldBench['activate']>>): string[] =>
  outcome.outcome === 'changed' ? outcome.problems.map(({ code }) => code) : [outcome.outcome];

test('an activated batch is mailed exactly as approved, once, and its receipts say it left, with the proof', async () => {
  const rig = await vendor.create();
  const { batchId, jobs } = await rig.handedOver(3);
  expect(rig.simulator.mailed()).toEqual([]);
  const activated = await rig.activate(batchId);
  expect(activated).toMatchObject({
    outcome: 'active',
    batch: { activation: { state: 'active', by: 'operator' } },
    campaigns: [
      { provider: 'instantly', messages: 3, proof: expect.stringContaining('read back as active') },
    ],
  });
  const mailed = rig.simulator.mailed();
  const actions = await rig.bench.actions.readMany(jobs.map(({ actionId }) => actionId));
  expect(mailed.map(({ email }) => email).sort()).toEqual(actions.map(({ email }) => email).sort());
  for (const { email, subject, body } of mailed) {
    const { bytes = '' } = actions.find((action) => action.email === email) ?? {};
    expect(JSON.parse(bytes)).toMatchObject({ subject });
    expect(body).toContain((JSON.parse(bytes) as { body: string }).body);
  }
  expect(await rig.outcomesOf(jobs)).toEqual(['handed_over', 'handed_over', 'handed_over']);
  await rig.watch.sweep();
  expect(await rig.outcomesOf(jobs)).toEqual(['left', 'left', 'left']);
  expect(await rig.bench.receiptOf(jobs[0]?.actionId ?? '')).toMatchObject({
    mailed: { proof: expect.stringMatching(/^instantly shows message \S+ as mailed/) },
  });
  // Asked for again, and by many at once, nothing more is mailed.
  const again = await Promise.all(Array.from({ length: 4 }, () => rig.activate(batchId)));
  expect(again.map(({ outcome }) => outcome)).toEqual(['active', 'active', 'active', 'active']);
  expect(rig.simulator.mailed()).toHaveLength(3);
  const kinds = (await rig.bench.auditRows()).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'batch.activation')).toHaveLength(1);
  expect(await rig.activation.activeSince()).toEqual([]);
});

test('what was mailed meanwhile has left, and is no reason to hold the others back', async () => {
  const rig = await vendor.create();
  const { batchId, jobs } = await rig.handedOver(2);
  const lead = (await rig.leads()).find(({ payload }) => payload['actionId'] === jobs[0]?.actionId);
  await rig.mail(lead?.id ?? '');
  expect(await rig.activate(batchId)).toMatchObject({ outcome: 'active', campaigns: [{ messages: 1 }] });
  expect(await rig.outcomesOf(jobs)).toEqual(['left', 'handed_over']);
  expect(rig.simulator.mailed()).toHaveLength(2);
});

test('a batch paused by a stop goes on only when it is activated again, with everything asked anew', async () => {
  const rig = await vendor.create();
  const { batchId, jobs } = await rig.handedOver(2);
  const [campaign] = await rig.campaigns();
  await leaveActivating(rig, batchId);
  await rig.bench.lists.setHalt('stop', 'operator', 'wrong price', 'correlation-2');
  await rig.api('POST', `/campaigns/${campaign?.id ?? ''}/pause`);
  await rig.watch.sweep();
  expect((await rig.bench.batches.read(batchId))?.activation?.state).toBe('paused');
  expect(await rig.activate(batchId)).toEqual({ outcome: 'halted' });
  await rig.bench.lists.setHalt('lift', 'operator', 'the price is right', 'correlation-3');
  await rig.watch.sweep();
  expect(rig.simulator.mailed()).toEqual([]);
  await suppress(rig, await rig.emailOf(jobs[0]));
  expect(codesOf(await rig.activate(batchId))).toEqual(['suppressed']);
  await rig.findBarredHeld();
  await rig.takeBacks.sweep();
  expect(await rig.activate(batchId)).toMatchObject({ outcome: 'active', campaigns: [{ messages: 1 }] });
  expect(rig.simulator.mailed().map(({ email }) => email)).toEqual([await rig.emailOf(jobs[1])]);
});

test('many who activate at once mail each message once', async () => {
  const rig = await vendor.create();
  const { batchId } = await rig.handedOver(2);
  await Promise.all(Array.from({ length: 5 }, () => rig.activate(batchId)));
  expect(rig.simulator.mailed()).toHaveLength(2);
});

describe('nothing at all is mailed when', () => {
  type Change = (rig: HeldBench, batchId: string, email: string) => Promise<unknown>;
  const firstLead = async (rig: HeldBench) => (await rig.leads())[0]?.id ?? '';
  const changes: [string, string, Change][] = [
    ['one person opted out', 'suppressed', (rig, _, email) => suppress(rig, email)],
    [
      'one opt-out waits to be worked on',
      'suppressed',
      (rig, _, email) => rig.bench.redis.hset(rig.bench.keys.optOutsPending, `email:${email}`, 'delivery-1'),
    ],
    [
      'one domain was excluded',
      'excluded',
      (rig, _, email) =>
        rig.bench.redis.hset(rig.bench.keys.exclusions, `domain:${email.split('@')[1] ?? ''}`, '{}'),
    ],
    [
      'one message has to come back',
      'taking_back',
      async (rig, batchId) => {
        const [actionId = ''] = await rig.bench.batches.actionIds(batchId);
        await rig.held.openTakeBack({ ...rig.bench.by, actionId, reason: 'suppressed' });
      },
    ],
    [
      'everything is stopped',
      'halted',
      (rig) => rig.bench.lists.setHalt('stop', 'operator', 'wait', 'correlation-1'),
    ],
    [
      'the batch is past its expiry',
      'batch_expired',
      (rig, batchId) => rig.bench.redis.hset(rig.bench.keys.batch(batchId), 'expiresAtMs', Date.now() - 1),
    ],
    [
      'the policy changed',
      'policy_changed',
      (rig, batchId) => rig.bench.redis.hset(rig.bench.keys.batch(batchId), 'policyVersion', 'policy-0'),
    ],
    [
      'the delivery mode changed',
      'mode_changed',
      (rig, batchId) =>
        rig.bench.redis.hset(
          rig.bench.keys.batch(batchId),
          'deliveryModes',
          '{"email":"live","linkedin":"log-only"}',
        ),
    ],
    [
      'the store is being compared',
      'store_recovering',
      (rig) => rig.bench.redis.hset(rig.bench.keys.store, 'recovering', '1'),
    ],
    [
      'the stored text was changed',
      'content_mismatch',
      async (rig, batchId) => {
        const [actionId = ''] = await rig.bench.batches.actionIds(batchId);
        const key = rig.bench.keys.action(actionId);
        const bytes = (await rig.bench.redis.hget(key, 'bytes')) ?? '';
        await rig.bench.redis.hset(key, 'bytes', bytes.replace('"subject":"', '"subject":"x'));
      },
    ],
    [
      'a lead was removed at the provider',
      'held_missing',
      async (rig) => rig.api('DELETE', `/leads/${await firstLead(rig)}`),
    ],
    [
      'a stranger was added to the campaign',
      'held_foreign',
      async (rig) =>
        rig.api('POST', '/leads', {
          campaign: (await rig.campaigns())[0]?.id,
          email: 'stranger@elsewhere.example',
        }),
    ],
    [
      'the provider cannot be read',
      'unreadable',
      (rig) => {
        rig.simulator.setFaults([{ endpoint: 'POST /leads/list', effect: { kind: 'status', status: 500 } }]);
        return Promise.resolve();
      },
    ],
    [
      'the batch was recalled',
      'state_conflict',
      (rig, batchId) => rig.activation.recall({ ...rig.bench.by, batchId, actionId: null, reason: 'no' }),
    ],
  ];
  test.each(changes)('%s', async (_, code, change) => {
    const rig = await vendor.create();
    const { batchId, jobs } = await rig.handedOver(2);
    await change(rig, batchId, await rig.emailOf(jobs[0]));
    expect(codesOf(await rig.activate(batchId))).toContain(code);
    expect(rig.simulator.mailed()).toEqual([]);
    expect((await rig.campaigns()).map(({ status }) => status)).toEqual([0]);
    expect(await rig.activation.activeSince()).toEqual([]);
  });

  test('a text was changed at the provider', async () => {
    const rig = await vendor.create();
    const { batchId } = await rig.handedOver(2);
    const [lead] = await rig.leads();
    if (lead === undefined) throw new Error('one lead');
    await rig.api('DELETE', `/leads/${lead.id}`);
    await rig.api('POST', '/leads', {
      ...{ campaign: lead.campaign, email: lead.email },
      custom_variables: { ...lead.payload, subject: 'Something nobody approved' },
    });
    expect(codesOf(await rig.activate(batchId))).toEqual(['held_differs']);
    expect(rig.simulator.mailed()).toEqual([]);
  });

  test('the batch is not executed, not known, or holds nothing', async () => {
    const rig = await vendor.create();
    const { batchId } = await rig.bench.approvedBatch();
    expect(await rig.activate(batchId)).toEqual({ outcome: 'state_conflict', status: 'approved' });
    expect(await rig.activate(benches.ids.batch())).toEqual({ outcome: 'not_found' });
  });
});

test('a stop between the last check and the provider’s answer wins: the campaign is paused', async () => {
  let stop = (): Promise<unknown> => Promise.resolve();
  const around = (campaigns: CampaignControl): CampaignControl => ({
    ...campaigns,
    activate: async (group) => {
      await stop();
      return campaigns.activate(group);
    },
  });
  const rig = await vendor.create({}, around);
  const { batchId } = await rig.handedOver();
  stop = () => rig.bench.lists.setHalt('stop', 'operator', 'wrong price', 'correlation-2');
  expect(await rig.activate(batchId)).toEqual({ outcome: 'halted' });
  expect((await rig.campaigns()).map(({ status }) => status)).toEqual([2]);
});

test('what the provider does not start is named, and asking again starts it', async () => {
  const rig = await vendor.create();
  const { batchId } = await rig.handedOver();
  rig.simulator.setFaults([
    { endpoint: 'POST /campaigns/:id/activate', effect: { kind: 'status', status: 500 } },
  ]);
  expect(await rig.activate(batchId)).toMatchObject({
    outcome: 'provider_failed',
    started: [],
    failures: [{ provider: 'instantly', code: 'campaign_status' }],
  });
  expect((await rig.bench.batches.read(batchId))?.activation).toBeNull();
  rig.simulator.setFaults([]);
  expect(await rig.activate(batchId)).toMatchObject({ outcome: 'active' });
  expect(rig.simulator.mailed()).toHaveLength(1);
});

/** As a process leaves it that was killed between the last check and the note of what the provider answered. */
const leaveActivating = async (rig: HeldBench, batchId: string): Promise<void> => {
  const { redis, keys } = rig.bench;
  await redis.hset(keys.batch(batchId), {
    activation: 'activating',
    activationBy: 'operator',
    activationAt: 1,
  });
  await redis.zadd(keys.batchesActive, 1, batchId);
};

describe('an activation whose process died', () => {
  test('before the provider was told is recorded as not running, and done when it is asked for again', async () => {
    const rig = await vendor.create();
    const { batchId, jobs } = await rig.handedOver();
    await leaveActivating(rig, batchId);
    await rig.watch.sweep();
    expect((await rig.bench.batches.read(batchId))?.activation?.state).toBe('paused');
    expect(await rig.outcomesOf(jobs)).toEqual(['handed_over']);
    expect(await rig.activate(batchId)).toMatchObject({ outcome: 'active' });
  });

  test('after the provider was told is seen to run, and what it mailed has left', async () => {
    const rig = await vendor.create();
    const { batchId, jobs } = await rig.handedOver(2);
    await leaveActivating(rig, batchId);
    await rig.api('POST', `/campaigns/${(await rig.campaigns())[0]?.id ?? ''}/activate`);
    await rig.watch.sweep();
    expect(await rig.outcomesOf(jobs)).toEqual(['left', 'left']);
    expect(rig.simulator.mailed()).toHaveLength(2);
    expect(await rig.activate(batchId)).toMatchObject({ outcome: 'active', campaigns: [] });
    expect(rig.simulator.mailed()).toHaveLength(2);
  });
});
