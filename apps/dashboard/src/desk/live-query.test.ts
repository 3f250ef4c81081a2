// Risk: old figures look fresh, a failure hides what was loaded, or a cut connection is never tried again.
import { expect, test } from '@jest/globals';
import type { ApiOutcome } from '../api/api-client.ts';
import type { ApiFailure } from '../api/api-failure.ts';
import { createLiveQuery, type Pace, type Timers } from './live-query.ts';

const offline: ApiFailure = { kind: 'offline', correlationId: null };
const missing: ApiFailure = {
  kind: 'missing',
  code: 'not_found',
  message: '',
  fix: null,
  correlationId: null,
};
const refused: ApiFailure = { ...missing, kind: 'refused' };
const signedOut: ApiFailure = { kind: 'signed_out', correlationId: null };

/** A clock that only moves when told to, and the waits that were asked for. */
const handClock = () => {
  let now = 0;
  let waits: { at: number; then: () => void }[] = [];
  const timers: Timers = {
    now: () => now,
    chance: () => 0,
    after: (ms, then) => {
      const wait = { at: now + ms, then };
      waits.push(wait);
      return () => {
        waits = waits.filter((other) => other !== wait);
      };
    },
  };
  return {
    timers,
    planned: () => waits.map(({ at }) => at - now),
    pass: async (ms: number) => {
      now += ms;
      const due = waits.filter(({ at }) => at <= now);
      waits = waits.filter(({ at }) => at > now);
      for (const { then } of due) then();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
};

const scripted = (answers: readonly (ApiFailure | number)[], everyMs: Pace<number> = 5_000) => {
  const clock = handClock();
  const left = [...answers];
  const watched = { yes: true };
  let asked = 0;
  const query = createLiveQuery<number>({
    load: async () => {
      asked += 1;
      const next = left.shift() ?? 0;
      const outcome: ApiOutcome<number> =
        typeof next === 'number' ? { ok: true, value: next } : { ok: false, failure: next };
      return outcome;
    },
    everyMs,
    timers: clock.timers,
    isWatched: () => watched.yes,
  });
  return { query, clock, watched, asked: () => asked };
};

test('a value that stops coming turns stale, keeps its time and comes back by itself', async () => {
  const { query, clock } = scripted([1, offline, 2]);
  await query.refresh();
  expect(query.state.value).toEqual({ kind: 'ready', value: 1, loadedAt: 0 });
  await clock.pass(5_000);
  expect(query.state.value).toMatchObject({ kind: 'stale', value: 1, loadedAt: 0, retryAt: 6_000 });
  await clock.pass(1_000);
  expect(query.state.value).toEqual({ kind: 'ready', value: 2, loadedAt: 6_000 });
});

test('pauses grow while it fails, up to half a minute, and start over after a success', async () => {
  const failures = Array.from({ length: 8 }, () => offline);
  const { query, clock } = scripted([...failures, 1, offline]);
  const pauses: number[] = [];
  await query.refresh();
  for (let round = 0; round < 9; round += 1) {
    const [pause = 0] = clock.planned();
    pauses.push(pause);
    await clock.pass(pause);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 5_000]);
  expect(clock.planned()).toEqual([1_000]);
});

test('the first failure has nothing to show and says so', async () => {
  const { query } = scripted([offline]);
  await query.refresh();
  expect(query.state.value).toMatchObject({ kind: 'failed', failure: { kind: 'offline' } });
});

test('what is gone is not shown as if it were there', async () => {
  const { query } = scripted([1, missing]);
  await query.refresh();
  await query.refresh();
  expect(query.state.value).toMatchObject({ kind: 'failed', failure: { kind: 'missing' } });
});

test('signed out, it stops asking', async () => {
  const { query, clock } = scripted([1, signedOut]);
  await query.refresh();
  await query.refresh();
  expect(clock.planned()).toEqual([]);
});

test('how soon it asks again can depend on what came, also after a failure that stays', async () => {
  const { query, clock } = scripted([1, 9, refused], (value) => (value > 5 ? 60_000 : 5_000));
  await query.refresh();
  expect(clock.planned()).toEqual([5_000]);
  await clock.pass(5_000);
  expect(clock.planned()).toEqual([60_000]);
  await clock.pass(60_000);
  expect(clock.planned()).toEqual([60_000]);
});

test('nobody looking, nothing is asked', async () => {
  const { query, clock, watched, asked } = scripted([1, 2]);
  await query.refresh();
  watched.yes = false;
  await clock.pass(5_000);
  expect(asked()).toBe(1);
  watched.yes = true;
  await clock.pass(5_000);
  expect(asked()).toBe(2);
});

test('what was put in is not overwritten by an answer that was asked for before', async () => {
  const { query, clock, asked } = scripted([1, 2, 3]);
  await query.refresh();
  const asking = query.refresh();
  query.put(7);
  await asking;
  expect(query.state.value).toMatchObject({ kind: 'ready', value: 7 });
  await clock.pass(5_000);
  expect([query.state.value, asked()]).toEqual([{ kind: 'ready', value: 3, loadedAt: 5_000 }, 3]);
});

test('an answer that comes after the end changes nothing', async () => {
  const { query, clock } = scripted([1]);
  const asking = query.refresh();
  query.stop();
  await asking;
  expect([query.state.value, clock.planned()]).toEqual([{ kind: 'loading' }, []]);
});
