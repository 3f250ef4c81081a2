import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { REDIS_IMAGE } from './container-arguments.mjs';
import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { findFreePort } from './free-port.mjs';
import { pingRedis } from './ping.mjs';

const ENGINE_ANSWER_MS = 3_000;
const PULL_MS = 180_000;
const COMMAND_MS = 30_000;
const READY_MS = 20_000;

/** @type {import('./sources.mjs').RedisSource} */
export const containerSource = {
  name: `a ${REDIS_IMAGE} container`,
  effect: 'looks',
  async probe({ env, dataDir, say }) {
    const reasons = [];
    for (const name of ['docker', 'podman']) {
      const engine = findExecutable([name], env);
      if (!engine) {
        reasons.push(`${name} is not on PATH`);
        continue;
      }
      const format = name === 'docker' ? '{{.ServerVersion}}' : '{{.Version.Version}}';
      const info = await runBounded(engine, ['info', '--format', format], {
        timeoutMs: ENGINE_ANSWER_MS,
        env,
      });
      if (!info.ok || info.stdout.trim() === '') {
        reasons.push(`${name} has no engine running`);
        continue;
      }
      const image = await ensureImage(engine, env, say);
      if (!image.ok) {
        reasons.push(`${name} has no ${REDIS_IMAGE} image: ${image.reason}`);
        continue;
      }
      return {
        status: 'found',
        kind: 'container',
        description: `${REDIS_IMAGE} container`,
        why: `no server on PATH, and ${name} answers`,
        serverBinary: fileURLToPath(new URL('./container-redis-server.mjs', import.meta.url)),
        start: () => startContainer({ engine, env, dataDir }),
      };
    }
    return { status: 'absent', reason: reasons.join(', ') };
  },
};

/**
 * @param {string} engine
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} say
 */
async function ensureImage(engine, env, say) {
  const inspect = await runBounded(engine, ['image', 'inspect', REDIS_IMAGE], { timeoutMs: COMMAND_MS, env });
  if (inspect.ok) return inspect;
  say(`Redis: fetching the ${REDIS_IMAGE} image once.`);
  return runBounded(engine, ['pull', '--quiet', `docker.io/library/${REDIS_IMAGE}`], {
    timeoutMs: PULL_MS,
    env,
  });
}

/**
 * @param {{ engine: string, env: NodeJS.ProcessEnv, dataDir: string | undefined }} options
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
async function startContainer({ engine, env, dataDir }) {
  const name = `caio-redis-${randomBytes(4).toString('hex')}`;
  const port = await findFreePort();
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const owner = process.getuid ? [`--user=${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  const storage = dataDir ? [...owner, `--volume=${dataDir}:/data`] : [];
  const run = await runBounded(
    engine,
    [
      ...['run', '--detach', '--rm', `--name=${name}`, `--publish=127.0.0.1:${port}:6379`, ...storage],
      ...[REDIS_IMAGE, 'redis-server', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--maxmemory-policy', 'noeviction'],
    ],
    { timeoutMs: COMMAND_MS, env },
  );
  if (!run.ok) throw new Error(`the ${REDIS_IMAGE} container did not start: ${run.reason}`);
  const removeNow = () => void spawnSync(engine, ['rm', '--force', name], { env, stdio: 'ignore' });
  process.once('exit', removeNow);
  const stop = async () => {
    process.off('exit', removeNow);
    await runBounded(engine, ['stop', '--time', '5', name], { timeoutMs: COMMAND_MS, env });
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
