// Risk: the committed examples stop showing what their page says, or a change of reading or judging goes unnoticed.
import { createReadStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { icpSchema } from '@caio/contracts';
import { createLeadJudge, exclusionKeysOf, identityKeysOf, normaliseExclusionKey } from '@caio/outreach-core';
import { cellsOf } from './csv-cells.ts';
import { openLeadFile } from './lead-file.ts';
import type { LeadFile } from './lead-file.ts';
import type { LeadRow } from './lead-row.ts';

const root = path.resolve(__dirname, '../../../..');
const textOf = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const judge = createLeadJudge(icpSchema.parse(JSON.parse(textOf('config/copy-pack/harbor-pine/icp.json'))));
const exclusionRows = textOf('examples/exclusions.csv')
  .trim()
  .split('\n')
  .map((line) => cellsOf(line, ',') ?? []);

const open = async (
  name: string,
): Promise<{ file: LeadFile; rows: Exclude<LeadRow, { kind: 'file_problem' }>[] }> => {
  const opened = await openLeadFile(createReadStream(path.join(root, 'examples', name)), { fileName: name });
  if (!opened.ok) throw new Error(opened.problem.message);
  const rows: Exclude<LeadRow, { kind: 'file_problem' }>[] = [];
  for await (const row of opened.file.rows) {
    if (row.kind === 'file_problem') throw new Error(row.problem.message);
    rows.push(row);
  }
  return { file: opened.file, rows };
};

/** What comes of each row of a file, by line: `tier_1`, `parked: title_unknown`, `bad row: Email`, … */
const outcomesOf = (rows: Exclude<LeadRow, { kind: 'file_problem' }>[]): Map<number, string> => {
  const excluded = new Set(
    exclusionRows.slice(1).map(([typed]) => {
      const result = normaliseExclusionKey(typed ?? '');
      return result.ok ? result.key : result.reason;
    }),
  );
  const seen = new Set<string>();
  const outcomeOf = (row: Exclude<LeadRow, { kind: 'file_problem' }>): string => {
    if (row.kind === 'bad_row') return `bad row: ${row.problems[0]?.column}`;
    const keys = identityKeysOf(row.lead);
    const isKnown = keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    if (isKnown) return 'duplicate';
    const exclusion = exclusionKeysOf(row.lead).find((key) => excluded.has(key));
    if (exclusion !== undefined) return `excluded: ${exclusion}`;
    const { verdict, decidedBy, reasons, tier } = judge(row.lead);
    if (verdict === 'qualified') return String(tier);
    const decisive = reasons.filter(
      (code) => decidedBy !== 'score' || /^(?:outside_icp|below_score)$/.test(code),
    );
    return `${verdict}: ${decisive.join(', ')}`;
  };
  return new Map(rows.map((row) => [row.line, outcomeOf(row)]));
};

describe('examples/leads.csv', () => {
  let rows: Exclude<LeadRow, { kind: 'file_problem' }>[] = [];
  let file: LeadFile;
  let outcomes = new Map<number, string>();
  const page = textOf('examples/README.md');
  const listed = [
    ...page.matchAll(/^\| (\d+) +\| (\d+) +\| .* \| `([^`]+)`(?:, unreadable: `([^`]+)`)? *\|$/gm),
  ];

  beforeAll(async () => {
    ({ file, rows } = await open('leads.csv'));
    outcomes = outcomesOf(rows);
  });

  test('is read as an Apollo export and its decoy is not taken', () => {
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(file.mapping.find(({ field }) => field === 'company')?.column).toBe('Company');
    expect(file.ignoredColumns).toEqual(['Company Name for Emails', 'Seniority']);
  });

  test('every row its page lists comes to what the page says', () => {
    expect(listed.length).toBeGreaterThan(150);
    const said = listed.map(([, line, physical, outcome, unreadable]) => [
      line,
      physical,
      outcome,
      unreadable,
    ]);
    const found = listed.map(([, line]) => {
      const row = rows.find((candidate) => String(candidate.line) === line);
      const unreadable = row?.kind === 'lead' ? row.problems[0]?.column : undefined;
      return [line, String(row?.physicalLine), outcomes.get(Number(line)), unreadable];
    });
    expect(found).toEqual(said);
  });

  test('the rows its page does not list are clean and all qualify, enough for a batch', () => {
    const dirty = new Set(listed.map(([, line]) => Number(line)));
    const clean = rows.filter(({ line }) => !dirty.has(line));
    expect(clean.length).toBeGreaterThanOrEqual(60);
    for (const row of clean) {
      expect([row.line, row.problems, outcomes.get(row.line)]).toEqual([
        row.line,
        [],
        expect.stringMatching(/^tier_[123]$/),
      ]);
    }
  });

  test('the totals of its page add up', () => {
    const total = (start: RegExp): number =>
      [...outcomes.values()].filter((outcome) => start.test(outcome)).length;
    expect(page).toContain(
      `${total(/^tier/)} qualified, ${total(/^parked/)} parked, ${total(/^disqualified/)} disqualified, ` +
        `${total(/^excluded/)} excluded, ${total(/^duplicate/)} duplicate, ${total(/^bad row/)} bad rows.`,
    );
  });

  test('names nothing but example domains', () => {
    const domains = textOf('examples/leads.csv').match(/(?<=@|:\/\/)[^/\s,"@;?]+\.[^/\s,"@;?]+/g) ?? [];
    const foreign = domains.filter(
      (domain) => !/(?:\.example\.?|\.EXAMPLE|(?:^|\.)linkedin\.com)$/.test(domain),
    );
    expect(foreign).toEqual([]);
  });
});

