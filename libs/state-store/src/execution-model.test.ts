// Risk: after some unlucky order of events a batch's numbers are not its actions, or it never ends, or ends too early.
import { type ActionStatus, type BatchStatus, dispatchActionJobSchema } from '@caio/contracts';
import { openActionStatuses } from '@caio/dispatch-core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admissible, openClock } from './testing/admission-request.ts';
import {
  close,
  endIfNothingIsOpen,
  type ModelAction,
  type ModelBatch,
  outcomes,
  settled,
  take,
} from './testing/execution-model.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

const place = fc.nat(40);
const step = <Kind extends string>(kind: Kind, weight: number) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), place }),
});
const anyStep = fc.oneof(
  step('freeze' as const, 3),
  step('approve', 6),
  step('claim', 7),
  step('reject', 1),
  step('revoke', 1),
  step('expire', 1),
  step('admit', 16),
  step('block', 2),
  step('defer', 2),
  step('lose', 3),
  step('adopt', 2),
  step('takeBack', 2),
  step('takeDue', 2),
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      place,
      to: fc.constantFrom(...outcomes),
      whose: fc.constantFrom('own', 'own', 'own', 'a stranger’s'),
    }),
  },
);
type Step = Exclude<typeof anyStep extends fc.Arbitrary<infer S> ? S : never, { kind: 'freeze' }>;

const freeze = async (gate: Gate, size: number): Promise<ModelBatch> => {
  const { batchId, previewHash, actions } = await gate.freeze(await gate.approvedDrafts(size));
  const batch: ModelBatch = {
    ...{ batchId, previewHash, actions: [] },
    ...{ status: 'pending', fence: 0, executionId: '' },
  };
  for (const frozen of actions) {
    const model = { status: 'frozen', draft: 'batched', attemptId: '' } as const;
    batch.actions.push({ frozen, batch, ...model });
  }
  return batch;
};

/** Does one thing to the store and to the model, and compares what the store answers with what the model says. */
const carryOut = async (gate: Gate, action: ModelAction, one: Step): Promise<void> => {
  const { batch } = action;
  const { actionId, contentDigest } = action.frozen;
  const key = gate.keys.batch(batch.batchId);

  const ask = async (overrides: Parameters<typeof admissible>[3] = {}) => {
    const { fence, executionId, batchId } = batch;
    const job = dispatchActionJobSchema.parse({
      ...{ actionId, batchId, attempt: 1, correlationId: 'correlation-1' },
      fence: Math.max(1, fence),
      executionId: executionId === '' ? gate.ids.executionId() : executionId,
    });
    const request = admissible(gate, job, contentDigest, overrides);
    const answer = await gate.actions.admit(request);
    return { attemptId: request.attemptId, answer: answer.admitted ? 'admitted' : answer.code };
  };
  const stored = async () => {
    const read = await gate.actions.read(actionId);
    if (read === null) throw new Error(`${actionId} is gone`);
    return read;
  };
  const queued = action.status === 'queued';

  switch (one.kind) {
    case 'approve':
    case 'reject':
    case 'revoke':
    case 'expire': {
      const expiresAtMs = (await gate.redis.hget(key, 'expiresAtMs')) ?? '';
      if (one.kind === 'expire') await gate.redis.hset(key, 'expiresAtMs', '1');
      const { result } = await gate.batches.change({
        batchId: batch.batchId,
        command: one.kind,
        previewHash: batch.previewHash,
        actor: 'operator',
        reason: 'a reason',
        correlationId: 'correlation-1',
      });
      await gate.redis.hset(key, 'expiresAtMs', expiresAtMs);
      expect(result === 'done').toBe(close(batch, one.kind));
      return;
    }
    case 'claim': {
      const { result } = await gate.claim(batch);
      expect(result === 'claimed').toBe(close(batch, 'claim'));
      const read = await gate.batches.read(batch.batchId);
      batch.fence = read?.fence ?? 0;
      batch.executionId = read?.executionId ?? '';
      return;
    }
    case 'admit': {
      const { answer, attemptId } = await ask();
      expect(answer === 'admitted').toBe(take(action, 'admit'));
      if (answer !== 'admitted') return;
      action.attemptId = attemptId;
      return;
    }
    case 'block': {
      await gate.redis.hset(gate.keys.suppressions, 'opted out', '{}');
      const { answer } = await ask({ suppressionPseudonyms: ['opted out'] });
      expect(answer).toBe(queued ? 'suppressed' : 'action_not_queued');
      take(action, 'block');
      return;
    }
    case 'defer': {
      const { answer } = await ask({ clock: openClock(Date.now(), { windowOpen: false }) });
      expect(answer).toBe(queued ? 'outside_window' : 'action_not_queued');
      return;
    }
    case 'settle': {
      const own = one.whose === 'own' && action.attemptId !== '';
      const answer = await gate.actions.settle({
        actionId,
        batchId: batch.batchId,
        attemptId: own ? action.attemptId : 'att_of_a_stranger',
        ledger: 'sandbox',
        to: one.to,
        providerMessageId: 'provider-1',
        proof: '',
        code: 'a_code',
        retryAfterMs: 0,
        backoff: { firstMs: 1, maxMs: 1, attemptsMax: 100 },
        heard: null,
        stillHeld: one.to === 'handed_over',
        actor: 'gatekeeper',
        correlationId: 'correlation-1',
      });
      expect(answer.settled).toBe(own && settled(action, one.to));
      return;
    }
    case 'lose': {
      if (action.status === 'sending') await gate.redis.zadd(gate.keys.actionsSending, 1, actionId);
      expect((await gate.actions.loseExpired(100)).includes(actionId)).toBe(take(action, 'lose'));
      return;
    }
    case 'adopt': {
      const open = openActionStatuses.includes(action.status);
      const found = {
        to: 'handed_over',
        providerMessageId: 'p',
        proof: '',
        personKeys: [],
        stillHeld: true,
      } as const;
      expect(await gate.actions.adopt({ action: await stored(), ...found })).toBe(open);
      if (open) action.status = 'handed_over';
      endIfNothingIsOpen(batch);
      return;
    }
    case 'takeBack': {
      const why = { reason: 'a reason', actor: 'operator', correlationId: 'correlation-1' };
      const { done } = await gate.actions.takeBack({ action: await stored(), ...why });
      expect(done).toBe(take(action, 'takeBack'));
      return;
    }
    case 'takeDue': {
      if (queued) await gate.redis.zadd(gate.keys.actionsQueued, 1, actionId);
      const due = (await gate.actions.takeDue(100, 60_000)).map((job) => job.actionId);
      expect(due.includes(actionId)).toBe(queued);
    }
  }
};

