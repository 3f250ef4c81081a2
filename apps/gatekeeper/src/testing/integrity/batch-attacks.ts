import { anyHex, type AttackKind, digestOfNothing, rehash, setAction, setBatch } from './attack.ts';
import type { Choice } from './choice.ts';
import type { World } from './world.ts';

const changeBatch = (
  name: string,
  fieldsOf: (world: World, choice: Choice) => Record<string, string>,
  stages: readonly AttackKind['stage'][] = ['approved'],
): AttackKind[] =>
  stages.map((stage) => ({
    name: `batch.${name}`,
    stage,
    carryOut: async (world, choice) => {
      const { own } = world;
      await setBatch(world, own.batchId, fieldsOf(world, choice));
      // Half of the time with a hash that fits what is stored now.
      if (stage === 'approved' && name !== 'previewHash' && choice.upTo(1) === 1)
        await setBatch(world, own.batchId, { previewHash: await rehash(world, own.batchId) });
      return {
        mayNotLeave: own.actionIds,
        ...(stage === 'approved' ? { execute: [own.batchId] } : {}),
      };
    },
  }));

const membership = (
  name: string,
  change: (world: World, choice: Choice) => Promise<unknown>,
): AttackKind => ({
  name: `batch.${name}`,
  stage: 'approved',
  carryOut: async (world, choice) => {
    await change(world, choice);
    return {
      mayNotLeave: [...world.own.actionIds, ...world.unapproved.actionIds],
      execute: [world.own.batchId],
    };
  },
});

/** Ways to change what a batch is and what is in it. */
export const batchAttacks: readonly AttackKind[] = [
  ...changeBatch('previewHash', (world, choice) => ({
    previewHash: choice.of([anyHex(choice), digestOfNothing, world.other.previewHash]),
  })),
  ...changeBatch(
    'expiry',
    (_, choice) => ({ expiresAtMs: String(Date.now() + (1 + choice.upTo(1_000)) * 3_600_000 + 77) }),
    ['approved', 'executing'],
  ),
  ...changeBatch('policyVersion', (_, choice) => ({ policyVersion: `policy-${2 + choice.upTo(9)}` })),
  ...changeBatch('copyPackVersion', (_, choice) => ({
    copyPackVersion: `harbor-pine@${2 + choice.upTo(9)}`,
  })),
  ...changeBatch('modes', (_, choice) => ({
    deliveryModes: `{"email":"${choice.of(['live', 'allow-list', 'log-only'])}","linkedin":"log-only"}`,
  })),
  ...changeBatch('allowList', (_, choice) => ({ allowListDigest: anyHex(choice) })),
  ...changeBatch('motion', (_, choice) => ({ motion: choice.of(['revival', 'cadence']) })),
  ...changeBatch('approver', () => ({ approvedBy: 'somebody-else' })),
  ...changeBatch('approvalSeal', (world, choice) => ({
    approvalSeal: choice.of([anyHex(choice), '', world.own.previewHash]),
  })),
  membership('actionRemoved', (world, choice) =>
    world.redis.zrem(world.keys.batchActions(world.own.batchId), choice.of(world.own.actionIds)),
  ),
  membership('actionAdded', (world, choice) =>
    world.redis.zadd(
      world.keys.batchActions(world.own.batchId),
      choice.upTo(9),
      choice.of([...world.other.actionIds, ...world.unapproved.actionIds]),
    ),
  ),
  membership('actionExchanged', async (world, choice) => {
    const key = world.keys.batchActions(world.own.batchId);
    await world.redis.zrem(key, choice.of(world.own.actionIds));
    await world.redis.zadd(key, 1, choice.of([...world.other.actionIds, ...world.unapproved.actionIds]));
  }),
  membership('actionDuplicated', async (world, choice) => {
    const copy = world.benches.ids.action();
    const from = world.keys.action(choice.of(world.own.actionIds));
    await world.redis.copy(from, world.keys.action(copy));
    if (choice.upTo(1) === 1) await setAction(world, copy, { actionId: copy });
    await world.redis.zadd(world.keys.batchActions(world.own.batchId), 1, copy);
  }),
];