test('every exclusion is understood as it was typed and meets a row of leads.csv or is our own', () => {
  expect(exclusionRows[0]).toEqual(['key', 'kind', 'note']);
  for (const [typed = '', kind] of exclusionRows.slice(1)) {
    expect([typed, normaliseExclusionKey(typed).ok]).toEqual([typed, true]);
    expect(['customer', 'competitor', 'own', 'personal', 'other']).toContain(kind);
  }
});

test('linkedin-connections.csv: the preamble is skipped, most people have no address, one is met twice', async () => {
  const { rows } = await open('linkedin-connections.csv');
  expect(rows[0]).toMatchObject({ line: 2, physicalLine: 6, lead: { firstName: 'Selma', email: null } });
  expect([...outcomesOf(rows)]).toEqual([
    [2, 'parked: missing_email, industry_unknown'],
    [3, 'parked: industry_unknown'],
    [4, 'parked: missing_email, industry_unknown'],
    [5, 'bad row: Email Address'],
    [6, 'parked: industry_unknown'],
    [7, 'parked: missing_email, industry_unknown'],
    [8, 'duplicate'],
    [9, 'disqualified: free_mail'],
    [10, 'bad row: URL'],
    [11, 'parked: industry_unknown'],
  ]);
});

test('hubspot-contacts.csv: a byte order mark, CRLF and a line break in a title change nothing', async () => {
  const { rows, file } = await open('hubspot-contacts.csv');
  expect(file.mapping.map(({ field }) => field)).toContain('externalId');
  expect(rows[0]).toMatchObject({
    line: 2,
    physicalLine: 2,
    lead: { externalId: '70010001', emailStatus: 'unknown' },
  });
  expect(rows[6]).toMatchObject({ line: 8, lead: { title: 'Founder and Creative Director' } });
  expect(rows[7]).toMatchObject({ line: 9, physicalLine: 10 });
  const outcomes = outcomesOf(rows);
  expect(outcomes.get(4)).toBe('parked: role_mailbox, industry_unknown');
  expect(outcomes.get(5)).toBe('excluded: domain:lanternfreight.example');
  expect(outcomes.get(6)).toBe('bad row: Email');
  expect(outcomes.get(9)).toBe('duplicate');
  expect(outcomes.get(11)).toBe('bad row: Email');
});

test('clay-table.json: names are split, the private address is not taken, absent fields are absent', async () => {
  const { rows, file } = await open('clay-table.json');
  expect(file).toMatchObject({ format: 'json', ignoredColumns: ['Personal Email', 'Notes'] });
  expect(rows[0]).toMatchObject({
    line: 1,
    physicalLine: 2,
    lead: { firstName: 'Hedda', lastName: 'Lunde' },
  });
  expect(rows[1]).toMatchObject({ lead: { firstName: 'Orrin', companyDomain: 'prenticetalent.example' } });
  expect([...outcomesOf(rows).values()]).toEqual([
    'tier_1',
    'parked: email_catch_all',
    'parked: title_unknown',
    'parked: missing_email',
    'tier_2',
    'bad row: Work Email',
    'bad row: (row)',
    'tier_3',
    'excluded: domain:northlight-transformation.example',
    'disqualified: size_above_max',
  ]);
});
