import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { REDIS_IMAGE } from './container-arguments.mjs';

const ENGINE_ANSWER_MS = 3_000;
const INSPECT_MS = 30_000;
const PULL_MS = 180_000;

/** @typedef {{ name: 'docker' | 'podman', path: string }} ContainerEngine */

/**
 * The first engine that answers and has the image or, when `mayPull` allows it, gets it; else why there is none.
 *
 * @param {{ env: NodeJS.ProcessEnv, mayPull: ((line: string) => void) | null }} options  `mayPull` is told of a download
 * @returns {Promise<{ ok: true, engine: ContainerEngine } | { ok: false, reason: string }>}
 */
export async function findContainerEngine({ env, mayPull }) {
  const reasons = [];
  for (const name of /** @type {const} */ (['docker', 'podman'])) {
    const path = findExecutable([name], env);
    if (!path) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    const format = name === 'docker' ? '{{.ServerVersion}}' : '{{.Version.Version}}';
    const info = await runBounded(path, ['info', '--format', format], { timeoutMs: ENGINE_ANSWER_MS, env });
    if (!info.ok || info.stdout.trim() === '') {
      reasons.push(`${name} has no engine running`);
      continue;
    }
    const image = await ensureImage(path, { env, mayPull });
    if (image.ok) return { ok: true, engine: { name, path } };
    reasons.push(`${name} has no ${REDIS_IMAGE} image: ${image.reason}`);
  }
  return { ok: false, reason: reasons.join(', ') };
}

/**
 * @param {string} path
 * @param {{ env: NodeJS.ProcessEnv, mayPull: ((line: string) => void) | null }} options
 */
async function ensureImage(path, { env, mayPull }) {
  const inspect = await runBounded(path, ['image', 'inspect', REDIS_IMAGE], { timeoutMs: INSPECT_MS, env });
  if (inspect.ok || mayPull === null) return inspect;
  mayPull(`Redis: fetching the ${REDIS_IMAGE} image once.`);
  return runBounded(path, ['pull', '--quiet', `docker.io/library/${REDIS_IMAGE}`], {
    timeoutMs: PULL_MS,
    env,
  });
}
