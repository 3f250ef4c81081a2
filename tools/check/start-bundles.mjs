import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleTarget } from '../build/bundle.mjs';
import { importSource } from '../build/import-source.mjs';
import { findServices } from '../build/targets.mjs';
import { findFreePort } from '../redis/free-port.mjs';
import { resolveRedis } from '../redis/resolve-redis.mjs';
import { judgeRefusal, startAlone } from './bundle-process.mjs';

/** @typedef {{ name: string, file: string }} Bundle */
/** @typedef {Record<string, Record<string, string>>} Environments  by service */

const REFUSAL_MS = 15_000;
const HEALTHY_MS = 30_000;

/**
 * Each service's bundle, copied alone into an empty folder: refuses to start without its environment, with one clear
 * message; becomes ready with it, on a real Redis and beside the others; stops when asked.
 *
 * @param {import('./steps.mjs').CheckContext} context
 * @returns {Promise<import('./steps.mjs').StepOutcome>}
 */
export async function startBundles({ root, noInstall }) {
  const bundles = [];
  for (const target of findServices(root)) {
    const { file } = await bundleTarget({ root, target, mode: 'when-stale' });
    bundles.push({ name: target.name, file });
  }
  if (bundles.length === 0) return { ok: false, detail: 'there is no service to start' };

  const problems = await refuseWithoutEnvironment(bundles);
  const redis = await resolveRedis({ purpose: 'check', noInstall });
  const records = mkdtempSync(join(tmpdir(), 'caio-records-'));
  try {
    const environments = await makeEnvironments(root, redis.url, records);
    problems.push(...(await runTogether(bundles, environments)));
  } finally {
    await redis.stop();
    rmSync(records, { recursive: true, force: true });
  }
  const names = bundles.map(({ name }) => name).join(', ');
  return problems.length === 0
    ? { ok: true, detail: `${names}: each alone in an empty folder` }
    : { ok: false, detail: `${problems.length} problems`, output: problems.join('\n') };
}

/**
 * @param {readonly Bundle[]} bundles
 * @returns {Promise<string[]>}
 */
async function refuseWithoutEnvironment(bundles) {
  const problems = [];
  for (const { name, file } of bundles) {
    const alone = startAlone(file, {});
    const stopper = setTimeout(() => void alone.stop(), REFUSAL_MS);
    const problem = judgeRefusal(await alone.ended);
    clearTimeout(stopper);
    if (problem) problems.push(`${name} without environment: ${problem}`);
  }
  return problems;
}

/**
 * @param {readonly Bundle[]} bundles
 * @param {Environments} environments
 * @returns {Promise<string[]>}
 */
async function runTogether(bundles, environments) {
  const running = bundles.map(({ name, file }) => ({
    name,
    process: startAlone(file, environments[name] ?? {}),
  }));
  const problems = await Promise.all(
    running.map(async ({ name, process }) => {
      const problem = (await process.ready()) ?? (await becomeHealthy(environments[name]?.PORT ?? ''));
      return problem === null ? [] : [`${name}: ${problem}`];
    }),
  );
  for (const { name, process } of running) {
    const { code, signal } = await process.stop();
    if (code !== 0)
      problems.push([`${name}: ended with ${signal ?? `exit code ${code}`} after SIGTERM, not 0`]);
  }
  return problems.flat();
}

/**
 * @param {string} port
 * @returns {Promise<string | null>}
 */
async function becomeHealthy(port) {
  const url = `http://127.0.0.1:${port}/health/ready`;
  const deadline = Date.now() + HEALTHY_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      const text = await answer.text();
      if (answer.ok) return null;
      last = `${answer.status} ${text.slice(0, 400)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await delay(200);
  }
  return `not healthy after ${HEALTHY_MS / 1000} s: ${last}`;
}

/**
 * The environments of the local stack, so that there is one place that knows what a service needs.
 *
 * @param {string} root
 * @param {string} redisUrl
 * @param {string} recordsDir
 * @returns {Promise<Environments>}
 */
async function makeEnvironments(root, redisUrl, recordsDir) {
  const { serviceEnvironment } =
    /** @type {{ serviceEnvironment: (settings: object, service: string) => Record<string, string> }} */ (
      await importSource(root, 'tools/src/stack/stack-settings.ts')
    );
  const { createStackSecrets } = /** @type {{ createStackSecrets: () => object }} */ (
    await importSource(root, 'tools/src/stack/secrets.ts')
  );
  /** @type {Record<string, number>} */
  const ports = {};
  for (const name of ['gateway', 'gatekeeper', 'scheduler', 'webhooks', 'simulator', 'inngest']) {
    ports[name] = await findFreePort();
  }
  const settings = {
    root,
    environment: 'test-bundles',
    redisUrl,
    ports,
    secrets: createStackSecrets(),
    users: [
      { principal: { name: 'check', permissions: ['read'] }, token: 'a-token-that-opens-nothing-real' },
    ],
    policyFile: join(root, 'config/policy/local.json'),
    copyPackDir: join(root, 'config/copy-pack/harbor-pine'),
    deliveryMode: 'log-only',
    recordsDir,
    inngestUrl: null,
    extra: {},
  };
  return Object.fromEntries(findServices(root).map(({ name }) => [name, serviceEnvironment(settings, name)]));
}
