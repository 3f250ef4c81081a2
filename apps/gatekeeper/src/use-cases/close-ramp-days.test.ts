// Risk: a day is called clean that was not, is counted twice or never, or the ramp ends or comes back without cause.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRampHistory, supervised } from '../testing/ramp-history.ts';
import { openRealStore, type RealStore } from '../testing/real-store.ts';

let store: RealStore;
beforeAll(async () => {
  store = await openRealStore();
});
afterAll(() => store.close());

const open = (options: Parameters<typeof openRampHistory>[1] = {}) => openRampHistory(store, options);

test('each day is judged by what happened on it and by how it stood at its end', async () => {
  const history = await open();
  const { row, send, redis, keys, keyOf, dayOf } = history;
  // Twelve days, the oldest first, because a stream grows at its end.
  await send(12, 9);
  await send(11, 9, { ledger: 'sandbox', mode: 'sandbox' });
  await send(11, 9, { ledger: 'log-only', mode: 'log-only', to: 'handed_over' });
  await send(10, 9, { mode: 'allow-list' });
  const bounced = await send(9, 9);
  await row(9, 10, { kind: 'person.suppressed', ref: 'suppression', code: 'bounced', who: bounced.who });
  await send(8, 9);
  await row(8, 10, {
    kind: 'person.suppressed',
    ref: 'suppression',
    code: 'bounced',
    who: 'never written to',
  });
  await row(8, 11, { kind: 'person.suppressed', ref: 'suppression', code: 'unsubscribed', who: 'whoever' });
  await send(7, 9);
  await row(7, 10, { kind: 'halt.set', ref: 'halt', actor: 'ada' });
  await row(6, 8, { kind: 'halt.lifted', ref: 'halt', actor: 'ada' });
  await send(6, 9);
  const lost = await send(5, 23, { to: 'unknown' });
  await send(5, 23);
  const found = await send(4, 9, { to: 'unknown' });
  await row(4, 8 + 2, {
    kind: 'action.left',
    ref: lost.actionId,
    from: 'unknown',
    to: 'left',
    who: lost.who,
  });
  await row(4, 11, { kind: 'action.left', ref: found.actionId, from: 'unknown', to: 'left', who: found.who });
  await redis.zrem(keys.actionsUnknown, lost.actionId, found.actionId);
  await row(3, 8, { kind: 'draft.accepted', ref: 'drf_late', to: 'accepted' });
  await send(3, 9);
  await row(2, 9, { kind: 'draft.approve', ref: 'drf_late', from: 'pending', to: 'approved', actor: 'ada' });
  await row(1, 8, { kind: 'draft.accepted', ref: 'drf_waits', to: 'accepted' });
  await redis.zadd(keys.draftsByStatus('pending'), dayOf(1).startMs + 8 * 3_600_000, 'drf_waits');
  await send(1, 9);
  expect(await history.closeDays()).toBe(12);
  expect(await history.verdicts()).toEqual([
    `${keyOf(12)} clean`,
    `${keyOf(11)} missed`,
    `${keyOf(10)} missed`,
    `${keyOf(9)} not_clean bounce`,
    `${keyOf(8)} clean`,
    `${keyOf(7)} not_clean halt`,
    `${keyOf(6)} not_clean halt`,
    `${keyOf(5)} not_clean unknown`,
    `${keyOf(4)} clean`,
    `${keyOf(3)} not_clean unreviewed`,
    `${keyOf(2)} missed`,
    `${keyOf(1)} not_clean unreviewed`,
  ]);
  const { days, against } = await history.showRamp.readStatus();
  expect(days.find(({ facts }) => facts.day === keyOf(8))?.facts).toMatchObject({ optOuts: 1, bounces: 0 });
  expect(days.find(({ facts }) => facts.day === keyOf(2))?.facts).toMatchObject({ draftsApproved: 1 });
  expect(against).toEqual([]);
});

