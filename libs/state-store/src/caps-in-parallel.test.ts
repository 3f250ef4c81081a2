// Risk: workers that ask at the same time send more than a cap allows, or a place that was given back is never used.
import type { DispatchActionJob } from '@caio/contracts';
import type { AdmissionRules, SendingClock } from '@caio/dispatch-core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { admissible, openClock, settleAs } from './testing/admission-request.ts';
import { capsWith, claimed, workAll } from './testing/eight-workers.ts';
import { createGateFixture, type Gate, type GateFixture, pseudonymOf } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

const counterOf = (gate: Gate, cap: keyof AdmissionRules['caps']): string =>
  ({
    hour: gate.keys.sent('sandbox', 'hour', '2026-01-05T10'),
    day: gate.keys.sent('sandbox', 'day', '2026-01-05'),
    month: gate.keys.sent('sandbox', 'month', '2026-01'),
    domain: gate.keys.sent('sandbox', 'domain', '2026-01-05', 'acme.example'),
    mailbox: gate.keys.sent('sandbox', 'mailbox', '2026-01-05', 'email:sam@outreach.example'),
  })[cap];

describe.each(['hour', 'day', 'month', 'domain', 'mailbox'] as const)(
  'eight workers and the cap by %s',
  (cap) => {
    test('send exactly as many as it allows, and the rest waits under its name', async () => {
      const { gate, digests } = await claimed(fixture, 30);
      const { kept, refusals } = await workAll(fixture, gate, digests, {
        rules: { caps: capsWith(cap, 11) },
      });
      expect(kept).toHaveLength(11);
      expect(new Set(refusals)).toEqual(new Set([`cap_${cap}`]));
      expect(await gate.redis.get(counterOf(gate, cap))).toBe('11');
      expect(await gate.redis.zcard(gate.keys.actionsQueued)).toBe(19);
    });

    test('fill it to the last place when messages are given back, and when those are never sent after all', async () => {
      const { gate, digests } = await claimed(fixture, 30);
      const opted: string[] = [];
      const { kept } = await workAll(fixture, gate, digests, {
        rules: { caps: capsWith(cap, 11) },
        after: async (admission, job) => {
          if (admission % 3 !== 0) return 'handed_over';
          // Every other one that is given back opts out before it is tried again: its place is somebody else's.
          if (admission % 2 === 0) {
            opted.push(job.actionId);
            await gate.redis.hset(gate.keys.suppressions, pseudonymOf(job.actionId), '{}');
          }
          return 'released';
        },
      });
      expect(opted.length).toBeGreaterThan(0);
      expect(kept).toHaveLength(11);
      expect(new Set(kept.map(({ actionId }) => actionId)).size).toBe(11);
      expect(kept.some(({ actionId }) => opted.includes(actionId))).toBe(false);
      expect(await gate.redis.get(counterOf(gate, cap))).toBe('11');
    });
  },
);

test.each(['hour', 'day', 'month', 'domain', 'mailbox'] as const)(
  'places under the cap by %s that come free go to those it put off, past whoever cannot use them',
  async (cap) => {
    const { gate, digests } = await claimed(fixture, 20);
    const rules = { caps: capsWith(cap, 6) };
    const inHand: DispatchActionJob[] = [];
    await workAll(fixture, gate, digests, {
      rules,
      after: (_, job) => {
        inHand.push(job);
        return 'stays_in_hand';
      },
    });
    expect(inHand).toHaveLength(6);
    const waiting = await gate.redis.zrange(gate.keys.actionsQueued, '0', '-1');
    const first = await gate.redis.zrange(`${counterOf(gate, cap)}:waiting`, '0', '3');
    expect(first).toHaveLength(4);
    // The six are given back and opt out; so do the four that wait longest.
    for (const job of inHand) {
      const attemptId = (await gate.redis.hget(gate.keys.action(job.actionId), 'attemptId')) ?? '';
      await settleAs(gate, job, attemptId, 'released');
    }
    for (const actionId of [...inHand.map((job) => job.actionId), ...first])
      await gate.redis.hset(gate.keys.suppressions, pseudonymOf(actionId), '{}');
    const { kept, refusals } = await workAll(fixture, gate, digests, { rules });
    expect(kept).toHaveLength(6);
    expect(kept.every(({ actionId }) => waiting.includes(actionId))).toBe(true);
    expect(refusals.filter((code) => code === 'suppressed')).toHaveLength(10);
    // Nobody else was woken for a place that was not there: the last four still wait for the next period.
    expect(await gate.redis.zcard(gate.keys.actionsQueued)).toBe(4);
    expect(await gate.redis.get(counterOf(gate, cap))).toBe('6');
  },
);

