// Risk: somebody who is turned away fills the disk with it, or what was left out is never told.
import { expect, test } from '@jest/globals';
import { boundRecords } from './bounded-records.ts';

test('the first ones are recorded, the others are told as a number, and then it begins anew', async () => {
  const told: number[] = [];
  let tell: () => void = () => undefined;
  const isRecorded = boundRecords({
    max: 2,
    everyMs: 20,
    onLeftOut: (count) => {
      told.push(count);
      tell();
    },
  });
  const round = (count: number) => {
    const over = new Promise<void>((resolve) => (tell = resolve));
    return { recorded: Array.from({ length: count }, isRecorded), over };
  };
  const first = round(5);
  expect(first.recorded).toEqual([true, true, false, false, false]);
  // The timer alone does not keep a process running.
  const alive = setInterval(() => undefined, 1_000);
  await first.over;
  const second = round(3);
  expect(second.recorded).toEqual([true, true, false]);
  await second.over;
  clearInterval(alive);
  expect(told).toEqual([3, 1]);
});
