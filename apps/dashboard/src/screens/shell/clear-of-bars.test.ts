// Risk: a note lies over the buttons that decide, so that a press is taken by the note.
import { expect, test } from '@jest/globals';
import { clearOfBars } from './clear-of-bars.ts';

const notes = { left: 12, right: 378, height: 60 };
const bar = (top: number, bottom: number, left = 0) => ({ top, bottom, left, right: left + 390 });

test.each([
  ['no bar', [], 12],
  ['a bar at the lower edge', [bar(780, 844)], 70],
  ['a bar that ends above the place', [bar(600, 700)], 12],
  ['a bar that reaches into the place', [bar(740, 800)], 110],
  ['a bar that begins in the place and goes on below the window', [bar(820, 900)], 30],
  ['a bar below the window', [bar(900, 960)], 12],
  ['a bar beside the place', [bar(780, 844, 400)], 12],
  ['a bar above the bar at the edge', [bar(700, 770), bar(780, 844)], 150],
] as const)('%s', (_name, bars, above) => {
  expect(clearOfBars(notes, bars, 844)).toBe(above);
});
