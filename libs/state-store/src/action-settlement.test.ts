// Risk: an outcome is recorded wrongly, for another attempt or twice, or gives back what it must keep.
import { type ActionStatus, actionStatusSchema, type DispatchActionJob } from '@caio/contracts';
import { actionArrows } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Settlement } from './action-settlement.ts';
import { createAuditLog } from './audit-log.ts';
import { admissible } from './testing/admission-request.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';
import {
  dayCounter,
  executing,
  inFlight,
  lose,
  personOf,
  sending,
  setsWith,
  settle,
  storedAction,
} from './testing/sending.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const statusOf = async (job: DispatchActionJob) => (await gate.actions.read(job.actionId))?.status;
const countsOf = async (job: DispatchActionJob) => (await gate.batches.read(job.batchId))?.counts;

describe('an outcome', () => {
  const outcomes: Settlement['to'][] = ['handed_over', 'left', 'refused', 'released', 'unknown'];
  const arrowOf = {
    handed_over: actionArrows.handOver,
    left: actionArrows.leave,
    refused: actionArrows.refuse,
    released: actionArrows.release,
    unknown: actionArrows.lose,
  } as const;
  const cases = actionStatusSchema.options.flatMap((status) =>
    outcomes.map((to): [Settlement['to'], ActionStatus] => [to, status]),
  );

  test.each(cases)('%s for an action that is %s', async (to, status) => {
    const { job, attemptId } = await sending(gate);
    if (status === 'unknown') await lose(gate, job);
    else if (status !== 'sending') await gate.redis.hset(gate.keys.action(job.actionId), 'status', status);
    const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
    const rowsBefore = await createAuditLog(gate.session).length();
    const answer = await settle(gate, job, attemptId, to);
    const rows = (await createAuditLog(gate.session).rowsAfter('', 100))
      .slice(rowsBefore)
      .map(({ row }) => row);

    if (status !== 'sending' && status !== 'unknown') {
      expect(answer).toEqual({ settled: false, status });
      expect(await gate.redis.hgetall(gate.keys.action(job.actionId))).toEqual(before);
      expect(rows).toEqual([]);
      return;
    }
    if (status === 'unknown' && to === 'unknown') {
      expect(answer).toEqual({ settled: true, status: 'unknown' });
      expect(rows).toEqual([]);
      return;
    }
    const arrow = arrowOf[to];
    expect(arrow.from as readonly string[]).toContain(status);
    expect(answer).toEqual({ settled: true, status: arrow.to });
    expect(await statusOf(job)).toBe(arrow.to);
    expect(rows[0]).toMatchObject({
      kind: `action.${to}`,
      ref: job.actionId,
      from: status,
      to: arrow.to,
      code: 'a_code',
    });
    if (to === 'unknown') {
      const since = Number((await storedAction(gate, job)).unknownSince);
      expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
    }
    expect(await setsWith(gate, job)).toEqual(
      { queued: ['queued'], unknown: ['unknown'] }[String(arrow.to)] ?? [],
    );
    expect(await countsOf(job)).toMatchObject({ [status]: 0, [arrow.to]: 1 });
    const held = await gate.redis.hget(gate.keys.inFlight('sandbox'), personOf(job));
    expect(held).toBe(['handed_over', 'left', 'unknown'].includes(to) ? job.actionId : null);
    expect(await gate.redis.get(dayCounter(gate))).toBe(to === 'released' ? '0' : '1');
  });

  test('of another attempt is never this one’s, not even of an earlier try of the same action', async () => {
    const { job, attemptId, admit } = await sending(gate);
    await settle(gate, job, attemptId, 'released');
    const second = await admit(job);
    expect(await settle(gate, job, attemptId, 'handed_over')).toEqual({ settled: false, status: 'sending' });
    expect(await settle(gate, job, 'att_of_nobody', 'unknown')).toEqual({
      settled: false,
      status: 'sending',
    });
    expect(await settle(gate, job, second, 'handed_over')).toMatchObject({ settled: true });
  });

  test('of an action that does not exist is nobody’s', async () => {
    const { job, attemptId } = await sending(gate);
    expect(await settle(gate, { ...job, actionId: fixture.ids.actionId() }, attemptId, 'left')).toEqual({
      settled: false,
      status: 'missing',
    });
  });

  test('is told by two at once only one settles', async () => {
    const { job, attemptId } = await sending(gate);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        settle(gate, job, attemptId, number % 2 === 0 ? 'left' : 'released'),
      ),
    );
    expect(answers.filter(({ settled }) => settled)).toHaveLength(1);
    expect(Object.values((await countsOf(job)) ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  test('shows on the receipt what was stored', async () => {
    const { job, attemptId } = await sending(gate);
    await settle(gate, job, attemptId, 'left', { code: '', stillHeld: false });
    expect(await gate.actions.receipts([job.actionId])).toEqual([
      expect.objectContaining({
        outcome: 'left',
        reason: null,
        providerMessageId: 'provider-1',
        proof: 'a proof',
        attempts: 1,
        deferredUntil: null,
        settledAt: expect.stringMatching(/Z$/),
      }),
    ]);
  });
});

describe('a person', () => {
  const contacted = (job: DispatchActionJob, ledger: 'real' | 'sandbox') =>
    gate.redis.hget(gate.keys.contacts(ledger), personOf(job));

  test('counts as contacted when a message left in the real ledger, and only then', async () => {
    for (const [ledger, to, expected] of [
      ['real', 'left', true],
      ['real', 'refused', false],
      ['real', 'handed_over', false],
      ['sandbox', 'left', false],
    ] as const) {
      gate = await fixture.createGate();
      const { job, attemptId } = await sending(gate);
      await settle(gate, job, attemptId, to, { ledger });
      expect((await contacted(job, ledger)) !== null).toBe(expected);
    }
  });

  test('stays in flight while the provider holds the message, and is free when it does not', async () => {
    for (const stillHeld of [true, false]) {
      gate = await fixture.createGate();
      const { job, attemptId } = await sending(gate);
      await settle(gate, job, attemptId, 'left', { stillHeld });
      expect(await inFlight(gate, 'sandbox', [personOf(job)])).toBe(stillHeld);
      expect(await inFlight(gate, 'sandbox', ['somebody', personOf(job)])).toBe(stillHeld);
      expect(await inFlight(gate, 'real', [personOf(job)])).toBe(false);
    }
    expect(await inFlight(gate, 'sandbox', [])).toBe(false);
  });

  test('whom another action holds by now is not freed by a late release', async () => {
    const { job, attemptId } = await sending(gate);
    await gate.redis.hset(gate.keys.inFlight('sandbox'), personOf(job), 'act_of_another');
    await settle(gate, job, attemptId, 'released');
    expect(await gate.redis.hget(gate.keys.inFlight('sandbox'), personOf(job))).toBe('act_of_another');
  });
});

describe('a batch ends', () => {
  type Ending = 'handed_over' | 'left' | 'taken_back' | 'refused' | 'blocked';
  const finish = async (endings: readonly Ending[]) => {
    const { jobs, admit, batch } = await executing(gate, endings.length);
    for (const [place, job] of jobs.entries()) {
      expect(await gate.batches.read(batch.batchId)).toMatchObject({ status: 'executing' });
      const ending = endings[place] ?? 'left';
      if (ending === 'blocked') {
        await gate.redis.hset(gate.keys.suppressions, 'opted out', '{}');
        const digest = batch.actions.find(({ actionId }) => actionId === job.actionId)?.contentDigest ?? '';
        await gate.actions.admit(admissible(gate, job, digest, { suppressionPseudonyms: ['opted out'] }));
        continue;
      }
      const attemptId = await admit(job);
      await settle(gate, job, attemptId, ending === 'taken_back' ? 'handed_over' : ending);
      if (ending === 'taken_back') {
        await gate.actions.takeBack({
          action: await storedAction(gate, job),
          reason: 'a reason',
          actor: 'op',
          correlationId: 'correlation-1',
        });
      }
    }
    return gate.batches.read(batch.batchId);
  };

  test.each<[string, readonly Ending[]]>([
    ['executed', ['handed_over', 'left']],
    ['executed', ['taken_back', 'handed_over']],
    ['partially_executed', ['left', 'refused']],
    ['partially_executed', ['blocked', 'taken_back']],
    ['failed', ['refused', 'blocked']],
  ])('%s when its actions end %j, not before the last of them', async (status, endings) => {
    expect(await finish(endings)).toMatchObject({ status });
    const rows = (await createAuditLog(gate.session).rowsAfter('', 100)).map(({ row }) => row);
    expect(rows.filter(({ kind }) => kind === 'batch.finished')).toMatchObject([
      { from: 'executing', to: status },
    ]);
  });

  test('not while the truth about one action is unknown', async () => {
    const { jobs, admit, batch } = await executing(gate, 2);
    const [one, two] = jobs;
    if (one === undefined || two === undefined) throw new Error('a batch of two has two jobs');
    await settle(gate, one, await admit(one), 'handed_over');
    const attemptId = await admit(two);
    await settle(gate, two, attemptId, 'unknown');
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executing',
      counts: { unknown: 1 },
    });
    expect(await gate.actions.unknownIds(10)).toEqual([two.actionId]);
    await settle(gate, two, attemptId, 'left');
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executed',
      counts: { unknown: 0 },
    });
  });
});
