import { type Browser, chromium } from 'playwright-core';
import { resolveChromium } from '../../../chromium/resolve-chromium.mjs';

// Without them Chromium looks for updates and lists of its maker at every start, and a small /dev/shm ends it.
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

/** A Chromium with an empty profile of its own. Throws with the one line to type when there is none. */
export const startBrowser = async (): Promise<Browser> => {
  const { path } = await resolveChromium({ noInstall: true, say: () => undefined });
  return chromium.launch({ executablePath: path, args: flags });
};
