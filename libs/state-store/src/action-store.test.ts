// Risk: an action is handed out twice, is taken back or adopted when it must not be, or looks absent when it is damaged.
import type { DispatchActionJob } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import { CorruptRecordError } from './record.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';
import {
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

describe('what is due', () => {
  test('is handed out once and hidden until the grace is over, then under the next number', async () => {
    const { batch } = await executing(gate, 3);
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

  test('and damaged is told to whoever wants to know and holds up nobody; otherwise it is an error', async () => {
    const batch = await gate.approvedBatch(2);
    await gate.claim(batch);
    const [damaged, whole] = batch.actions.map(({ actionId }) => actionId);
    if (damaged === undefined || whole === undefined) throw new Error('two actions');
    await gate.redis.hdel(gate.keys.action(damaged), 'executionId');
    const told: string[] = [];
    const jobs = await gate.actions.takeDue(10, 0, (actionId) => void told.push(actionId));
    expect([told, jobs.map(({ actionId }) => actionId)]).toEqual([[damaged], [whole]]);
    await expect(gate.actions.takeDue(10, 0)).rejects.toThrow(gate.keys.action(damaged));
  });

  test('is nothing that was deferred to later', async () => {
    const { job, attemptId } = await sending(gate);
    await settle(gate, job, attemptId, 'released', { retryAfterMs: 60_000 });
    expect(await gate.actions.takeDue(10, 1_000)).toEqual([]);
    const [receipt] = await gate.actions.receipts([job.actionId]);
    expect(Date.parse(receipt?.deferredUntil ?? '')).toBeGreaterThan(Date.now() + 50_000);
  });
});

describe('taking back', () => {
  const takeBack = async (job: DispatchActionJob) => {
    const action = await storedAction(gate, job);
    return gate.actions.takeBack({
      action,
      reason: 'opted out',
      actor: 'op',
      correlationId: 'correlation-1',
    });
  };

  test('frees the person, keeps the reason and happens once', async () => {
    const { job, attemptId } = await sending(gate);
    await settle(gate, job, attemptId, 'handed_over');
    const answers = await Promise.all(Array.from({ length: 10 }, () => takeBack(job)));
    expect(answers.filter(({ done }) => done)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'taken_back')).toHaveLength(10);
    expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
    expect(await gate.actions.receipts([job.actionId])).toMatchObject([
      { outcome: 'taken_back', reason: 'opted out' },
    ]);
    expect(await countsOf(job)).toMatchObject({ handed_over: 0, taken_back: 1 });
    const rows = (await createAuditLog(gate.session).rowsAfter('', 100)).map(({ row }) => row);
    expect(rows.filter(({ kind }) => kind === 'action.taken_back')).toMatchObject([
      { ref: job.actionId, from: 'handed_over', to: 'taken_back', code: 'opted out', actor: 'op' },
    ]);
  });

  test.each(['queued', 'sending', 'left', 'refused', 'blocked', 'unknown', 'frozen'] as const)(
    'is refused for an action that is %s',
    async (status) => {
      const { job } = await sending(gate);
      await gate.redis.hset(gate.keys.action(job.actionId), 'status', status);
      expect(await takeBack(job)).toEqual({ done: false, status });
      expect(await statusOf(job)).toBe(status);
    },
  );
});

describe('what a recovery found at its provider', () => {
  const adopt = async (job: DispatchActionJob, to: 'handed_over' | 'left', stillHeld: boolean) => {
    const action = await storedAction(gate, job);
    return gate.actions.adopt({
      action,
      to,
      providerMessageId: 'provider-9',
      proof: 'found',
      personKeys: [personOf(job)],
      stillHeld,
    });
  };
  const inState = async (status: 'queued' | 'sending' | 'unknown') => {
    const { job, admit } = await executing(gate);
    if (status !== 'queued') await admit(job);
    if (status === 'unknown') await lose(gate, job);
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
      expect(await setsWith(gate, job)).toEqual([]);
      expect(await gate.actions.takeDue(10, 1_000)).toEqual([]);
      expect(await inFlight(gate, 'sandbox', [personOf(job)])).toBe(true);
      expect(await gate.batches.read(job.batchId)).toMatchObject({ status: 'executed' });
      const action = await storedAction(gate, job);
      await gate.actions.takeBack({ action, reason: 'x', actor: 'op', correlationId: 'correlation-1' });
      expect(await inFlight(gate, 'sandbox', [personOf(job)])).toBe(false);
    },
  );

  test('and mailed already frees its person and counts as left', async () => {
    const job = await inState('sending');
    await adopt(job, 'left', false);
    expect(await statusOf(job)).toBe('left');
    expect(await inFlight(gate, 'sandbox', [personOf(job)])).toBe(false);
    expect(await gate.redis.hlen(gate.keys.contacts('sandbox'))).toBe(0);
  });

  test('and mailed in the real ledger counts as a contact, which the older store forgot', async () => {
    const job = await inState('queued');
    await gate.redis.hset(gate.keys.action(job.actionId), 'ledger', 'real');
    await adopt(job, 'left', false);
    expect(Number(await gate.redis.hget(gate.keys.contacts('real'), personOf(job)))).toBeGreaterThan(0);
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
    const { jobs, admit } = await executing(gate, 4);
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
    const { job } = await sending(gate);
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
    const { job } = await sending(gate);
    const ids = [job.actionId, fixture.ids.actionId()];
    await expect(gate.actions.readMany(ids)).rejects.toThrow(CorruptRecordError);
    await expect(gate.actions.receipts(ids)).rejects.toThrow(CorruptRecordError);
  });

  test('what is open is everything queued, in flight or unknown', async () => {
    const { jobs, admit } = await executing(gate, 4);
    const [one, two, three] = jobs;
    if (one === undefined || two === undefined || three === undefined) throw new Error('four jobs');
    await admit(one);
    await settle(gate, two, await admit(two), 'unknown');
    await settle(gate, three, await admit(three), 'left');
    const open = jobs.filter((job) => job !== three).map(({ actionId }) => actionId);
    expect((await gate.actions.openIds()).sort()).toEqual(open.sort());
  });
});
