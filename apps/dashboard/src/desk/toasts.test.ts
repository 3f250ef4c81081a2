// Risk: a note stays over what is under it, or one that was just said goes with the time of the one before it.
import { expect, test } from '@jest/globals';
import type { Timers } from './live-query.ts';
import { createToasts } from './toasts.ts';

const seconds = 1_000;
const action = { label: 'Undo', run: () => undefined };

/** Notes by a clock that only moves when told to. */
const notes = () => {
  let now = 0;
  const waits: { at: number; then: () => void }[] = [];
  const timers: Timers = {
    now: () => now,
    chance: () => 0,
    after: (ms, then) => {
      waits.push({ at: now + ms, then });
      return () => undefined;
    },
  };
  const toasts = createToasts(timers);
  return {
    ...toasts,
    texts: () => toasts.list.value.map(({ text }) => text),
    pass: (ms: number) => {
      const before = now;
      now += ms;
      for (const { at, then } of waits) if (at > before && at <= now) then();
    },
  };
};

test('what can be answered stays for 20 seconds, and what is only said for 8', () => {
  const { show, texts, pass } = notes();
  show({ about: 'review', text: 'Approved', action });
  show({ about: 'stop', text: 'Stopped' });
  pass(7 * seconds);
  expect(texts()).toEqual(['Approved', 'Stopped']);
  pass(seconds);
  expect(texts()).toEqual(['Approved']);
  pass(12 * seconds);
  expect(texts()).toEqual([]);
});

test('a later note about the same thing takes the place of the one before it and has its own time', () => {
  const { show, texts, pass } = notes();
  show({ about: 'review', text: 'First', action });
  pass(19 * seconds);
  show({ about: 'review', text: 'Second', action });
  pass(seconds);
  expect(texts()).toEqual(['Second']);
});
