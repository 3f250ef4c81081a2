import { accessSync, constants, statSync } from 'node:fs';
import { installDebianPackage } from '../process/debian-package.mjs';
import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';

const VERSION_MS = 15_000;
/** The oldest the desk is built for; tools/build/dashboard.mjs names the same. */
const OLDEST_MAJOR = 123;
/** First Debian's Chromium without the windows nobody would see: the same engine for two thirds of the CPU time. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
/** A Debian or Ubuntu that has no package of the first still has the second. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/**
 * @typedef {object} SourceContext
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} mayInstall  false under --no-install: nothing is installed or downloaded
 * @property {boolean} isRoot
 * @property {(line: string) => void} say  one line for the person watching
 */

/** @typedef {{ status: 'found', path: string, version: string, why: string }} Found */
/** @typedef {Found | { status: 'absent', reason: string } | { status: 'refused', reason: string, fix: string }} ProbeResult */

/**
 * @typedef {object} ChromiumSource
 * @property {string} name
 * @property {(context: SourceContext) => Promise<ProbeResult>} probe
 */

/** @type {ChromiumSource} */
const configuredSource = {
  name: 'CHROMIUM_PATH',
  async probe({ env }) {
    const path = env.CHROMIUM_PATH?.trim();
    if (!path) return { status: 'absent', reason: 'not set' };
    const checked = await checkBrowser(path, env);
    if (checked.ok) return { status: 'found', path, version: checked.version, why: 'CHROMIUM_PATH is set' };
    return {
      status: 'refused',
      reason: `CHROMIUM_PATH is ${path}, which cannot be used (${checked.reason})`,
      fix: 'Set it to the program of a Chromium or Chrome, or unset it to have one found.',
    };
  },
};

/** @type {ChromiumSource} */
const pathSource = {
  name: 'chromium-headless-shell, chromium, chromium-browser or google-chrome on PATH',
  async probe({ env }) {
    let reason = 'none is there';
    for (const name of NAMES) {
      const path = findExecutable([name], env);
      if (!path) continue;
      const checked = await checkBrowser(path, env);
      if (checked.ok) return { status: 'found', path, version: checked.version, why: 'found on PATH' };
      reason = `${path}: ${checked.reason}`;
    }
    return { status: 'absent', reason };
  },
};

/** @type {ChromiumSource} */
const debianPackageSource = {
  name: "Debian's package of Chromium",
  async probe(context) {
    /** @type {Awaited<ReturnType<typeof installDebianPackage>>} */
    let done = { ok: false, reason: 'no package is known' };
    for (const packageName of PACKAGES) {
      done = await installDebianPackage({ what: 'Chromium', packageName, ...context });
      if (done.ok || !done.mayTryAnother) break;
    }
    if (!done.ok) return { status: 'absent', reason: done.reason };
    const installed = await pathSource.probe(context);
    return installed.status === 'found' ? { ...installed, why: 'just installed with apt-get' } : installed;
  },
};

/**
 * Where a Chromium can come from, in the order they are tried. `absent` goes on to the next one; `refused` ends the
 * search, so that a program somebody chose is never silently replaced by another one.
 *
 * @type {readonly ChromiumSource[]}
 */
export const chromiumSources = [configuredSource, pathSource, debianPackageSource];

/**
 * Whether a program is a browser that runs here and is recent enough for the desk.
 *
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: true, version: string } | { ok: false, reason: string }>}
 */
async function checkBrowser(path, env) {
  if (!isExecutableFile(path)) return { ok: false, reason: 'not a program that may be run' };
  const run = await runBounded(path, ['--version'], { timeoutMs: VERSION_MS, env });
  if (!run.ok) return { ok: false, reason: run.reason };
  const version = /\b(?:Chromium|Chrome)\b\D*(\d+(?:\.\d+)*)/.exec(run.stdout)?.[1];
  if (!version) return { ok: false, reason: 'does not tell a version of Chromium' };
  return Number.parseInt(version, 10) >= OLDEST_MAJOR
    ? { ok: true, version }
    : { ok: false, reason: `version ${version} is older than ${OLDEST_MAJOR}` };
}

/** @param {string} path */
function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
