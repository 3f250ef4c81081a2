// Risk: somebody who must never be contacted is, a good lead is dropped, or the stated reasons are not the path taken.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { goldenCaseSchema, icpSchema } from '@caio/contracts';
import type { ExclusionCase, Icp, JudgementCase, Lead, LeadJudgement } from '@caio/contracts';
import { exclusionKeysOf } from '../identity/person-keys.ts';
import { judgeLead } from './lead-judgement.ts';

const root = path.resolve(__dirname, '../../../..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const cases = textOf('golden-set/judgement.jsonl')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => goldenCaseSchema.parse(JSON.parse(line)));
const judgements = cases.filter((golden): golden is JudgementCase => golden.kind === 'judgement');
const exclusions = cases.filter((golden): golden is ExclusionCase => golden.kind === 'exclusion');

const icps = new Map<string, Icp>(
  ['harbor-pine', 'kestrel-field'].map((company) => [
    company,
    icpSchema.parse(JSON.parse(textOf(`config/copy-pack/${company}/icp.json`))),
  ]),
);

const emptyLead: Lead = {
  email: null,
  emailStatus: 'verified',
  firstName: null,
  lastName: null,
  fullName: null,
  title: null,
  company: null,
  companyDomain: null,
  industry: null,
  employees: null,
  revenueUsd: null,
  linkedinUrl: null,
  city: null,
  country: null,
  externalId: null,
};

const judged = ({ input }: JudgementCase): LeadJudgement => {
  const icp = icps.get(input.icp);
  if (icp === undefined) throw new Error(`no ICP named ${input.icp}`);
  return judgeLead({ ...emptyLead, ...input.lead }, icp);
};

describe('golden judgements', () => {
  test.each(judgements.map((golden) => [golden.id, golden] as const))('%s', (id, golden) => {
    const { reasons, notReasons, ...outcome } = golden.expected;
    const actual = judged(golden);
    const missing = reasons.filter((code) => !actual.reasons.includes(code));
    const forbidden = notReasons.filter((code) => actual.reasons.includes(code));
    expect({ case: id, ...actual, missing, forbidden }).toMatchObject({
      case: id,
      ...outcome,
      missing: [],
      forbidden: [],
    });
  });
});

describe('golden exclusions', () => {
  test.each(exclusions.map((golden) => [golden.id, golden] as const))('%s', (id, { input, expected }) => {
    const keys = exclusionKeysOf(input.person);
    const excludedBy = input.exclusions.filter((key) => keys.includes(key));
    expect({ case: id, excludedBy }).toEqual({ case: id, excludedBy: expected.excludedBy });
  });
});

test('there are at least 40 cases, each with its own id', () => {
  expect(judgements.length + exclusions.length).toBe(cases.length);
  expect(cases.length).toBeGreaterThanOrEqual(40);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
});