const compare = async (gate: Gate, batches: readonly ModelBatch[]): Promise<void> => {
  const inStatus = (status: ActionStatus): string[] =>
    batches.flatMap(({ actions }) =>
      actions.filter((action) => action.status === status).map(({ frozen }) => frozen.actionId),
    );
  const reads = gate.redis.pipeline();
  const expected: string[] = [];
  for (const { batchId, actions, status } of batches) {
    reads.hget(gate.keys.batch(batchId), 'status');
    expected.push(status);
    for (const action of actions) {
      reads.hget(gate.keys.action(action.frozen.actionId), 'status');
      reads.hget(gate.keys.draft(action.frozen.draftId), 'status');
      expected.push(action.status, action.draft);
    }
  }
  expect(((await reads.exec()) ?? []).map(([, status]) => status)).toEqual(expected);
  for (const batch of batches) {
    const real: Record<string, number> = {};
    for (const { status } of batch.actions) real[status] = (real[status] ?? 0) + 1;
    const counts = Object.entries((await gate.batches.read(batch.batchId))?.counts ?? {});
    expect(counts.filter(([, count]) => count < 0)).toEqual([]);
    expect(Object.fromEntries(counts.filter(([, count]) => count !== 0))).toEqual(real);
  }
  for (const [key, status] of [
    [gate.keys.actionsQueued, 'queued'],
    [gate.keys.actionsSending, 'sending'],
    [gate.keys.actionsUnknown, 'unknown'],
  ] as const) {
    expect((await gate.redis.zrange(key, '0', '-1')).sort()).toEqual(inStatus(status).sort());
  }
};

test('the store agrees with the life cycle after every step of any order of events', async () => {
  const ran = { steps: 0, endings: new Set<BatchStatus>(), statuses: new Set<ActionStatus>() };
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 80 }), async (steps) => {
      const gate = await fixture.createGate();
      const batches: ModelBatch[] = [];
      const go = async (action: ModelAction, one: Step): Promise<void> => {
        await carryOut(gate, action, one);
        await compare(gate, batches);
        ran.steps += 1;
        for (const batch of batches) {
          ran.endings.add(batch.status);
          batch.actions.forEach(({ status }) => ran.statuses.add(status));
        }
      };
      for (const one of steps) {
        if (one.kind === 'freeze' || batches.length === 0)
          batches.push(await freeze(gate, (one.place % 4) + 1));
        // The newest often, so that a batch goes all its way; any of them sometimes.
        const batch = batches[one.place % 3 === 0 ? one.place % batches.length : batches.length - 1];
        const action = batch?.actions[one.place % batch.actions.length];
        if (action !== undefined && one.kind !== 'freeze') await go(action, one);
      }
      // However it stands now, it can be brought to an end.
      const outcome = { kind: 'settle', place: 0, whose: 'own' } as const;
      for (const [number, action] of batches.flatMap(({ actions }) => actions).entries()) {
        for (const kind of ['approve', 'claim', 'admit'] as const) await go(action, { kind, place: 0 });
        await go(action, { ...outcome, to: (number + steps.length) % 2 === 0 ? 'left' : 'refused' });
      }
      expect(batches.map(({ status }) => status)).not.toContain('executing');
    }),
    { numRuns: 60 },
  );
  // What was never reached was not proven.
  expect(ran.steps).toBeGreaterThan(2_000);
  expect(ran.endings.size).toBe(9);
  expect(ran.statuses.size).toBe(9);
}, 60_000);
