import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleTarget } from '../build/bundle.mjs';
import { findServices } from '../build/targets.mjs';
import { findFreePort } from '../redis/free-port.mjs';
import { resolveRedis } from '../redis/resolve-redis.mjs';
import { judgeRefusal, startAlone } from './bundle-process.mjs';
import { moveHere, readComposeEnvironments } from './deployment/compose-environment.mjs';
import { readFacts, variablesOfService } from './deployment/facts.mjs';

/** @typedef {{ name: string, file: string }} Bundle */
/** @typedef {Record<string, Record<string, string>>} Environments  by service */

const REFUSAL_MS = 15_000;
const HEALTHY_MS = 30_000;

/**
 * Each service's bundle, copied alone into an empty folder: refuses to start without its environment, with one clear
 * message that names all it needs; becomes ready with what docker compose gives it, on a real Redis and beside the
 * others; stops when asked.
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

  const problems = await refuseWithoutEnvironment(bundles, await readFacts(root));
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
 * @param {import('./deployment/facts.mjs').Facts} facts
 * @returns {Promise<string[]>}
 */
async function refuseWithoutEnvironment(bundles, facts) {
  const problems = [];
  for (const { name, file } of bundles) {
    const alone = startAlone(file, {});
    const stopper = setTimeout(() => void alone.stop(), REFUSAL_MS);
    const required = variablesOfService(facts, name).filter(({ fallback }) => fallback === null);
    const problem = judgeRefusal(
      await alone.ended,
      required.map((variable) => variable.name),
    );
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
 * What docker compose gives each service, moved to this machine; nothing else but whom to end with.
 *
 * @param {string} root
 * @param {string} redisUrl
 * @param {string} recordsDir
 * @returns {Promise<Environments>}
 */
async function makeEnvironments(root, redisUrl, recordsDir) {
  const given = await readComposeEnvironments(root);
  /** @type {Record<string, number>} */
  const ports = {};
  for (const name of [...Object.keys(given), 'inngest']) ports[name] = await findFreePort();
  return Object.fromEntries(
    Object.entries(given).map(([service, environment]) => [
      service,
      {
        ...moveHere(environment, { root, redisUrl, ports, service, dataDir: join(recordsDir, service) }),
        CAIO_PARENT_PID: String(process.pid),
      },
    ]),
  );
}
