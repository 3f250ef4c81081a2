// Risk: what was published about the audit is lost with a crash, mixed with another installation's, or fills the memory.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  openPublishedHeads,
  type PublishedHead,
  type PublishedHeads,
  rememberPublishedHeads,
} from './published-heads.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-heads-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newFile = (): string => {
  files += 1;
  return join(folder, `${files}`, 'audit', 'heads.jsonl');
};
const openFile = (file: string, environment = 'test') => openPublishedHeads({ file, environment });
const head = (rows: number, environment = 'test'): PublishedHead => ({
  ...{ at: '2026-01-05T12:00:00.000Z', environment, storeId: 'store-1', rows, lastRow: `${rows}-0` },
  head: String(rows).padStart(64, '0'),
});
const rowsOf = async (heads: PublishedHeads, from = 0): Promise<number[]> => {
  const end = await heads.end();
  const rows: number[] = [];
  for (let place = from; place < end;) {
    const { heads: some, next } = await heads.read(place, end);
    rows.push(...some.map((one) => one.head.rows));
    expect(next).toBeGreaterThan(place);
    place = next;
  }
  return rows;
};

describe.each<[string, () => Promise<PublishedHeads>]>([
  ['in a file', () => openFile(newFile())],
  ['in memory', () => Promise.resolve(rememberPublishedHeads())],
])('heads %s', (_, create) => {
  test('come back in order, from any place on', async () => {
    const heads = await create();
    expect([heads.last(), await rowsOf(heads)]).toEqual([null, []]);
    for (let rows = 1; rows <= 5; rows += 1) await heads.publish(head(rows));
    expect(heads.last()).toEqual(head(5));
    expect(await rowsOf(heads)).toEqual([1, 2, 3, 4, 5]);
    const { heads: all } = await heads.read(0, await heads.end());
    expect(await rowsOf(heads, all[2]?.next)).toEqual([4, 5]);
  });

  test('published after a place was taken are not read up to it', async () => {
    const heads = await create();
    await heads.publish(head(1));
    const end = await heads.end();
    await heads.publish(head(2));
    expect((await heads.read(0, end)).heads).toHaveLength(1);
  });
});

describe('a file', () => {
  test('is found again by the next process, many pages long', async () => {
    const file = newFile();
    await (await openFile(file)).publish(head(1));
    for (let rows = 2; rows <= 1_000; rows += 1) appendFileSync(file, `${JSON.stringify(head(rows))}\n`);
    const heads = await openFile(file);
    expect(heads.last()).toEqual(head(1_000));
    expect(await rowsOf(heads)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });

  test('shared by environments gives each its own', async () => {
    const file = newFile();
    const [one, other] = [await openFile(file), await openFile(file, 'test-other')];
    await one.publish(head(1));
    await other.publish(head(7, 'test-other'));
    await one.publish(head(2));
    expect(await rowsOf(one)).toEqual([1, 2]);
    expect((await openFile(file, 'test-other')).last()).toEqual(head(7, 'test-other'));
  });

  test('torn by a crash loses the torn head and no other', async () => {
    const file = newFile();
    await (await openFile(file)).publish(head(1));
    appendFileSync(file, '{"at":"2026-01-05T1');
    const heads = await openFile(file);
    expect(heads.last()).toEqual(head(1));
    await heads.publish(head(2));
    expect(await rowsOf(heads)).toEqual([1, 2]);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  test('with something else in it is read past it', async () => {
    const file = newFile();
    await (await openFile(file)).publish(head(1));
    appendFileSync(file, `${'x'.repeat(200_000)}\nnot ours\n${JSON.stringify({ rows: 3 })}\n`);
    appendFileSync(file, `${JSON.stringify(head(2))}\n`);
    expect(await rowsOf(await openFile(file))).toEqual([1, 2]);
  });

  test('whose folder cannot be is an error', async () => {
    const file = newFile();
    await openFile(file);
    writeFileSync(file, '');
    await expect(openFile(join(file, 'heads.jsonl'))).rejects.toThrow();
  });
});

test('memory forgets the oldest of very many', async () => {
  const heads = rememberPublishedHeads();
  for (let rows = 1; rows <= 1_200; rows += 1) await heads.publish(head(rows));
  const rows = await rowsOf(heads);
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([1_000, 201, 1_200]);
});
