// Risk: an image starts only where node_modules lies around, or dies without saying what it lacks.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { judgeRefusal, startAlone } from './bundle-process.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bundle(source: string): string {
  const file = join(folder, 'bundle.cjs');
  writeFileSync(file, source);
  return file;
}

const refusalOf = async (source: string) =>
  judgeRefusal(await startAlone(bundle(source), {}).ended, ['REDIS_URL']);

test('a service that becomes ready and ends on SIGTERM is fine', async () => {
  const service = startAlone(
    bundle(`process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);
      console.log(JSON.stringify({ ready: true, word: process.env.WORD, here: require('node:fs').readdirSync('.') }));`),
    { WORD: 'given' },
  );
  expect(await service.ready()).toBeNull();
  const ended = await service.stop();
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(JSON.parse(ended.stdout)).toEqual({ ready: true, word: 'given', here: ['main.cjs'] });
});

test('a bundle that needs a package around it does not become ready, and the reason is told', async () => {
  const service = startAlone(bundle(`require('express')`), {});
  expect(await service.ready()).toContain('ended instead of becoming ready');
});

test.each([
  [`console.error('gateway cannot start: REDIS_URL is not set.'); process.exit(1)`, null],
  [`process.exit(1)`, 'it refused without a word on stderr'],
  [
    `console.error('REDIS_URL is not set'); process.exit(0)`,
    'it ended with exit code 0, as if all were well',
  ],
  [`console.error('something is missing'); process.exit(1)`, expect.stringContaining('names no variable')],
  [
    `console.error('OTHER_URL is not set'); process.exit(1)`,
    expect.stringContaining('its message does not name REDIS_URL'),
  ],
  [`throw new Error('REDIS_URL is not set')`, expect.stringContaining('it printed a stack')],
])('a refusal like %s is judged %s', async (source, verdict) => {
  expect(await refusalOf(source)).toEqual(verdict);
});
