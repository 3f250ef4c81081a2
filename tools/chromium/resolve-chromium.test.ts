// Risk: the browser tests are passed over, or run in another browser than the one somebody chose, without a word.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resolveChromium } from './resolve-chromium.mjs';

let folder: string;
let bin: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-chromium-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executable written in JavaScript and run by this Node. */
function program(path: string, body: string): string {
  writeFileSync(path, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}
const browser = (name: string, version = 'Chromium 156.0.8078.73 built on Debian') =>
  program(join(bin, name), `if (args[0] === '--version') console.log(${JSON.stringify(version)});`);

const resolve = (
  options: { noInstall?: boolean; isRoot?: boolean; path?: string; platform?: NodeJS.Platform } = {},
) =>
  resolveChromium({
    noInstall: options.noInstall ?? false,
    isRoot: options.isRoot ?? true,
    platform: options.platform ?? 'linux',
    env: { PATH: bin, ...(options.path === undefined ? {} : { CHROMIUM_PATH: options.path }) },
    say: (line) => said.push(line),
  });
const messageOf = (resolving: Promise<unknown>): Promise<string> =>
  resolving.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('a browser on PATH', () => {
  test.each([
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
  ])('%s is taken and said', async (name) => {
    const path = browser(name);
    expect(await resolve()).toEqual({ path, version: '156.0.8078.73' });
    expect(said).toEqual([`Chromium: ${path} 156.0.8078.73 (found on PATH)`]);
  });

  test('the one without windows goes before the others, and is passed over where it does not run', async () => {
    const shell = browser('chromium-headless-shell');
    const whole = browser('chromium');
    expect((await resolve()).path).toBe(shell);
    program(shell, 'process.exit(1);');
    expect((await resolve()).path).toBe(whole);
  });

  test('chromium goes before google-chrome', async () => {
    browser('google-chrome', 'Google Chrome 150.0.1.2');
    const path = browser('chromium');
    expect((await resolve()).path).toBe(path);
  });

  test.each([
    ['too old', 'Chromium 99.0.1.1', 'version 99.0.1.1 is older than 123'],
    ['no browser at all', 'hello', 'does not tell a version of Chromium'],
  ])('that is %s is passed over, and said why', async (_what, version, reason) => {
    browser('chromium', version);
    expect(await messageOf(resolve({ noInstall: true }))).toContain(reason);
  });

  test('that does not run is passed over, and said why', async () => {
    program(join(bin, 'chromium'), `console.error('Please run: snap install chromium'); process.exit(1);`);
    expect(await messageOf(resolve({ noInstall: true }))).toContain('Please run: snap install chromium');
  });
});

describe('CHROMIUM_PATH', () => {
  test('wins over what is on PATH', async () => {
    browser('chromium');
    const path = program(join(folder, 'mine'), `console.log('Google Chrome 151.0.0.1');`);
    expect(await resolve({ path })).toEqual({ path, version: '151.0.0.1' });
    expect(said).toEqual([`Chromium: ${path} 151.0.0.1 (CHROMIUM_PATH is set)`]);
  });

  test('that cannot be used is an error naming it, not a reason to take another browser', async () => {
    browser('chromium');
    const message = await messageOf(resolve({ path: join(folder, 'nothing') }));
    expect(message).toContain('nothing, which cannot be used (not a program that may be run)');
    expect(message).toContain('unset it to have one found');
  });
});

describe("Debian's package", () => {
  const shell = 'chromium-headless-shell';
  /** An apt-get that knows one package. */
  const aptGet = (packageName = shell) =>
    program(
      join(bin, 'apt-get'),
      `
      const fs = require('node:fs');
      const file = ${JSON.stringify(join(bin, packageName))};
      if (args[0] !== 'install') process.exit(0);
      if (args.at(-1) !== '${packageName}') process.exit(100);
      fs.writeFileSync(file, '#!${process.execPath}\\nconsole.log("Chromium 156.0.0.1");\\n');
      fs.chmodSync(file, 0o755);`,
    );
  const installed = () => existsSync(join(bin, shell));

  test('is installed as root, after saying so, and then used', async () => {
    aptGet();
    expect(await resolve()).toEqual({ path: join(bin, shell), version: '156.0.0.1' });
    expect(said).toEqual([
      `Chromium: none found; installing the ${shell} package with apt-get (--no-install refuses this).`,
      `Chromium: ${join(bin, shell)} 156.0.0.1 (just installed with apt-get)`,
    ]);
  });

  test('with windows is installed where there is none without', async () => {
    aptGet('chromium');
    expect((await resolve()).path).toBe(join(bin, 'chromium'));
  });

  test('--no-install refuses it and tells the one line to type', async () => {
    aptGet();
    const message = await messageOf(resolve({ noInstall: true }));
    expect(installed()).toBe(false);
    expect(message).toContain('--no-install forbids it');
    expect(message).toMatch(
      /Type this, then try again:\n {2}apt-get install -y --no-install-recommends chromium$/,
    );
  });

  test('is left alone by anyone but root, who is told the line with sudo', async () => {
    aptGet();
    const message = await messageOf(resolve({ isRoot: false }));
    expect(installed()).toBe(false);
    expect(message).toContain('not running as root');
    expect(message).toMatch(/ {2}sudo apt-get install -y --no-install-recommends chromium$/);
  });

  test('that cannot be installed leaves one message', async () => {
    program(join(bin, 'apt-get'), 'process.exit(100);');
    const message = await messageOf(resolve());
    expect(message).toContain('apt-get install failed (exit code 100)');
    expect(message.match(/Type this/g)).toHaveLength(1);
  });
});

test('where no package manager is known, the line names the variable', async () => {
  expect(await messageOf(resolve())).toMatch(/ {2}export CHROMIUM_PATH=/);
  expect(await messageOf(resolve({ platform: 'win32' }))).toContain('$env:CHROMIUM_PATH = ');
});
