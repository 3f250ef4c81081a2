// Risk: a lead file is imported while it is still being written, twice, or never.
import { mkdtemp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '@caio/test-kit';
import { createLeadInbox, type InboxFile } from './lead-inbox.ts';

let clock = createManualClock();
let folder = '';
beforeEach(async () => {
  clock = createManualClock();
  folder = await mkdtemp(join(tmpdir(), 'caio-inbox-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const drop = async (name: string, content: string, secondsAgo = 3_600): Promise<void> => {
  await writeFile(join(folder, name), content);
  const at = clock.nowMs() / 1_000 - secondsAgo;
  await utimes(join(folder, name), at, at);
};
const inbox = () => createLeadInbox({ folder, now: clock.nowMs, settledMs: 60_000, abandonedMs: 600_000 });
const names = async (): Promise<string[]> => (await inbox().list()).map(({ name }) => name);

test('lead files are listed by name with their size, and nothing else is', async () => {
  for (const name of ['b.csv', 'a.JSON', 'c.ndjson', 'd.jsonl', 'e.tsv', 'f.txt']) await drop(name, 'xyz');
  for (const name of ['.hidden.csv', 'notes.pdf', 'leads.xlsx', 'csv', 'leads.csv.part'])
    await drop(name, 'x');
  await mkdir(join(folder, 'folder.csv'));
  await symlink(join(folder, 'b.csv'), join(folder, 'link.csv'));
  expect(await names()).toEqual(['a.JSON', 'b.csv', 'c.ndjson', 'd.jsonl', 'e.tsv', 'f.txt']);
  expect((await inbox().list())[0]).toEqual({ name: 'a.JSON', bytes: 3, claim: null });
});

test('a file that changed a moment ago is left alone until it rests', async () => {
  await drop('being-written.csv', 'Email', 59);
  await drop('rests.csv', 'Email', 60);
  expect(await names()).toEqual(['rests.csv']);
  clock.advance(1_000);
  expect(await names()).toEqual(['being-written.csv', 'rests.csv']);
});

test('a file of the future, from a machine with another clock, waits as well', async () => {
  await drop('early.csv', 'Email', -600);
  expect(await names()).toEqual([]);
});

const only = async (): Promise<InboxFile> => {
  const [file, ...others] = await inbox().list();
  if (file === undefined || others.length > 0) throw new Error('one file was expected');
  return file;
};
const claimOnly = async (): Promise<string> => (await inbox().claim(await only())) ?? 'gone';
const inFolder = async (sub: string): Promise<string[]> => (await readdir(join(folder, sub))).sort();

test('a taken file is out of the list, kept under the id of its run, and the next of its name is another', async () => {
  for (const [runId, content] of [
    ['run_1', 'first'],
    ['run_2', 'second'],
  ] as const) {
    await drop('leads.csv', content);
    const claim = await claimOnly();
    expect(await text(inbox().open(claim))).toBe(content);
    await inbox().markTaken(claim, 'leads.csv', runId);
    expect(await names()).toEqual([]);
  }
  expect(await inFolder('taken')).toEqual(['run_1-leads.csv', 'run_2-leads.csv']);
  expect(await inFolder('taking')).toEqual([]);
});

test('only one can claim a file', async () => {
  await drop('leads.csv', 'x');
  const file = await only();
  const claims = await Promise.all([1, 2, 3, 4].map(() => inbox().claim(file)));
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  expect(await inbox().claim(file)).toBeNull();
});

test('a file whose import failed is back where it was, unless another of its name came meanwhile', async () => {
  await drop('leads.csv', 'first');
  await inbox().release(await claimOnly(), 'leads.csv');
  expect(await names()).toEqual(['leads.csv']);

  const claim = await claimOnly();
  await drop('leads.csv', 'second');
  await inbox().release(claim, 'leads.csv');
  expect(await text(inbox().open('leads.csv'))).toBe('second');
  expect(await text(inbox().open(claim))).toBe('first');
});

test('a claim that nothing was heard of is listed again under the name of its file', async () => {
  await drop('12-leads.csv', 'x');
  const claim = await claimOnly();
  expect(await names()).toEqual([]);
  clock.advance(Date.now() - clock.nowMs() + 601_000);
  const file = await only();
  expect(file).toEqual({ name: '12-leads.csv', bytes: 1, claim });
  expect(await inbox().claim(file)).toBe(claim);
  await inbox().markTaken(claim, file.name, 'run_1');
  expect(await inbox().claim(file)).toBeNull();
});

test('a refused file is kept aside, and the next of its name does not write over it', async () => {
  for (const content of ['first', 'second']) {
    await drop('large.csv', content);
    await inbox().markRefused(await claimOnly(), 'large.csv');
    clock.advance(1);
  }
  expect(await inFolder('refused')).toHaveLength(2);
  expect(await names()).toEqual([]);
});

test('a folder that went away is an error, not an empty inbox', async () => {
  await rm(folder, { recursive: true });
  await expect(inbox().list()).rejects.toThrow('ENOENT');
});
