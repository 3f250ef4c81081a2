// Risk: an action is handed out twice, its outcome is recorded wrongly, or its batch ends otherwise than its actions did.
import { type ActionStatus, actionStatusSchema, type DispatchActionJob } from '@caio/contracts';
import { actionArrows } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Settlement } from './action-store.ts';
import { createAuditLog } from './audit-log.ts';
import { CorruptRecordError } from './record.ts';
import { admissible, createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const person = (job: DispatchActionJob): string => `person of ${job.actionId}`;
const dayKey = () => gate.keys.sent('sandbox', 'day', '2026-01-05');
const statusOf = async (job: DispatchActionJob) => (await gate.actions.read(job.actionId))?.status;
const countsOf = async (job: DispatchActionJob) => (await gate.batches.read(job.batchId))?.counts;
const setOf = async (job: DispatchActionJob): Promise<string[]> => {
  const sets = {
    queued: gate.keys.actionsQueued,
    sending: gate.keys.actionsSending,
    unknown: gate.keys.actionsUnknown,
  };
  const found: string[] = [];
  for (const [name, key] of Object.entries(sets)) {
    if ((await gate.redis.zscore(key, job.actionId)) !== null) found.push(name);
  }
  return found;
};

const settle = (
  job: DispatchActionJob,
  attemptId: string,
  to: Settlement['to'],
  part: Partial<Settlement> = {},
) =>
  gate.actions.settle({
    actionId: job.actionId,
    batchId: job.batchId,
    attemptId,
    ledger: 'sandbox',
    to,
    providerMessageId: 'provider-1',
    proof: 'a proof',
    code: 'a_code',
    retryAfterMs: 0,
    attemptsMax: 3,
    stillHeld: true,
    actor: 'gatekeeper',
    correlationId: 'correlation-1',
    ...part,
  });

const executing = async (count = 1) => {
  const { batch, jobs } = await gate.executing(count);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const admit = async (job: DispatchActionJob): Promise<string> => {
    const request = admissible(gate, job, digests.get(job.actionId) ?? '');
    expect(await gate.actions.admit(request)).toMatchObject({ admitted: true });
    return request.attemptId;
  };
  return { batch, jobs, admit };
};
const sending = async () => {
  const { batch, jobs, admit } = await executing();
  const [job] = jobs;
  if (job === undefined) throw new Error('a batch of one has a job');
  return { batch, job, attemptId: await admit(job), admit };
};
const lose = async (job: DispatchActionJob) => {
  await gate.redis.zadd(gate.keys.actionsSending, 1, job.actionId);
  expect(await gate.actions.loseExpired(10)).toEqual([job.actionId]);
};

describe('what is due', () => {
  test('is handed out once and hidden until the grace is over, then under the next number', async () => {
    const { batch } = await executing(3);
    expect(await gate.actions.takeDue(10, 60_000)).toEqual([]);
    const [first] = batch.actions;
    await gate.redis.zadd(gate.keys.actionsQueued, 1, first?.actionId ?? '');
    expect(await gate.actions.takeDue(10, 60_000)).toEqual([
      expect.objectContaining({ actionId: first?.actionId, attempt: 2, batchId: batch.batchId }),
    ]);
  });

  test('goes to one of many sweeps, the longest waiting first, and no more than was asked for', async () => {
    const batch = await gate.approvedBatch(30);
    await gate.claim(batch);
    const ids = batch.actions.map(({ actionId }) => actionId);
    for (const [place, id] of ids.entries()) await gate.redis.zadd(gate.keys.actionsQueued, place + 1, id);
    expect((await gate.actions.takeDue(5, 60_000)).map(({ actionId }) => actionId)).toEqual(ids.slice(0, 5));
    const rest = (
      await Promise.all(Array.from({ length: 10 }, () => gate.actions.takeDue(10, 60_000)))
    ).flat();
    expect(rest.map(({ actionId }) => actionId).sort()).toEqual(ids.slice(5).sort());
  });

  test('is nothing that was deferred to later', async () => {
    const { job, attemptId } = await sending();
    await settle(job, attemptId, 'released', { retryAfterMs: 60_000 });
    expect(await gate.actions.takeDue(10, 1_000)).toEqual([]);
    const [receipt] = await gate.actions.receipts([job.actionId]);
    expect(Date.parse(receipt?.deferredUntil ?? '')).toBeGreaterThan(Date.now() + 50_000);
  });
});

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
    const { job, attemptId } = await sending();
    if (status === 'unknown') await lose(job);
    else if (status !== 'sending') await gate.redis.hset(gate.keys.action(job.actionId), 'status', status);
    const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
    const rowsBefore = await createAuditLog(gate.session).length();
    const answer = await settle(job, attemptId, to);
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
    expect(await setOf(job)).toEqual({ queued: ['queued'], unknown: ['unknown'] }[String(arrow.to)] ?? []);
    expect(await countsOf(job)).toMatchObject({ [status]: 0, [arrow.to]: 1 });
    const held = await gate.redis.hget(gate.keys.inFlight('sandbox'), person(job));
    expect(held).toBe(['handed_over', 'left', 'unknown'].includes(to) ? job.actionId : null);
    expect(await gate.redis.get(dayKey())).toBe(to === 'released' ? '0' : '1');
  });

  test('of another attempt is never this one’s, not even of an earlier try of the same action', async () => {
    const { job, attemptId, admit } = await sending();
    await settle(job, attemptId, 'released');
    const second = await admit(job);
    expect(await settle(job, attemptId, 'handed_over')).toEqual({ settled: false, status: 'sending' });
    expect(await settle(job, 'att_of_nobody', 'unknown')).toEqual({ settled: false, status: 'sending' });
    expect(await settle(job, second, 'handed_over')).toMatchObject({ settled: true });
  });

  test('of an action that does not exist is nobody’s', async () => {
    const { job, attemptId } = await sending();
    expect(await settle({ ...job, actionId: fixture.ids.actionId() }, attemptId, 'left')).toEqual({
      settled: false,
      status: 'missing',
    });
  });

  test('is told by two at once only one settles', async () => {
    const { job, attemptId } = await sending();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        settle(job, attemptId, number % 2 === 0 ? 'left' : 'released'),
      ),
    );
    expect(answers.filter(({ settled }) => settled)).toHaveLength(1);
    expect(Object.values((await countsOf(job)) ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  test('shows on the receipt what was stored', async () => {
    const { job, attemptId } = await sending();
    await settle(job, attemptId, 'left', { code: '', stillHeld: false });
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
    gate.redis.hget(gate.keys.contacts(ledger), person(job));

  test('counts as contacted when a message left in the real ledger, and only then', async () => {
    for (const [ledger, to, expected] of [
      ['real', 'left', true],
      ['real', 'refused', false],
      ['real', 'handed_over', false],
      ['sandbox', 'left', false],
    ] as const) {
      gate = await fixture.createGate();
      const { job, attemptId } = await sending();
      await settle(job, attemptId, to, { ledger });
      expect((await contacted(job, ledger)) !== null).toBe(expected);
    }
  });

  test('stays in flight while the provider holds the message, and is free when it does not', async () => {
    for (const stillHeld of [true, false]) {
      gate = await fixture.createGate();
      const { job, attemptId } = await sending();
      await settle(job, attemptId, 'left', { stillHeld });
      expect(await gate.actions.personInFlight('sandbox', [person(job)])).toBe(stillHeld);
      expect(await gate.actions.personInFlight('sandbox', ['somebody', person(job)])).toBe(stillHeld);
      expect(await gate.actions.personInFlight('real', [person(job)])).toBe(false);
    }
    expect(await gate.actions.personInFlight('sandbox', [])).toBe(false);
  });

  test('whom another action holds by now is not freed by a late release', async () => {
    const { job, attemptId } = await sending();
    await gate.redis.hset(gate.keys.inFlight('sandbox'), person(job), 'act_of_another');
    await settle(job, attemptId, 'released');
    expect(await gate.redis.hget(gate.keys.inFlight('sandbox'), person(job))).toBe('act_of_another');
  });
});

describe('a release', () => {
  test('gives nothing back twice, and never below nothing when the period is over', async () => {
    const { job, attemptId } = await sending();
    await gate.redis.del(dayKey());
    await settle(job, attemptId, 'released');
    expect(await gate.redis.get(dayKey())).toBeNull();
    expect(await gate.redis.get(gate.keys.sent('sandbox', 'month', '2026-01'))).toBe('0');
  });

  test('goes back to the day it was taken from, not to the day of the release', async () => {
    const { jobs, batch } = await executing();
    const [job] = jobs;
    if (job === undefined) throw new Error('a batch of one has a job');
    const request = admissible(gate, job, batch.actions[0]?.contentDigest ?? '');
    await gate.actions.admit({ ...request, clock: { ...request.clock, dayKey: '2026-01-04' } });
    await gate.redis.set(dayKey(), '7');
    await settle(job, request.attemptId, 'released');
    expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-04'))).toBe('0');
    expect(await gate.redis.get(dayKey())).toBe('7');
  });

  test('after the last allowed try blocks the action, gives back what it held and closes the batch', async () => {
    const { job, attemptId, admit } = await sending();
    await settle(job, attemptId, 'released');
    await settle(job, await admit(job), 'released');
    expect(await settle(job, await admit(job), 'released')).toEqual({ settled: true, status: 'blocked' });
    expect(await gate.actions.receipts([job.actionId])).toMatchObject([
      { outcome: 'blocked', reason: 'attempts_exhausted', attempts: 3 },
    ]);
    expect(await gate.redis.get(dayKey())).toBe('0');
    expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
    expect(await setOf(job)).toEqual([]);
    expect(await gate.batches.read(job.batchId)).toMatchObject({
      status: 'failed',
      counts: { blocked: 1, queued: 0 },
    });
  });
});

describe('a batch ends', () => {
  type Ending = 'handed_over' | 'left' | 'taken_back' | 'refused' | 'blocked';
  const finish = async (endings: readonly Ending[]) => {
    const { jobs, admit, batch } = await executing(endings.length);
    for (const [place, job] of jobs.entries()) {
      expect(await gate.batches.read(batch.batchId)).toMatchObject({ status: 'executing' });
      const ending = endings[place] ?? 'left';
      const attemptId = await admit(job);
      if (ending === 'blocked') await settle(job, attemptId, 'released', { attemptsMax: 1 });
      else await settle(job, attemptId, ending === 'taken_back' ? 'handed_over' : ending);
      const action = await gate.actions.read(job.actionId);
      if (ending === 'taken_back' && action !== null) {
        await gate.actions.takeBack({
          action,
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
    const { jobs, admit, batch } = await executing(2);
    const [one, two] = jobs;
    if (one === undefined || two === undefined) throw new Error('a batch of two has two jobs');
    await settle(one, await admit(one), 'handed_over');
    const attemptId = await admit(two);
    await settle(two, attemptId, 'unknown');
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executing',
      counts: { unknown: 1 },
    });
    expect(await gate.actions.unknownIds(10)).toEqual([two.actionId]);
    await settle(two, attemptId, 'left');
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executed',
      counts: { unknown: 0 },
    });
  });
});

describe('taking back', () => {
  const takeBack = async (job: DispatchActionJob) => {
    const action = await gate.actions.read(job.actionId);
    if (action === null) throw new Error('the action can be read');
    return gate.actions.takeBack({
      action,
      reason: 'opted out',
      actor: 'op',
      correlationId: 'correlation-1',
    });
  };

  test('frees the person, keeps the reason and happens once', async () => {
    const { job, attemptId } = await sending();
    await settle(job, attemptId, 'handed_over');
    const answers = await Promise.all(Array.from({ length: 10 }, () => takeBack(job)));
    expect(answers.filter(({ done }) => done)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'taken_back')).toHaveLength(10);
    expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
    expect(await gate.actions.receipts([job.actionId])).toMatchObject([
      { outcome: 'taken_back', reason: 'opted out' },
    ]);
    expect(await countsOf(job)).toMatchObject({ handed_over: 0, taken_back: 1 });
  });

  test.each(['queued', 'sending', 'left', 'refused', 'blocked', 'unknown', 'frozen'] as const)(
    'is refused for an action that is %s',
    async (status) => {
      const { job } = await sending();
      await gate.redis.hset(gate.keys.action(job.actionId), 'status', status);
      expect(await takeBack(job)).toEqual({ done: false, status });
      expect(await statusOf(job)).toBe(status);
    },
  );
});

