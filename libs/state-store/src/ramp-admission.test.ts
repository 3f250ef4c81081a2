// Risk: the last check lets more or others through than the ramp that was approved, or the one that holds.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { admissible } from './testing/admission-request.ts';
import { capsWith, claimed, workAll } from './testing/eight-workers.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

describe('the ramp in the last check', () => {
  const ramp = { policy: 'supervised', perDay: 2, tiers: ['tier_1' as const] };
  const rules = { ramp, tiersAllowed: ['tier_1' as const, 'tier_2' as const], caps: capsWith('day', 5) };
  const graduate = (gate: Gate, policy = 'supervised') =>
    gate.redis.hset(gate.keys.store, 'rampEnded', policy);
  const sealStage = async (gate: Gate, stage: string): Promise<void> => {
    for (const key of await gate.redis.keys(`${gate.keys.batchPrefix}bat_*`))
      await gate.redis.hset(key, 'rampStage', stage);
  };

  test.each([
    ['holds while nobody ended it', '', 'ramp', 2],
    ['holds for a batch that was approved before it ended', 'supervised', 'ramp', 2],
    ['holds again for a batch that was approved while it was ended', '', 'graduated', 2],
    ['holds when the ramp of another policy ended', 'another', 'graduated', 2],
    ['is over for a batch that was approved after it ended', 'supervised', 'graduated', 5],
  ])('%s', async (_name, ended, stage, sent) => {
    const { gate, digests } = await claimed(fixture, 8);
    if (ended !== '') await graduate(gate, ended);
    await sealStage(gate, stage);
    const { kept, refusals } = await workAll(fixture, gate, digests, { rules });
    expect(kept).toHaveLength(sent);
    expect(new Set(refusals)).toEqual(new Set(['cap_day']));
  });

  test('blocks a tier of the policy that the ramp has not, and lets it through when it is over', async () => {
    for (const [ended, expected] of [
      ['', { admitted: false, code: 'tier_not_allowed' }],
      ['supervised', { admitted: true }],
    ] as const) {
      const gate = await fixture.createGate();
      const { batch, jobs } = await gate.executing(1);
      const [job] = jobs;
      const [action] = batch.actions;
      if (job === undefined || action === undefined) throw new Error('one action');
      await gate.redis.hset(gate.keys.action(job.actionId), 'tier', 'tier_2');
      await sealStage(gate, 'graduated');
      if (ended !== '') await graduate(gate, ended);
      const request = admissible(gate, job, action.contentDigest);
      expect(await gate.actions.admit({ ...request, rules: { ...request.rules, ...rules } })).toMatchObject(
        expected,
      );
    }
  });

  test('a cap that has grown lets more through, never more than the policy says, and for its own policy alone', async () => {
    const growth = { policy: 'phase-two', perDayMax: 6 };
    for (const [grown, grownFor, sent] of [
      ['4', 'phase-two', 4],
      ['9', 'phase-two', 6],
      ['2', 'phase-two', 3],
      ['9', 'another', 3],
    ] as const) {
      const { gate, digests } = await claimed(fixture, 8);
      await gate.redis.hset(gate.keys.store, { grown, grownFor });
      const { kept } = await workAll(fixture, gate, digests, { rules: { growth, caps: capsWith('day', 3) } });
      expect([grown, grownFor, kept.length]).toEqual([grown, grownFor, sent]);
    }
  });
});
