// Risk: a suite that cannot even be loaded makes the count smaller instead of red, and a pipeline reads it as good.
import { expect, test } from '@jest/globals';
import { countByProject, formatProjects, formatTotal, totalOf } from './test-summary.mjs';

const suite = (
  name: string,
  statuses: string[],
  status = statuses.includes('failed') ? 'failed' : 'passed',
) => ({
  name: `/repo/${name}`,
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});

test('counts by project and ends with the exact total line', () => {
  const counts = countByProject(
    {
      testResults: [
        suite('libs/auth/src/a.test.ts', ['passed', 'passed']),
        suite('libs/auth/src/b.test.ts', ['passed', 'failed']),
        suite('tools/redis/c.test.ts', ['passed', 'pending']),
      ],
    },
    '/repo',
  );
  expect(formatProjects(counts)).toBe(
    ['  libs/auth  3 passed, 1 failed', '  tools      1 passed, 0 failed, 1 not run'].join('\n'),
  );
  expect(formatTotal(totalOf(counts))).toBe('4 passed, 1 failed');
});

test('a suite that failed to load, or failed around its passing tests, counts as one failed', () => {
  const counts = countByProject(
    {
      testResults: [
        suite('apps/gateway/src/a.test.ts', [], 'failed'),
        suite('apps/gateway/src/b.test.ts', ['passed'], 'failed'),
      ],
    },
    '/repo',
  );
  expect(totalOf(counts)).toEqual({ passed: 1, failed: 2 });
});
