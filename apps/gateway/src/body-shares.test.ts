// Risk: one who sends slowly, or announces much and sends nothing, keeps everybody else's decisions and stops out.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBodyShares } from './body-shares.ts';

const rooms = { all: { bytes: 100, bytesOfOne: 60 }, small: { bytes: 20, bytesOfOne: 12 }, smallBytes: 10 };

test('one who holds all that one may keeps out nobody else', () => {
  const open = createBodyShares(rooms);
  expect(open('one').add(60)).toBe(true);
  expect(open('one').add(50)).toBe(false);
  expect(open('two').add(40)).toBe(true);
  expect(open('three').add(11)).toBe(false);
});

test('when large bodies hold everything, small ones still come in', () => {
  const open = createBodyShares(rooms);
  open('one').add(60);
  open('two').add(40);
  expect(open('three').add(10)).toBe(true);
  expect(open('one').add(10)).toBe(true);
});

test('a small body that grows takes the room of a large one, and gives its own back', () => {
  const open = createBodyShares(rooms);
  const growing = open('one');
  expect([growing.add(8), growing.add(8)]).toEqual([true, true]);
  expect(open('one').add(10)).toBe(true);
  growing.release();
  expect(open('one').add(60)).toBe(true);
});

test('what still comes after a body was given up takes no room', () => {
  const open = createBodyShares(rooms);
  const late = open('one');
  late.release();
  expect(late.add(60)).toBe(false);
  expect(open('one').add(60)).toBe(true);
});

test('whatever comes and goes, no more is held than there is, and all of it comes back', () => {
  const step = fc.record({
    who: fc.constantFrom('one', 'two', 'three'),
    bytes: fc.integer({ min: 1, max: 30 }),
    body: fc.integer({ min: 0, max: 4 }),
    ends: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const open = createBodyShares(rooms);
      const bodies = new Map<string, { share: ReturnType<typeof open>; who: string; bytes: number }>();
      for (const { who, bytes, body, ends } of steps) {
        const key = `${who} ${body}`;
        const held = bodies.get(key) ?? { share: open(who), who, bytes: 0 };
        if (ends) {
          held.share.release();
          bodies.delete(key);
        } else if (held.share.add(bytes)) bodies.set(key, { ...held, bytes: held.bytes + bytes });
        const sum = (name: string | null): number =>
          [...bodies.values()].reduce(
            (all, one) => all + (name === null || one.who === name ? one.bytes : 0),
            0,
          );
        expect(sum(null)).toBeLessThanOrEqual(120);
        for (const name of ['one', 'two', 'three']) expect(sum(name)).toBeLessThanOrEqual(72);
      }
      for (const { share } of bodies.values()) share.release();
      expect([open('one').add(60), open('two').add(40), open('three').add(10)]).toEqual([true, true, true]);
    }),
  );
});
