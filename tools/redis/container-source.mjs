import { createHash, randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from '../process/end-with-us.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { REDIS_IMAGE, storageArguments } from './container-arguments.mjs';
import { findContainerEngine } from './container-engine.mjs';
import { findFreePort } from './free-port.mjs';
import { pingRedis } from './ping.mjs';

const COMMAND_MS = 30_000;
const READY_MS = 20_000;
const GONE_MS = 15_000;
// Time to write its data before the engine kills it.
const STOP = ['stop', '-t', '5'];

/** @type {import('./sources.mjs').RedisSource} */
export const containerSource = {
  name: `a ${REDIS_IMAGE} container`,
  effect: 'looks',
  async probe({ env, dataDir, say }) {
    const found = await findContainerEngine({ env, mayPull: say });
    if (!found.ok) return { status: 'absent', reason: found.reason };
    const { engine } = found;
    return {
      status: 'found',
      kind: 'container',
      description: `${REDIS_IMAGE} container`,
      why: `no server on PATH, and ${engine.name} answers`,
      serverBinary: fileURLToPath(new URL('./container-redis-server.mjs', import.meta.url)),
      start: () => startContainer({ engine, env, dataDir }),
    };
  },
};

/** @typedef {{ engine: import('./container-engine.mjs').ContainerEngine, env: NodeJS.ProcessEnv }} Engine */

/**
 * @param {Engine & { dataDir: string | undefined }} options
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
async function startContainer({ engine, env, dataDir }) {
  if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const name = nameFor(dataDir);
  if (dataDir) await endLeftContainer({ engine, env, name });
  const port = await findFreePort();
  const run = await runBounded(
    engine.path,
    [
      ...['run', '--detach', '--rm', `--name=${name}`, `--publish=127.0.0.1:${port}:6379`],
      ...(dataDir ? storageArguments({ engine: engine.name, from: dataDir, to: '/data' }) : []),
      ...[REDIS_IMAGE, 'redis-server', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      // The port is published on 127.0.0.1 alone; from inside the container every caller comes from elsewhere.
      ...['--maxmemory-policy', 'noeviction', '--protected-mode', 'no'],
    ],
    { timeoutMs: COMMAND_MS, env },
  );
  if (!run.ok) throw new Error(`the ${REDIS_IMAGE} container did not start: ${run.reason}`);
  const end = [...STOP, name];
  const endNow = () => void spawnSync(engine.path, end, { env, stdio: 'ignore' });
  process.once('exit', endNow);
  const callOff = endWithUs([engine.path, ...end]);
  const stop = async () => {
    process.off('exit', endNow);
    await runBounded(engine.path, end, { timeoutMs: COMMAND_MS, env });
    callOff();
  };
  const url = `redis://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if ((await pingRedis(url, 1_000)).ok) return { url, stop };
    await delay(50);
  }
  await stop();
  throw new Error(`the ${REDIS_IMAGE} container did not answer within ${READY_MS / 1000} s`);
}

/**
 * One name for one data folder: the engine itself then refuses a second server on its append-only file.
 *
 * @param {string | undefined} dataDir
 */
function nameFor(dataDir) {
  const id = dataDir
    ? createHash('sha256').update(realpathSync(dataDir)).digest('hex')
    : randomBytes(6).toString('hex');
  return `caio-redis-${id.slice(0, 12)}`;
}

/**
 * Ends the container that an earlier start left running on this data folder and waits until its name is free. Only
 * the process that works in the folder may call this.
 *
 * @param {Engine & { name: string }} options
 * @throws when it does not go
 */
async function endLeftContainer({ engine, env, name }) {
  const deadline = Date.now() + GONE_MS;
  const ask = (/** @type {string[]} */ args) => runBounded(engine.path, args, { timeoutMs: COMMAND_MS, env });
  while ((await ask(['container', 'inspect', name])).ok) {
    if (Date.now() > deadline) {
      throw new Error(
        `the container ${name} of an earlier start does not end; remove it with ${engine.name} rm -f ${name}`,
      );
    }
    await ask([...STOP, name]);
    // One that had ended already, and was not removed because its engine went down first.
    await ask(['rm', '--force', name]);
  }
}
