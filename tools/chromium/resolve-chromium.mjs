import { adviseInstall } from './install-advice.mjs';
import { chromiumSources } from './sources.mjs';

/** @typedef {{ path: string, version: string }} ResolvedChromium  `path` is a program that answered a moment ago */

/** No Chromium could be had; the message is complete and for a person. */
export class ChromiumUnavailableError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'ChromiumUnavailableError';
  }
}

/**
 * Finds or provides a Chromium and says which one on stderr. Order: CHROMIUM_PATH, a program on PATH, Debian's
 * package (as root, unless `noInstall`).
 *
 * @param {object} [options]
 * @param {boolean} [options.noInstall]  install and download nothing
 * @param {boolean} [options.isRoot]
 * @param {NodeJS.Platform} [options.platform]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<ResolvedChromium>}
 * @throws {ChromiumUnavailableError} with the one line to type
 */
export async function resolveChromium({
  noInstall = false,
  isRoot = process.getuid?.() === 0,
  platform = process.platform,
  env = process.env,
  say = (line) => void process.stderr.write(`${line}\n`),
} = {}) {
  /** @type {string[]} */
  const misses = [];
  for (const source of chromiumSources) {
    const probed = await source.probe({ env, mayInstall: !noInstall, isRoot, say });
    if (probed.status === 'refused') {
      throw new ChromiumUnavailableError(`Chromium: ${probed.reason}.\n${probed.fix}`);
    }
    if (probed.status === 'found') {
      const { path, version, why } = probed;
      say(`Chromium: ${path} ${version} (${why})`);
      return { path, version };
    }
    misses.push(`  ${source.name}: ${probed.reason}`);
  }
  const advice = ['Type this, then try again:', `  ${adviseInstall(env, { isRoot, platform })}`];
  throw new ChromiumUnavailableError(
    ['Chromium: none was found and none could be provided.', ...misses, ...advice].join('\n'),
  );
}
