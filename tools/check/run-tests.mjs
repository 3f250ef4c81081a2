import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../process/repository-root.mjs';
import { countByProject, formatProjects, formatTotal, totalOf } from './test-summary.mjs';

const jestProgram = join(repositoryRoot, 'node_modules', 'jest', 'bin', 'jest.js');
const testResultFile = join(repositoryRoot, 'dist', 'test-results.json');

/** @typedef {{ exitCode: number, passed: number, failed: number }} TestRun */

/**
 * Runs every project's tests against a real Redis and in a real Chromium. Jest's own report streams through; the JSON report stays in
 * dist/test-results.json; the last line printed is `N passed, N failed`.
 *
 * @param {{ noInstall: boolean, jestArgs: readonly string[], print?: (text: string) => void }} options
 * @returns {Promise<TestRun>} exit code 0 only when at least one test ran and none failed
 */
export async function runTests({ noInstall, jestArgs, print = (text) => void process.stdout.write(text) }) {
  rmSync(testResultFile, { force: true });
  if (!existsSync(jestProgram)) return refuse('The packages are not installed. Type: npm ci');
  const { resolveChromium, ChromiumUnavailableError } = await import('../chromium/resolve-chromium.mjs');
  const { resolveRedis, RedisUnavailableError } = await import('../redis/resolve-redis.mjs');
  let chromium;
  let redis;
  try {
    chromium = await resolveChromium({ noInstall });
    redis = await resolveRedis({ purpose: 'test', noInstall });
  } catch (error) {
    if (error instanceof ChromiumUnavailableError || error instanceof RedisUnavailableError)
      return refuse(error.message);
    throw error;
  }
  mkdirSync(join(repositoryRoot, 'dist'), { recursive: true });
  const code = await runJest(jestArgs, testEnvironment(redis, chromium));
  await redis.stop();
  return report(code, print);
}

/**
 * Tests start servers of their own from CAIO_REDIS_SERVER. REDIS_URL is taken away, so that no test can reach the
 * store of whoever runs it; the Redis that was chosen is in CAIO_REDIS_URL, the browser in CHROMIUM_PATH.
 *
 * @param {import('../redis/resolve-redis.mjs').ResolvedRedis} redis
 * @param {import('../chromium/resolve-chromium.mjs').ResolvedChromium} chromium
 * @returns {NodeJS.ProcessEnv}
 */
function testEnvironment(redis, chromium) {
  const { REDIS_URL: _theirs, ...env } = process.env;
  return {
    ...env,
    CAIO_REDIS_URL: redis.url,
    CHROMIUM_PATH: chromium.path,
    ...(redis.serverBinary === null ? {} : { CAIO_REDIS_SERVER: redis.serverBinary }),
  };
}

/**
 * @param {readonly string[]} jestArgs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function runJest(jestArgs, env) {
  return new Promise((resolve) => {
    const jest = spawn(
      process.execPath,
      [jestProgram, '--maxWorkers=3', '--json', `--outputFile=${testResultFile}`, ...jestArgs],
      { cwd: repositoryRoot, env, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    // Ctrl-C reaches Jest through the terminal; a signal sent to this process alone must be passed on.
    const passOn = (/** @type {NodeJS.Signals} */ signal) => void jest.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    jest.on('error', () => resolve(1));
    jest.on('exit', (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(code ?? 1);
    });
  });
}

/**
 * @param {number} jestCode
 * @param {(text: string) => void} print
 * @returns {TestRun}
 */
function report(jestCode, print) {
  const counts = readCounts();
  if (counts === null) process.stderr.write('Jest ended without a result; the reason is above.\n');
  else if (isNothing(totalOf(counts))) process.stderr.write('No test ran, which is a failure.\n');
  else print(`${formatProjects(counts)}\n`);
  const total = readTestTotal();
  print(`${formatTotal(total)}\n`);
  return { exitCode: jestCode || (total.failed === 0 ? 0 : 1), ...total };
}

/**
 * The total of the last run, from its report. Without a report, or without a test that ran, it is one failed.
 *
 * @returns {{ passed: number, failed: number }}
 */
export function readTestTotal() {
  const counts = readCounts();
  const total = counts === null ? { passed: 0, failed: 0 } : totalOf(counts);
  return isNothing(total) ? { passed: 0, failed: 1 } : total;
}

/** @param {{ passed: number, failed: number }} total */
function isNothing({ passed, failed }) {
  return passed + failed === 0;
}

/** @returns {import('./test-summary.mjs').ProjectCount[] | null} */
function readCounts() {
  if (!existsSync(testResultFile)) return null;
  /** @type {unknown} */
  const report = JSON.parse(readFileSync(testResultFile, 'utf8'));
  return countByProject(/** @type {import('./test-summary.mjs').JestResult} */ (report), repositoryRoot);
}

/** @param {string} message @returns {TestRun} */
function refuse(message) {
  process.stderr.write(`${message}\n`);
  return { exitCode: 1, passed: 0, failed: 1 };
}