describe('what a recovery found at its provider', () => {
  const adopt = async (job: DispatchActionJob, to: 'handed_over' | 'left', stillHeld: boolean) => {
    const action = await gate.actions.read(job.actionId);
    if (action === null) throw new Error('the action can be read');
    return gate.actions.adopt({
      action,
      to,
      providerMessageId: 'provider-9',
      proof: 'found',
      personKeys: [person(job)],
      stillHeld,
    });
  };
  const inState = async (status: 'queued' | 'sending' | 'unknown') => {
    const { jobs, admit } = await executing();
    const [job] = jobs;
    if (job === undefined) throw new Error('a batch of one has a job');
    if (status !== 'queued') await admit(job);
    if (status === 'unknown') await lose(job);
    return job;
  };

  test.each(['queued', 'sending', 'unknown'] as const)(
    'settles an action that is %s, holds its person until it is taken back, and is never sent again',
    async (status) => {
      const job = await inState(status);
      expect(await adopt(job, 'handed_over', true)).toBe(true);
      expect(await gate.actions.receipts([job.actionId])).toMatchObject([
        { outcome: 'handed_over', providerMessageId: 'provider-9', proof: 'found', reason: null },
      ]);
      expect(await setOf(job)).toEqual([]);
      expect(await gate.actions.takeDue(10, 1_000)).toEqual([]);
      expect(await gate.actions.personInFlight('sandbox', [person(job)])).toBe(true);
      expect(await gate.batches.read(job.batchId)).toMatchObject({ status: 'executed' });
      const action = await gate.actions.read(job.actionId);
      if (action === null) throw new Error('the action can be read');
      await gate.actions.takeBack({ action, reason: 'x', actor: 'op', correlationId: 'correlation-1' });
      expect(await gate.actions.personInFlight('sandbox', [person(job)])).toBe(false);
    },
  );

  test('and mailed already frees its person and counts as left', async () => {
    const job = await inState('sending');
    await adopt(job, 'left', false);
    expect(await statusOf(job)).toBe('left');
    expect(await gate.actions.personInFlight('sandbox', [person(job)])).toBe(false);
    expect(await gate.redis.hlen(gate.keys.contacts('sandbox'))).toBe(0);
  });

  test('and mailed in the real ledger counts as a contact, which the older store forgot', async () => {
    const job = await inState('queued');
    await gate.redis.hset(gate.keys.action(job.actionId), 'ledger', 'real');
    await adopt(job, 'left', false);
    expect(Number(await gate.redis.hget(gate.keys.contacts('real'), person(job)))).toBeGreaterThan(0);
  });

  test.each(['handed_over', 'left', 'refused', 'blocked', 'taken_back'] as const)(
    'changes nothing about an action that is %s',
    async (status) => {
      const job = await inState('sending');
      await gate.redis.hset(gate.keys.action(job.actionId), 'status', status);
      const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
      expect(await adopt(job, 'handed_over', true)).toBe(false);
      expect(await gate.redis.hgetall(gate.keys.action(job.actionId))).toEqual(before);
    },
  );
});

