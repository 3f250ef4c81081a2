import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { startRedisServer } from './server-process.mjs';

const VERSION_MS = 3_000;
const OLDEST = { major: 6, minor: 2 };

/** @type {import('./sources.mjs').RedisSource} */
export const pathSource = {
  name: 'redis-server or valkey-server on PATH',
  effect: 'looks',
  async probe({ env, dataDir }) {
    const binary = findExecutable(['redis-server', 'valkey-server'], env);
    if (!binary) return { status: 'absent', reason: 'neither is there' };
    const checked = await checkServerBinary(binary, env);
    if (!checked.ok) return { status: 'absent', reason: `${binary}: ${checked.reason}` };
    return {
      status: 'found',
      kind: 'binary',
      description: `${binary} ${checked.version}`,
      why: 'found on PATH',
      serverBinary: binary,
      start: () => startRedisServer({ binary, dataDir }),
    };
  },
};

/**
 * Whether a server program runs here and is recent enough for our scripts and queues.
 *
 * @param {string} binary
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: true, version: string } | { ok: false, reason: string }>}
 */
export async function checkServerBinary(binary, env) {
  const run = await runBounded(binary, ['--version'], { timeoutMs: VERSION_MS, env });
  if (!run.ok) return { ok: false, reason: run.reason };
  const version = /\bv=(\d+\.\d+\.\d+)/.exec(run.stdout)?.[1];
  if (!version) return { ok: false, reason: 'does not tell its version' };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const recentEnough = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
  return recentEnough
    ? { ok: true, version }
    : { ok: false, reason: `version ${version} is older than ${OLDEST.major}.${OLDEST.minor}` };
}
