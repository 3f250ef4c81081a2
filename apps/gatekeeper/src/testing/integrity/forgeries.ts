import type { DispatchActionJob } from '@caio/contracts';
import type { GateBench } from '../gate-bench.ts';
import { anyHex, type AttackKind, setAction, setBatch } from './attack.ts';
import type { Choice } from './choice.ts';
import type { World } from './world.ts';

/** A batch that nobody approved is made to look approved, or executing. */
export const forgeries: readonly AttackKind[] = [
  {
    name: 'batch.approvalForged',
    stage: 'approved',
    carryOut: async (world, choice) => {
      const { unapproved, own } = world;
      const seal = (await world.redis.hget(world.keys.batch(own.batchId), 'approvalSeal')) ?? '';
      await setBatch(world, unapproved.batchId, {
        status: 'approved',
        approvedBy: choice.of(['operator', 'head-of-sales']),
        approvedAt: String(Date.now()),
        ...choice.of<Record<string, string>>([
          { approvalSeal: seal },
          { approvalSeal: anyHex(choice) },
          { previewHash: own.previewHash, approvalSeal: seal },
        ]),
      });
      return { mayNotLeave: unapproved.actionIds, execute: [unapproved.batchId] };
    },
  },
  {
    name: 'batch.executionForged',
    stage: 'executing',
    carryOut: async (world, choice) => {
      const { unapproved, own, keys, redis } = world;
      const model = world.jobOf(own.actionIds[0] ?? '');
      // As complete as somebody can make it who reads how the others look.
      const batch = await redis.hgetall(keys.batch(own.batchId));
      const copied = choice.of([[], ['executionSeal'], ['executionSeal', 'previewHash', 'expiresAtMs']]);
      await setBatch(world, unapproved.batchId, {
        ...Object.fromEntries(copied.map((field) => [field, batch[field] ?? ''])),
        status: 'executing',
        approvedBy: 'operator',
        approvalSeal: batch['approvalSeal'] ?? '',
        executionId: model.executionId,
        fence: String(model.fence),
        claimedAtMs: batch['claimedAtMs'] ?? '',
        'n:frozen': '0',
        'n:queued': '1',
      });
      const jobs: DispatchActionJob[] = [];
      for (const actionId of unapproved.actionIds) {
        await setAction(world, actionId, {
          status: 'queued',
          executionId: model.executionId,
          fence: String(model.fence),
        });
        await redis.zadd(keys.actionsQueued, 1, actionId);
        jobs.push({
          ...model,
          actionId: world.originalOf(actionId).actionId,
          batchId: world.originalOf(actionId).batchId,
        });
      }
      return { mayNotLeave: unapproved.actionIds, jobs };
    },
  },
  {
    name: 'job.ofAnother',
    stage: 'executing',
    carryOut: (world, choice) => {
      const actionId = choice.of(world.own.actionIds);
      const job = world.jobOf(actionId);
      const stranger = world.jobOf(choice.of(world.other.actionIds));
      const forged = choice.of([
        { ...job, executionId: stranger.executionId },
        { ...job, fence: job.fence + 1 + choice.upTo(5) },
        { ...job, batchId: stranger.batchId },
        { ...job, batchId: stranger.batchId, executionId: stranger.executionId, fence: stranger.fence },
        { ...job, batchId: world.originalOf(world.unapproved.actionIds[0] ?? '').batchId },
      ]);
      return Promise.resolve({ mayNotLeave: [actionId], jobs: [forged] });
    },
  },
];

/** The rules or the clock of the process that sends are not those of the approval. */
const otherRules = (
  name: string,
  stage: AttackKind['stage'],
  by: (world: World) => GateBench,
  also: (world: World, choice: Choice) => Promise<unknown> = () => Promise.resolve(),
): AttackKind => ({
  name: `rules.${name}`,
  stage,
  carryOut: async (world, choice) => {
    await also(world, choice);
    return {
      mayNotLeave: world.own.actionIds,
      by: by(world),
      ...(stage === 'approved' ? { execute: [world.own.batchId] } : {}),
    };
  },
});

export const rulesAttacks: readonly AttackKind[] = [
  ...(['approved', 'executing'] as const).flatMap((stage) => [
    otherRules('policy', stage, ({ twins }) => twins.policy),
    otherRules(
      'policyAndRecord',
      stage,
      ({ twins }) => twins.policy,
      (world) => setBatch(world, world.own.batchId, { policyVersion: 'policy-2' }),
    ),
    otherRules('mode', stage, ({ twins }) => twins.live),
    otherRules('logOnly', stage, ({ twins }) => twins.logOnly),
    otherRules('stop', stage, ({ twins }) => twins.stopped),
  ]),
  otherRules(
    'modeAndRecord',
    'executing',
    ({ twins }) => twins.live,
    async (world) => {
      for (const actionId of world.own.actionIds)
        await setAction(world, actionId, { mode: 'live', ledger: 'real' });
    },
  ),
  otherRules('sender', 'executing', ({ twins }) => twins.nurture),
  otherRules('tiers', 'executing', ({ twins }) => twins.tiers),
  otherRules(
    'clock',
    'executing',
    ({ twins }) => twins.clock,
    (world, choice) => {
      const clock = world.twins.clock;
      clock.advance(-(clock.now() - Date.now()) + choice.of([-1, 1]) * (3_000 + choice.upTo(600_000)));
      return Promise.resolve();
    },
  ),
];

/** Somebody approves with another hash than the one that was computed. */
export const doorAttacks: readonly AttackKind[] = [
  {
    name: 'approval.otherHash',
    stage: 'approved',
    carryOut: async (world, choice) => {
      const { unapproved, own, bench } = world;
      const at = choice.upTo(63);
      const flipped =
        unapproved.previewHash.slice(0, at) +
        (unapproved.previewHash[at] === '0' ? '1' : '0') +
        unapproved.previewHash.slice(at + 1);
      const hash = choice.of([flipped, own.previewHash, anyHex(choice)]);
      const { result } = await bench.approveBatch(unapproved.batchId, hash);
      return {
        mayNotLeave: unapproved.actionIds,
        execute: [unapproved.batchId],
        ...(result === 'done' ? {} : { refused: result }),
      };
    },
  },
];
