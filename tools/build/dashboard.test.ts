// Risk: the desk grows past what a phone loads at once, keeps an old script under a new page, or needs inline code.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repositoryRoot as root } from '../process/repository-root.mjs';
import { buildDashboard, FIRST_LOAD_BYTES_MAX } from './dashboard.mjs';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-desk-'));
  writeFileSync(join(folder, 'app-OLD.js'), 'of an earlier build');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the page names a script and a style that are there, and holds no code itself', async () => {
  const { firstLoadBytes } = await buildDashboard({ root, mode: 'always', folder });
  expect(firstLoadBytes).toBeGreaterThan(0);
  expect(firstLoadBytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/\/static\/(app-[A-Z0-9]{8}\.(?:js|css))/g)].map(([, name]) => name ?? '');
  expect(named.map((name) => name.replace(/^.*\./, '')).sort()).toEqual(['css', 'js']);
  expect(readdirSync(folder).sort()).toEqual([...named, 'index.html', 'inputs.json'].sort());
  expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
});

test('what is up to date is left alone', async () => {
  expect(await buildDashboard({ root, mode: 'when-stale', folder })).toMatchObject({ outcome: 'fresh' });
});

test('a desk that is too large is refused, and the one that is there stays', async () => {
  const before = readdirSync(folder).sort();
  await expect(buildDashboard({ root, mode: 'always', folder, firstLoadBytesMax: 10_000 })).rejects.toThrow(
    /first load of the desk is \d+\.\d KB compressed; 9\.8 KB is the most/,
  );
  expect(readdirSync(folder).sort()).toEqual(before);
});
