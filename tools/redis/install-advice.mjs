import { findExecutable } from '../process/find-executable.mjs';

/** @type {readonly { program: string, line: string, needsRoot: boolean }[]} */
const LINES = [
  { program: 'apt-get', line: 'apt-get install -y --no-install-recommends redis-server', needsRoot: true },
  { program: 'brew', line: 'brew install redis', needsRoot: false },
  { program: 'dnf', line: 'dnf install -y valkey', needsRoot: true },
  { program: 'apk', line: 'apk add redis', needsRoot: true },
  { program: 'pacman', line: 'pacman -S --noconfirm valkey', needsRoot: true },
  { program: 'zypper', line: 'zypper install -y redis', needsRoot: true },
];
const ANY_ENGINE =
  'docker run --detach --publish 127.0.0.1:6379:6379 redis:7 && export REDIS_URL=redis://127.0.0.1:6379';

/**
 * The one line that gets this machine a Redis.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} [platform]
 * @returns {string}
 */
export function adviseInstall(env, platform = process.platform) {
  if (platform === 'win32') return 'winget install Docker.DockerDesktop';
  const known = LINES.find(({ program }) => findExecutable([program], env));
  if (!known) return ANY_ENGINE;
  return known.needsRoot && process.getuid?.() !== 0 ? `sudo ${known.line}` : known.line;
}
