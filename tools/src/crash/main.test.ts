// Risk: a run that was asked for wrongly, or that names nothing, ends like one that passed.
import { expect, test } from '@jest/globals';
import { runCrash, runSideBySide } from './main.ts';

const run = async (...argv: string[]) => {
  const said = { out: '', note: '' };
  const code = await runCrash(argv, '/nowhere', {
    out: (text) => (said.out += text),
    note: (text) => (said.note += text),
  });
  return { code, ...said };
};

test('help and the points are printed, and nothing is run', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--seeds') });
  const { code, out } = await run('--points');
  expect(code).toBe(0);
  expect(out.trim().split('\n').length).toBeGreaterThanOrEqual(30);
});

test.each([
  ['--seeds', '0'],
  ['--seeds', 'many'],
  ['--seed', '-1'],
  ['--frobnicate'],
  ['--minutes', '0.5'],
  ['more'],
])('wrong usage is named and ends with 2: %s %s', async (...argv) => {
  const { code, out, note } = await run(...argv);
  expect([code, out]).toEqual([2, '']);
  expect(note).toContain('Usage: npm run crash');
});

test('side by side, never more at a time than was said, and none begun once it is enough', async () => {
  let [now, most, begun] = [0, 0, 0];
  const answers = await runSideBySide(
    [1, 2, 3, 4, 5, 6, 7],
    3,
    async (one) => {
      begun += 1;
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return one;
    },
    () => begun >= 5,
  );
  expect(most).toBe(3);
  expect(answers.sort()).toEqual([1, 2, 3, 4, 5]);
});
