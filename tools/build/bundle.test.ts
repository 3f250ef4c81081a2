// Risk: an operator runs yesterday's program because the bundle was thought to be current, or one that needs node_modules.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { repositoryRoot } from '../process/repository-root.mjs';
import { bundleTarget, escapeBeyondAscii } from './bundle.mjs';
import { findTargets } from './targets.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caio-build-'));
  write('package-lock.json', '{}');
  write('tools/build/bundle.mjs', '');
  write(
    'apps/echo/src/main.ts',
    `import script from './say-1.lua';\nimport { word } from './word.ts';\nconsole.log(word, script);\n`,
  );
  write('apps/echo/src/word.ts', `export const word: string = 'first';\n`);
  write('apps/echo/src/say-1.lua', `return 1`);
  mkdirSync(join(root, 'apps/empty'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function build() {
  const [target, ...others] = findTargets(root);
  expect(others).toEqual([]);
  if (target === undefined) throw new Error('the service was not found');
  const { outcome, file } = await bundleTarget({ root, target, mode: 'when-stale' });
  const elsewhere = mkdtempSync(join(root, 'alone-'));
  cpSync(file, join(elsewhere, 'main.cjs'));
  const printed = execFileSync(process.execPath, ['main.cjs'], { cwd: elsewhere, encoding: 'utf8' }).trim();
  return { outcome, printed };
}

test('a bundle runs alone and is made again exactly when a source changed', async () => {
  expect(await build()).toEqual({ outcome: 'built', printed: 'first return 1' });
  expect(await build()).toEqual({ outcome: 'fresh', printed: 'first return 1' });
  write('apps/echo/src/word.ts', `export const word: string = 'second one';\n`);
  expect(await build()).toEqual({ outcome: 'built', printed: 'second one return 1' });
  write('apps/echo/src/say-1.lua', `return 22`);
  expect(await build()).toEqual({ outcome: 'built', printed: 'second one return 22' });
  write('apps/echo/package.json', '{"sideEffects":false}');
  expect((await build()).outcome).toBe('built');
  write('package-lock.json', '{"changed":true}');
  expect((await build()).outcome).toBe('built');
  expect((await build()).outcome).toBe('fresh');
});

test('who waits is told before a build, and not when there is nothing to build', async () => {
  let told = 0;
  const [target] = findTargets(root);
  if (target === undefined) throw new Error('the service was not found');
  const ask = () =>
    bundleTarget({
      root,
      target,
      mode: 'when-stale',
      onBuild: () => {
        told += 1;
      },
    });
  await ask();
  expect(told).toBe(1);
  await ask();
  expect(told).toBe(1);
});

test('a bundle is plain ASCII, and its letters of other alphabets still match', async () => {
  write(
    'apps/echo/src/main.ts',
    `// “a remark”\nconst größe = 'süß 😀';\nconsole.log([/^s[üö]ß/.test(größe), /\\ü\\\\?/.test(größe), /[😀😁]$/u.test(größe), /–/.test(größe), größe].join());\n`,
  );
  expect((await build()).printed).toBe('true,true,true,false,süß 😀');
  expect(readFileSync(join(root, 'dist/echo/main.cjs'), 'utf8')).toMatch(/^[\0-\x7f]*$/);
});

test('a raw text that an escape would change is refused', () => {
  expect(() => escapeBeyondAscii('String.raw`\u00fc`')).toThrow('String.raw');
  expect(escapeBeyondAscii('String.raw`u`, /\u00fc/')).toBe('String.raw`u`, /\\u00fc/');
});

test('the same version of a package is in a bundle once, another version beside it', async () => {
  const install = (folder: string, version: string): void => {
    write(`${folder}/tables/package.json`, JSON.stringify({ name: 'tables', version }));
    write(
      `${folder}/tables/index.js`,
      `globalThis.loaded = [...(globalThis.loaded ?? []), '${version}'];\nmodule.exports = '${version}';\n`,
    );
  };
  install('node_modules', '1.0.0');
  for (const [name, version] of Object.entries({ left: '2.0.0', right: '2.0.0', third: '3.0.0' })) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0' }));
    write(`node_modules/${name}/index.js`, `module.exports = require('tables');\n`);
    install(`node_modules/${name}/node_modules`, version);
  }
  write(
    'apps/echo/src/main.ts',
    `import left from 'left';\nimport right from 'right';\nimport tables from 'tables';\nimport third from 'third';\nconsole.log(left, right, tables, third, globalThis.loaded.length);\n`,
  );
  expect((await build()).printed).toBe('2.0.0 2.0.0 1.0.0 3.0.0 3');
});

test('a package that tries for another which is not there is bundled as it is', async () => {
  write('node_modules/picky/package.json', '{"name":"picky","version":"1.0.0"}');
  write(
    'node_modules/picky/index.js',
    `try { module.exports = require('absent'); } catch { module.exports = 'without'; }\n`,
  );
  write('apps/echo/src/main.ts', `import picky from 'picky';\nconsole.log(picky);\n`);
  expect((await build()).printed).toBe('without');
});

test('queues and Redis work from a bundle without their native extras', async () => {
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
  write(
    'apps/echo/src/main.ts',
    `import { Queue, Worker } from 'bullmq';\nimport { Redis } from 'ioredis';\nconsole.log([Queue, Worker, Redis].map((each) => typeof each).join());\n`,
  );
  expect(await build()).toEqual({ outcome: 'built', printed: 'function,function,function' });
});
