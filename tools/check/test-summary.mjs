import { relative, sep } from 'node:path';

/** @typedef {{ project: string, passed: number, failed: number, other: number }} ProjectCount */

/**
 * @typedef {object} JestResult  the part of Jest's JSON report that is counted
 * @property {{ name: string, status: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * Counts tests by project. A suite that could not be loaded has no tests and counts as one failed, so a broken
 * import can never look like a smaller, green run.
 *
 * @param {JestResult} result
 * @param {string} root
 * @returns {ProjectCount[]}
 */
export function countByProject(result, root) {
  /** @type {Map<string, ProjectCount>} */
  const counts = new Map();
  for (const suite of result.testResults) {
    const project = projectOf(relative(root, suite.name));
    const count = counts.get(project) ?? { project, passed: 0, failed: 0, other: 0 };
    counts.set(project, count);
    for (const { status } of suite.assertionResults) {
      if (status === 'passed') count.passed += 1;
      else if (status === 'failed') count.failed += 1;
      else count.other += 1;
    }
    const brokenOutsideTests =
      suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed');
    if (brokenOutsideTests) count.failed += 1;
  }
  return [...counts.values()].sort((a, b) => a.project.localeCompare(b.project));
}

/**
 * A line a project.
 *
 * @param {readonly ProjectCount[]} counts
 * @returns {string}
 */
export function formatProjects(counts) {
  const width = Math.max(0, ...counts.map(({ project }) => project.length));
  return counts
    .map(
      ({ project, passed, failed, other }) =>
        `  ${project.padEnd(width)}  ${passed} passed, ${failed} failed${other > 0 ? `, ${other} not run` : ''}`,
    )
    .join('\n');
}

/**
 * The total as pipelines read it.
 *
 * @param {{ passed: number, failed: number }} total
 */
export function formatTotal({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * @param {readonly ProjectCount[]} counts
 * @returns {{ passed: number, failed: number }}
 */
export function totalOf(counts) {
  return counts.reduce(
    (total, { passed, failed }) => ({ passed: total.passed + passed, failed: total.failed + failed }),
    { passed: 0, failed: 0 },
  );
}

/** @param {string} path */
function projectOf(path) {
  const parts = path.split(sep);
  return parts[0] === 'apps' || parts[0] === 'libs' ? parts.slice(0, 2).join('/') : (parts[0] ?? path);
}
