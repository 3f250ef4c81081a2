import { findExecutable } from './find-executable.mjs';
import { runBounded } from './run-bounded.mjs';

const UPDATE_MS = 120_000;
const INSTALL_MS = 240_000;

/**
 * Installs one package of Debian or Ubuntu, only as root, since nothing here asks for a password, and only after
 * saying so.
 *
 * @param {object} options
 * @param {string} options.what          what is looked for, as the person knows it
 * @param {string} options.packageName
 * @param {NodeJS.ProcessEnv} options.env
 * @param {boolean} options.mayInstall   false under --no-install
 * @param {boolean} options.isRoot
 * @param {(line: string) => void} options.say
 * @returns {Promise<{ ok: true } | { ok: false, reason: string, mayTryAnother?: boolean }>}  another package may be tried
 *   when this machine installs packages, but not this one
 */
export async function installDebianPackage({ what, packageName, env, mayInstall, isRoot, say }) {
  const aptGet = findExecutable(['apt-get'], env);
  if (!aptGet) return { ok: false, reason: 'no apt-get here' };
  if (!isRoot) return { ok: false, reason: 'not running as root' };
  if (!mayInstall) return { ok: false, reason: '--no-install forbids it' };

  say(`${what}: none found; installing the ${packageName} package with apt-get (--no-install refuses this).`);
  // RUNLEVEL=1 keeps a package from starting a service of its own.
  const aptEnv = { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const update = await runBounded(aptGet, ['update', '-q'], {
    timeoutMs: UPDATE_MS,
    env: aptEnv,
    output: 'inherit',
  });
  if (!update.ok) say(`${what}: apt-get update failed (${update.reason}); trying with the lists at hand.`);
  const install = await runBounded(aptGet, ['install', '-y', '-q', '--no-install-recommends', packageName], {
    timeoutMs: INSTALL_MS,
    env: aptEnv,
    output: 'inherit',
  });
  if (install.ok) return { ok: true };
  return { ok: false, reason: `apt-get install failed (${install.reason})`, mayTryAnother: true };
}
