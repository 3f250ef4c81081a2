// Risk: a mistake made before is made again, because the test that stood against it was renamed or taken away.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './testing/service-apps.ts';

const text = readFileSync(join(root, 'docs/regressions.md'), 'utf8');
const proofs = [...text.matchAll(/`([^`]+\.test\.ts) › ([^`]+)`/g)].map(([, file = '', titles = '']) => ({
  file,
  titles: titles.split(' › '),
}));

test('every proof in docs/regressions.md is a test that is there', () => {
  const missing = proofs.flatMap(({ file, titles }) => {
    if (!existsSync(join(root, file))) return [`${file} is gone`];
    const source = readFileSync(join(root, file), 'utf8');
    return titles.filter((title) => !source.includes(title)).map((title) => `${file} has no "${title}"`);
  });
  expect(missing).toEqual([]);
  expect(proofs.length).toBeGreaterThan(35);
});

test('every weakness has a promise and a proof', () => {
  const rows = text.split('\n').filter((line) => /^\| (?!---|weakness|mistake)/.test(line));
  expect(rows.filter((row) => !row.includes('.test.ts › '))).toEqual([]);
  expect(rows.filter((row) => /^\| W-\d\d /.test(row)).length).toBeGreaterThanOrEqual(23);
});