test('a place that its next in line cannot use, because another cap holds that one, goes further', async () => {
  const gate = await fixture.createGate();
  const { batch, jobs } = await gate.executing(4);
  const rules = { caps: { ...capsWith('day', 2), domain: 1 } };
  const ask = async (index: number, recipientDomain: string) => {
    const [job, action] = [
      jobs[index],
      batch.actions.find(({ actionId }) => actionId === jobs[index]?.actionId),
    ];
    if (job === undefined || action === undefined) throw new Error('four actions');
    const request = admissible(gate, job, action.contentDigest, { recipientDomain });
    const answer = await gate.actions.admit({ ...request, rules: { ...request.rules, ...rules } });
    return { job, attemptId: request.attemptId, told: answer.admitted ? 'admitted' : answer.code };
  };
  const dueIn = async (job: DispatchActionJob): Promise<number> =>
    Number(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId)) - Date.now();
  expect((await ask(0, 'one.example')).told).toBe('admitted');
  const given = await ask(1, 'two.example');
  const next = await ask(2, 'one.example');
  const last = await ask(3, 'three.example');
  expect([given.told, next.told, last.told]).toEqual(['admitted', 'cap_day', 'cap_day']);
  await settleAs(gate, given.job, given.attemptId, 'released');
  expect(await dueIn(next.job)).toBeLessThanOrEqual(0);
  expect(await dueIn(last.job)).toBeGreaterThan(1_000_000);
  expect((await ask(2, 'one.example')).told).toBe('cap_domain');
  expect(await dueIn(last.job)).toBeLessThanOrEqual(0);
  expect((await ask(3, 'three.example')).told).toBe('admitted');
});

test('a place that is given back after its day is over is given back to that day, and takes none of the new one', async () => {
  const { gate, digests } = await claimed(fixture, 12);
  const inHand: DispatchActionJob[] = [];
  const caps = capsWith('day', 4);
  const first = await workAll(fixture, gate, digests, {
    rules: { caps },
    after: (_, job) => {
      inHand.push(job);
      return 'stays_in_hand';
    },
  });
  expect(first.kept).toHaveLength(4);
  // Midnight: what waited for the next day is due, and the four are still on their way.
  for (const actionId of await gate.redis.zrange(gate.keys.actionsQueued, '0', '-1'))
    await gate.redis.zadd(gate.keys.actionsQueued, 1, actionId);
  const second = await workAll(fixture, gate, digests, {
    rules: { caps },
    clock: (now) => openClock(now, { dayKey: '2026-01-06', hourKey: '2026-01-06T00' }),
  });
  expect(second.kept).toHaveLength(4);
  for (const job of inHand) {
    const attemptId = (await gate.redis.hget(gate.keys.action(job.actionId), 'attemptId')) ?? '';
    await settleAs(gate, job, attemptId, 'released');
    await settleAs(gate, job, attemptId, 'released');
  }
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe('0');
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-06'))).toBe('4');
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'month', '2026-01'))).toBe('4');
});

test('a mailbox rests between two messages whoever sends them, and goes on by itself', async () => {
  const { gate, digests } = await claimed(fixture, 10);
  const ids: readonly string[] = [...digests.keys()];
  const senderOf = (actionId: string): string => `email:box${ids.indexOf(actionId) % 2}@outreach.example`;
  const { kept, refusals } = await workAll(fixture, gate, digests, {
    ...{ rules: { gapMs: 40 }, senderOf },
    isDone: (count) => count === 10,
  });
  expect(kept).toHaveLength(10);
  expect(refusals).toContain('gap');
  for (const box of ['email:box0@outreach.example', 'email:box1@outreach.example']) {
    const times = kept
      .filter(({ sender }) => sender === box)
      .map(({ atMs }) => atMs)
      .sort((a, b) => a - b);
    expect(times).toHaveLength(5);
    times.slice(1).forEach((at, index) => expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(40));
  }
});

test('what a window or a cap put off is sent without help in the first period that has room for it', async () => {
  const { gate, digests } = await claimed(fixture, 11);
  const startMs = Date.now();
  const periodMs = 150;
  // A day of this test lasts as long as a period; the first one is closed.
  const clock = (now: number): SendingClock => {
    const period = Math.max(0, Math.floor((now - startMs) / periodMs));
    const [fromMs, nextMs] = [startMs + period * periodMs, startMs + (period + 1) * periodMs];
    return openClock(now, {
      ...{ dayKey: `day-${period}`, hourKey: `hour-${period}`, windowOpen: period > 0 },
      ...{ validFromMs: fromMs, validUntilMs: nextMs },
      ...{ nextOpenMs: nextMs, nextHourMs: nextMs, nextDayMs: nextMs },
    });
  };
  const { kept, refusals } = await workAll(fixture, gate, digests, {
    ...{ clock, rules: { caps: capsWith('day', 3) } },
    isDone: (count) => count === 11,
  });
  expect(kept).toHaveLength(11);
  expect(refusals).toEqual(expect.arrayContaining(['outside_window', 'cap_day']));
  const perDay = new Map<string, number>();
  for (const { clock: facts } of kept) perDay.set(facts.dayKey, (perDay.get(facts.dayKey) ?? 0) + 1);
  expect(perDay.has('day-0')).toBe(false);
  expect([...perDay.values()].every((count) => count <= 3)).toBe(true);
  expect([...perDay.values()].filter((count) => count === 3).length).toBeGreaterThanOrEqual(2);
});
