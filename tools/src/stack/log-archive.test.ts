// Risk: starting again wipes out why the last start ended, or the logs of every start fill the disk.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { archiveLogs } from './log-archive.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the logs of the last five stacks are kept, each under the time of its last line', () => {
  for (let hour = 1; hour <= 7; hour += 1) {
    const file = join(folder, 'gateway.log');
    writeFileSync(file, `run ${hour}`);
    const ended = new Date(Date.UTC(2026, 2, 4, hour, 5, 6));
    utimesSync(file, ended, ended);
    archiveLogs(folder);
  }
  archiveLogs(folder);
  const kept = [3, 4, 5, 6, 7].map((hour) => `until-2026-03-04T0${hour}-05-06Z`);
  expect(readdirSync(folder).sort()).toEqual(kept);
  expect(kept.map((name) => readFileSync(join(folder, name, 'gateway.log'), 'utf8'))).toEqual(
    [3, 4, 5, 6, 7].map((hour) => `run ${hour}`),
  );
});

test('a first start has nothing to keep', () => {
  archiveLogs(join(folder, 'nowhere'));
  expect(readdirSync(folder)).toEqual([]);
});
