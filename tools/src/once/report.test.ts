// Risk: on a narrow terminal every row of a table is broken apart, and nobody can read what became of their leads.
import type { RowOutcome } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { leadsText } from './report.ts';

const row: RowOutcome = {
  line: 2,
  physicalLine: 2,
  email: 'ava.stone@oaklane.example',
  verdict: 'drafted',
  tier: 'tier_1',
  score: 97,
  reasons: ['title_ok'],
};

test('a lead no text could be written for names the fields that are missing', () => {
  const parked: RowOutcome = {
    ...row,
    verdict: 'parked',
    reasons: ['unrendered_placeholder'],
    missing: ['firstName', 'company'],
  };
  expect(leadsText([parked], 60)).toContain('unrendered_placeholder, missing: firstName and company');
});

test('a table where it fits, else a plain line for each row, with nothing left out', () => {
  expect(leadsText([row])).toContain('│ ava.stone@oaklane.example');
  expect(leadsText([row], 300)).toBe(leadsText([row]));
  expect(leadsText([row], 60)).toBe(
    '2  ava.stone@oaklane.example  drafted  tier 1  97  title_ok\n1 row: 1 drafted',
  );
});
