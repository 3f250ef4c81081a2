// Risk: a title is read as something else (a director as a CTO, a vice president as a president) and the wrong person is contacted first.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { icpSchema, titleCaseSchema } from '@caio/contracts';
import type { Icp, TitleCase } from '@caio/contracts';
import { titleFitOf } from '../icp/title-fit.ts';
import { parseTitle } from './parsed-title.ts';

const root = path.resolve(__dirname, '../../../..');
const linesOf = (file: string): unknown[] =>
  readFileSync(path.join(root, 'golden-set', file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
const icpOf = (company: string): Icp =>
  icpSchema.parse(JSON.parse(readFileSync(path.join(root, 'config/copy-pack', company, 'icp.json'), 'utf8')));

const cases: TitleCase[] = linesOf('titles.jsonl').map((line) => titleCaseSchema.parse(line));
const icps = new Map(['harbor-pine', 'kestrel-field'].map((company) => [company, icpOf(company)]));

const ceilingIn = (title: string | null, company: string): string => {
  const icp = icps.get(company);
  if (icp === undefined) return `no ICP named ${company}`;
  const fit = titleFitOf(parseTitle(title), icp);
  if (fit.outcome === 'group') return fit.group.tier;
  return fit.outcome === 'none' ? 'none' : 'unclear';
};

describe('golden titles', () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))('%s', (id, { input, expected }) => {
    const parsed = parseTitle(input.title);
    const companies = Object.keys(expected.ceilings);
    expect({
      case: id,
      seniority: parsed.seniority,
      function: parsed.function,
      modifiers: parsed.modifiers,
      left: parsed.left,
      ...(expected.roles === undefined ? {} : { roles: parsed.roles.length }),
      ceilings: Object.fromEntries(companies.map((company) => [company, ceilingIn(input.title, company)])),
    }).toEqual({ case: id, ...expected });
  });

  test('there are at least 80 of them, each with its own id', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });
});
