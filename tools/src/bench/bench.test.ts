// Risk: a budget is called kept because of the order the runs were made in, a slow machine, or figures that were never taken.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cpuTicksIn } from './cpu-time.ts';
import { runBench } from './main.ts';
import { reportText } from './report.ts';
import { interleave, measureRounds } from './rounds.ts';
import { ratiosOf, summarise } from './statistics.ts';
import { judgeFigures } from './verdict.ts';

describe('figures', () => {
  test('the median is the middle one, or the mean of both; the spread is the outermost two', () => {
    expect(summarise([9, 1, 5])).toEqual({ median: 5, lowest: 1, highest: 9 });
    expect(summarise([10, 2, 4, 3])).toEqual({ median: 3.5, lowest: 2, highest: 10 });
    expect(summarise([7])).toEqual({ median: 7, lowest: 7, highest: 7 });
  });

  test('numbers are ordered as numbers, and the samples stay as they were', () => {
    const samples = Object.freeze([100, 9, 80]);
    expect(summarise(samples).median).toBe(80);
  });

  test('nothing measured is no figure', () => {
    expect(() => summarise([])).toThrow('no samples');
  });

  test('as many samples lie below the median as above it', () => {
    const samples = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(samples, (given) => {
        const { median, lowest, highest } = summarise(given);
        expect(given.filter((each) => each < median).length).toBeLessThanOrEqual(given.length / 2);
        expect(given.filter((each) => each > median).length).toBeLessThanOrEqual(given.length / 2);
        expect([Math.min(...given), Math.max(...given)]).toEqual([lowest, highest]);
      }),
    );
  });

  test('a ratio compares the same round, so a machine that halves its speed changes none', () => {
    expect(ratiosOf([20, 40], [10, 20])).toEqual([2, 2]);
  });

  test('rounds that do not match, or a reference of nothing, give no ratio', () => {
    expect(() => ratiosOf([1, 2], [1])).toThrow('2 rounds');
    expect(() => ratiosOf([1], [0])).toThrow('reference');
    expect(() => ratiosOf([1], [Number.NaN])).toThrow('reference');
  });
});

describe('rounds', () => {
  test('everybody runs once a round, every other round backwards', () => {
    expect(interleave(['a', 'b', 'c'], 3)).toEqual(['a', 'b', 'c', 'c', 'b', 'a', 'a', 'b', 'c']);
    expect(interleave(['a'], 0)).toEqual([]);
  });

  test('a steady drift of the machine favours nobody over an even number of rounds', () => {
    const order = interleave(['a', 'b', 'c'], 4);
    const position = (name: string): number =>
      order.reduce((sum, each, index) => (each === name ? sum + index : sum), 0);
    expect(position('a')).toBe(position('b'));
    expect(position('b')).toBe(position('c'));
  });

  test('one runs at a time, and figures stay with their part and in the order of the rounds', async () => {
    const order: string[] = [];
    let running = 0;
    const subject = (name: string, parts: readonly string[]) => ({
      name,
      sample: async () => {
        running += 1;
        expect(running).toBe(1);
        order.push(name);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return Object.fromEntries(parts.map((part) => [part, order.length]));
      },
    });
    const told: string[] = [];
    const figures = await measureRounds({
      subjects: [subject('reference', ['bare']), subject('stack', ['one', 'two'])],
      rounds: 2,
      onSample: (name, done, total) => told.push(`${name} ${done}/${total}`),
    });
    expect(order).toEqual(['reference', 'stack', 'stack', 'reference']);
    expect(Object.fromEntries(figures)).toEqual({ bare: [1, 4], one: [2, 3], two: [2, 3] });
    expect(told.at(-1)).toBe('reference 4/4');
  });
});