test('however many processes close a day at the same time, one of them keeps it, and none does again', async () => {
  const first = await open();
  await first.send(3, 9);
  await first.send(1, 9);
  const others = await Promise.all(
    Array.from({ length: 5 }, async () => open({ session: await store.openTwin(first.keys) })),
  );
  const closed = await Promise.all([first, ...others].map((one) => one.closeDays()));
  expect(closed.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect((await first.rowsOf('ramp.day_closed')).map(({ ref, code }) => `${ref} ${code}`)).toEqual([
    `${first.keyOf(3)} clean`,
    `${first.keyOf(2)} missed`,
    `${first.keyOf(1)} clean`,
  ]);
  expect(await first.closeDays()).toBe(0);
});

test('a bounce that comes days later takes its day away, and the day it comes on', async () => {
  const history = await open();
  const late = await history.send(4, 9);
  await history.send(3, 9);
  // The days up to here were closed before the bounce was known.
  const early = await openRampHistory(store, { session: history.session });
  await history.send(1, 9);
  await history.row(1, 12, { kind: 'person.suppressed', ref: 'suppression', code: 'bounced', who: late.who });
  expect(await early.closeDays()).toBe(4);
  expect(await history.verdicts()).toEqual([
    `${history.keyOf(4)} not_clean bounce`,
    `${history.keyOf(3)} clean`,
    `${history.keyOf(2)} missed`,
    `${history.keyOf(1)} not_clean bounce`,
  ]);
});

test('a stop that stands in the environment of a process is a stop', async () => {
  const stopped = await open({ emergencyStop: true });
  await stopped.row(1, 1, { kind: 'draft.accepted', ref: 'drf_old', to: 'accepted' });
  expect((await stopped.showRamp.readStatus()).days[0]).toMatchObject({ status: 'open', reasons: ['halt'] });
  await stopped.closeDays();
  const { timezone } = stopped.rules.policy;
  expect(await stopped.ramp.wasStopped(timezone, stopped.today.key)).toBe(true);
});

describe('the ramp', () => {
  const graduate = (history: Awaited<ReturnType<typeof open>>) =>
    history.showRamp.graduate({ actor: 'ada', reason: 'three good days', correlationId: 'correlation-1' });

  test('does not end while there are not enough clean days, says why, and then takes a person', async () => {
    const history = await open();
    await history.send(3, 9);
    await history.send(2, 9);
    await history.closeDays();
    expect(await graduate(history)).toEqual({
      outcome: 'not_yet',
      against: ['2 clean days of 3 within 45 days: 1 more needed.'],
    });
    expect(await history.showRamp.readStatus()).toMatchObject({
      stage: 'ramp',
      holds: { emailPerDay: 5, tiers: ['tier_1'] },
      cleanDays: { required: 3, found: [history.keyOf(3), history.keyOf(2)] },
    });
    expect(await history.rowsOf('ramp.graduated')).toEqual([]);
  });

  test('ends by a named person with a reason and comes back on a day the policy names; days before do not count again', async () => {
    const policy = { ramp: { ...supervised, dropsBackOn: ['bounce' as const] } };
    const history = await open({ policy });
    for (const ago of [4, 3, 2]) await history.send(ago, 9);
    const bounced = await history.send(1, 9);
    await history.row(1, 12, {
      ...{ kind: 'person.suppressed', ref: 'suppression', code: 'bounced', who: bounced.who },
    });
    await history.closeDays();
    expect(await graduate(history)).toMatchObject({
      outcome: 'graduated',
      status: {
        stage: 'graduated',
        graduated: { by: 'ada', reason: 'three good days' },
        holds: { emailPerDay: 100_000 },
        against: ['The ramp was ended already, by ada.'],
      },
    });
    expect(await history.rowsOf('ramp.graduated')).toMatchObject([
      { actor: 'ada', code: [4, 3, 2].map(history.keyOf).join(',') },
    ]);
    expect((await graduate(history)).outcome).toBe('not_yet');

    // Today ends badly: a bounce about somebody written to yesterday.
    await history.redis.xadd(
      history.keys.audit,
      '*',
      ...Object.entries({
        ...{
          at: String(Date.now()),
          kind: 'person.suppressed',
          ref: 'suppression',
          batch: '',
          from: '',
          to: '',
        },
        ...{ code: 'bounced', actor: 'provider', who: bounced.who, cid: 'correlation-1' },
      }).flat(),
    );
    expect(await history.closeDaysAt(history.today.endMs + 60_000)).toBe(1);
    expect(await history.rowsOf('ramp.dropped_back')).toMatchObject([
      { ref: history.today.key, code: 'bounce' },
    ]);
    const status = await history.showRamp.readStatus();
    expect(status).toMatchObject({
      stage: 'ramp',
      graduated: null,
      droppedBack: { day: history.today.key, reasons: ['bounce'] },
      cleanDays: { found: [] },
      holds: { emailPerDay: 5 },
    });
  });

  test('is not ended on days that were judged before another one was closed', async () => {
    const history = await open();
    for (const ago of [3, 2, 1]) await history.send(ago, 9);
    await history.closeDays();
    const { changes } = await history.ramp.read(history.rules.policy);
    const request = {
      policy: 'test',
      actor: 'ada',
      reason: 'good',
      cleanDays: [],
      correlationId: 'correlation-1',
    };
    await history.redis.hincrby(history.keys.ramp, 'changes', 1);
    expect(await history.ramp.graduate({ ...request, changes })).toBe('days_moved');
    expect(await history.ramp.stage(history.rules.policy)).toBe('ramp');
  });

  test('of one policy says nothing about another', async () => {
    const history = await open();
    for (const ago of [3, 2, 1]) await history.send(ago, 9);
    await history.closeDays();
    await graduate(history);
    const other = { ...history.rules.policy, name: 'another' };
    expect(await history.ramp.stage(history.rules.policy)).toBe('graduated');
    expect(await history.ramp.stage(other)).toBe('ramp');
    expect((await history.ramp.read(other)).graduated).toBeNull();
  });
});

test('the cap of e-mail grows with the share of drafts approved, where the policy says so', async () => {
  const growth = {
    lookbackDays: 10,
    decisionsMin: 4,
    steps: [{ approvedShareMin: 0.75, emailPerDay: 200_000 }],
  };
  const history = await open({ policy: { growth, ramp: { ...supervised, enabled: false } } });
  for (const decision of ['approve', 'approve', 'approve', 'reject'])
    await history.row(1, 9, {
      kind: `draft.${decision}`,
      ref: 'drf_1',
      from: 'pending',
      to: 'x',
      actor: 'ada',
    });
  await history.closeDays();
  expect(await history.showRamp.readStatus()).toMatchObject({
    stage: 'off',
    growth: { approvedShare: 0.75, decisions: 4, emailPerDay: 200_000 },
    holds: { emailPerDay: 200_000 },
    against: ['This policy has no ramp.'],
  });
});

test('the page of a day names what was sent, approved and stopped, each number with its source, and nobody by address', async () => {
  const history = await open();
  const hash = 'a'.repeat(64);
  await history.row(1, 8, { kind: 'batch.approved', ref: 'bat_1', code: hash, actor: 'ada', to: 'approved' });
  const { who } = await history.send(1, 9);
  await history.closeDays();
  const page = await history.showRamp.readEvidence(history.keyOf(1));
  if (page.outcome !== 'found') throw new Error(page.outcome);
  expect(page.evidence).toMatchObject({
    day: { status: 'clean' },
    batches: [{ batchId: 'bat_1', previewHash: hash, approvedBy: 'ada' }],
    sends: [{ who, outcome: 'left' }],
    sendsTotal: 1,
    caps: [{ used: 1, max: 5 }, { used: 0 }],
    rows: { count: 3 },
  });
  expect(page.evidence.figures.every(({ source }) => source.length > 5)).toBe(true);
  expect(page.evidence.figures.find(({ name }) => name === 'left')?.value).toBe(1);
  expect(JSON.stringify(page.evidence)).not.toContain('@');
  expect(await history.showRamp.readEvidence(history.keyOf(400))).toEqual({
    outcome: 'no_such_day',
    today: history.today.key,
  });
});
