// Risk: a script is called with keys or arguments its header does not name, and checks the wrong thing silently.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admissionCodes } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { scripts } from './index.ts';

const files = readdirSync(__dirname).filter((name) => name.endsWith('.lua'));
const source = (name: string): string => readFileSync(join(__dirname, name), 'utf8');
const indexes = (text: string, table: 'KEYS' | 'ARGV'): number[] =>
  [...text.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, 'g'))].map((match) => Number(match[1]));
const section = (header: string, from: string, to: string): number[] =>
  [...(header.split(`  ${from}\n`)[1]?.split(`  ${to}\n`)[0] ?? '').matchAll(/^ {4}(\d+) /gm)].map((match) =>
    Number(match[1]),
  );
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each(files)('%s', (name) => {
  const [header = '', body = ''] = source(name).split(']]\n');
  const keys = section(header, 'KEYS', 'ARGV');
  const args = section(header, 'ARGV', 'Output');

  test('names every key, as many as its file name says', () => {
    expect(keys).toEqual(upTo(Number(/-(\d+)\.lua$/.exec(name)?.[1])));
  });
  test('uses exactly the keys and arguments it names', () => {
    const looped = /for position = (\d+), (\d+) do\n\s+redis\.call\('INCR', KEYS\[position\]\)/.exec(body);
    const used = new Set(indexes(body, 'KEYS'));
    for (let key = Number(looped?.[1] ?? 1); key <= Number(looped?.[2] ?? 0); key += 1) used.add(key);
    expect([...used].sort((a, b) => a - b)).toEqual(keys);
    expect([...new Set(indexes(body, 'ARGV'))].sort((a, b) => a - b)).toEqual(args);
  });
  test('says its purpose and what it answers', () => {
    expect(header).toMatch(new RegExp(`^--\\[\\[\\n {2}${name.replace(/-\d+\.lua$/, '')}: \\w`));
    expect(header).toMatch(/ {2}Output\n {4}\S/);
  });
});

test('every script file is defined once under its own name', () => {
  const defined = Object.values(scripts).map(({ name, keyCount }) => `${name}-${keyCount}.lua`);
  expect(defined.sort()).toEqual(files.sort());
});

test('admission numbers are the positions in the contract’s table', () => {
  const numbers = new Map<string, number>();
  for (const [, names = '', values = ''] of source('admit-action-20.lua').matchAll(
    /^local ([A-Z_, ]+) = ([\d, ]+)$/gm,
  )) {
    const list = values.split(',').map(Number);
    names
      .split(',')
      .forEach((name, index) => numbers.set(name.trim().toLowerCase(), list[index] ?? Number.NaN));
  }
  const withoutData = ['cadence_exited'];
  for (const [index, code] of admissionCodes.entries()) {
    if (!withoutData.includes(code)) expect([code, numbers.get(code)]).toEqual([code, index + 1]);
  }
  expect(numbers.size).toBe(admissionCodes.length - withoutData.length);
});