describe('CPU time', () => {
  const stat = (name: string): string =>
    `4711 (${name}) S 1 2 3 4 5 6 7 8 9 10 321 45 13 14 15 16 17 18 19 20 21 22`;

  test('is what the process and the system took for it together, whatever the process is called', () => {
    expect(cpuTicksIn(stat('node'))).toBe(366);
    expect(cpuTicksIn(stat('a) S 9 (b'))).toBe(366);
  });

  test('is not made up where the system does not say it', () => {
    expect(() => cpuTicksIn('')).toThrow('CPU time');
    expect(() => cpuTicksIn('4711 (node) Z 1 2')).toThrow('CPU time');
  });
});

describe('verdict', () => {
  const figures = new Map([
    ['bare', [10, 20, 10]],
    ['small', [30, 60, 90]],
    ['large', [91, 92, 1]],
  ]);
  const judge = (max: number, of: 'figure' | 'ratio') =>
    judgeFigures(figures, [{ part: 'small', against: 'bare', limit: { of, max } }])[1];

  test('the median is held against the limit, which itself is allowed', () => {
    expect(judge(60, 'figure')?.within).toBe(true);
    expect(judge(59.9, 'figure')?.within).toBe(false);
    expect(judge(3, 'ratio')).toMatchObject({
      within: true,
      comparison: { against: 'bare', ratio: { median: 3, lowest: 3, highest: 9 } },
    });
    expect(judge(2.9, 'ratio')?.within).toBe(false);
  });

  test('a part that was not measured is no part within its budget', () => {
    const limit = { of: 'figure', max: 90 } as const;
    const judgeOne = (part: string, against: string) => () =>
      judgeFigures(figures, [{ part, against, limit }]);
    expect(judgeOne('absent', 'bare')).toThrow('absent was not measured');
    expect(judgeOne('small', 'absent')).toThrow('absent was not measured');
  });

  test('the report names what is over its budget', () => {
    const verdicts = judgeFigures(figures, [
      { part: 'small', against: 'bare', limit: { of: 'ratio', max: 5 } },
      { part: 'large', against: 'bare', limit: { of: 'figure', max: 90 } },
      { part: 'small', against: 'large', limit: { of: 'ratio', max: 0.1 } },
    ]);
    expect(verdicts.map(({ part }) => part)).toEqual(['bare', 'small', 'large', 'small']);
    const remarks = ['Nobody was harmed.'];
    const text = reportText({ bench: 'sizes', unit: 'MB', rounds: 3, verdicts, remarks });
    expect(text).toMatch(/small\W+60\.0 \(30\.0–90\.0\)\W+3\.00 \(3\.00–9\.00\) × bare\W+≤ 5 ×.*PASS/);
    expect(text).toMatch(/large\W+91\.0 \(1\.0–92\.0\).*90 MB.*FAIL/);
    expect(text).toMatch(/small.*0\.65 \(0\.33–90\.00\) × large\W+≤ 0\.1 ×.*FAIL/);
    expect(text).toContain(remarks[0]);
  });
});

describe('command line', () => {
  const run = async (...argv: string[]) => {
    let [out, note] = ['', ''];
    const code = await runBench(argv, process.cwd(), {
      out: (text) => (out += text),
      note: (text) => (note += text),
    });
    return { code, out, note };
  };

  test.each([
    { argv: ['speed'], problem: 'no bench called speed' },
    { argv: [], problem: 'Name one bench' },
    { argv: ['memory', 'memory'], problem: 'Name one bench' },
    { argv: ['memory', '--rounds', '0'], problem: '--rounds takes' },
    { argv: ['memory', '--rounds', 'two'], problem: '--rounds takes' },
    { argv: ['memory', '--fast'], problem: '--fast' },
  ])('$argv is wrong usage, and what there is is listed', async ({ argv, problem }) => {
    const { code, out, note } = await run(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(note).toContain(problem);
    expect(note).toMatch(/memory\s+resident memory.*\n\s+gateway\s+server CPU/);
  });

  test('help is no mistake', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('memory') });
  });
});