describe('leases', () => {
  test('that run out are lost in batches, only those, and one that was settled meanwhile is not lost', async () => {
    const { jobs, admit } = await executing(4);
    for (const job of jobs) await admit(job);
    const [one, two, three] = jobs;
    if (one === undefined || two === undefined || three === undefined) throw new Error('four jobs');
    for (const job of [one, two, three]) await gate.redis.zadd(gate.keys.actionsSending, 1, job.actionId);
    await gate.redis.hset(gate.keys.action(three.actionId), 'status', 'left');
    const lost = [...(await gate.actions.loseExpired(2)), ...(await gate.actions.loseExpired(2))];
    expect(lost.sort()).toEqual([one.actionId, two.actionId].sort());
    expect(await statusOf(three)).toBe('left');
    expect(await gate.redis.zcard(gate.keys.actionsSending)).toBe(1);
    expect(await gate.actions.receipts([one.actionId])).toMatchObject([
      { outcome: 'unknown', reason: 'lease_expired' },
    ]);
  });
});

describe('reading', () => {
  test('an unknown action is absent; a damaged one is an error that names it', async () => {
    const { job } = await sending();
    expect(await gate.actions.read(fixture.ids.actionId())).toBeNull();
    for (const damage of [
      { status: 'sent' },
      { digest: 'x' },
      { attempts: 'many' },
      { provider: 'pigeon' },
    ]) {
      const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
      await gate.redis.hset(gate.keys.action(job.actionId), damage);
      await expect(gate.actions.read(job.actionId)).rejects.toThrow(CorruptRecordError);
      await expect(gate.actions.receipts([job.actionId])).rejects.toThrow(gate.keys.action(job.actionId));
      await gate.redis.hset(gate.keys.action(job.actionId), before);
    }
  });

  test('an action that should be there and is not is an error, not left out', async () => {
    const { job } = await sending();
    const ids = [job.actionId, fixture.ids.actionId()];
    await expect(gate.actions.readMany(ids)).rejects.toThrow(CorruptRecordError);
    await expect(gate.actions.receipts(ids)).rejects.toThrow(CorruptRecordError);
  });

  test('what is open is everything queued, in flight or unknown', async () => {
    const { jobs, admit } = await executing(4);
    const [one, two, three] = jobs;
    if (one === undefined || two === undefined || three === undefined) throw new Error('four jobs');
    await admit(one);
    await settle(two, await admit(two), 'unknown');
    await settle(three, await admit(three), 'left');
    const open = jobs.filter((job) => job !== three).map(({ actionId }) => actionId);
    expect((await gate.actions.openIds()).sort()).toEqual(open.sort());
  });
});
