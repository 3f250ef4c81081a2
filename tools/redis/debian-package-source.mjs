import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { pathSource } from './path-source.mjs';

const UPDATE_MS = 120_000;
const INSTALL_MS = 240_000;

/**
 * Debian's and Ubuntu's own package, only as root: nothing asks for a password, and what happens is said first.
 *
 * @type {import('./sources.mjs').RedisSource}
 */
export const debianPackageSource = {
  name: "Debian's redis-server package",
  effect: 'installs',
  async probe(context) {
    const { env, mayInstall, isRoot, say } = context;
    const aptGet = findExecutable(['apt-get'], env);
    if (!aptGet) return { status: 'absent', reason: 'no apt-get here' };
    if (!isRoot) return { status: 'absent', reason: 'not running as root' };
    if (!mayInstall) return { status: 'absent', reason: '--no-install forbids it' };

    say('Redis: none found; installing the redis-server package with apt-get (--no-install refuses this).');
    // RUNLEVEL=1 keeps the package from starting a service of its own on the default port.
    const aptEnv = { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const update = await runBounded(aptGet, ['update', '-q'], {
      timeoutMs: UPDATE_MS,
      env: aptEnv,
      output: 'inherit',
    });
    if (!update.ok) say(`Redis: apt-get update failed (${update.reason}); trying with the lists at hand.`);
    const install = await runBounded(
      aptGet,
      ['install', '-y', '-q', '--no-install-recommends', 'redis-server'],
      { timeoutMs: INSTALL_MS, env: aptEnv, output: 'inherit' },
    );
    if (!install.ok) return { status: 'absent', reason: `apt-get install failed (${install.reason})` };

    const installed = await pathSource.probe(context);
    if (installed.status !== 'found') return installed;
    return { ...installed, kind: 'debian-package', why: 'just installed with apt-get' };
  },
};
