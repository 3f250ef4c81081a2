import { findExecutable } from '../process/find-executable.mjs';

/** @type {readonly { program: string, line: string, needsRoot: boolean }[]} */
const LINES = [
  { program: 'apt-get', line: 'apt-get install -y --no-install-recommends chromium', needsRoot: true },
  { program: 'brew', line: 'brew install --cask chromium', needsRoot: false },
  { program: 'dnf', line: 'dnf install -y chromium', needsRoot: true },
  { program: 'apk', line: 'apk add chromium', needsRoot: true },
  { program: 'pacman', line: 'pacman -S --noconfirm chromium', needsRoot: true },
  { program: 'zypper', line: 'zypper install -y chromium', needsRoot: true },
];
const ANY_BROWSER = 'export CHROMIUM_PATH=/path/to/chromium-or-chrome';

/**
 * The one line that gets this machine a Chromium.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {{ isRoot: boolean, platform: NodeJS.Platform }} machine
 * @returns {string}
 */
export function adviseInstall(env, { isRoot, platform }) {
  if (platform === 'win32')
    return '$env:CHROMIUM_PATH = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"';
  const known = LINES.find(({ program }) => findExecutable([program], env));
  if (!known) return ANY_BROWSER;
  return known.needsRoot && !isRoot ? `sudo ${known.line}` : known.line;
}
