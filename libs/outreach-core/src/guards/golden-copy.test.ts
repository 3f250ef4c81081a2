// Risk: a text that should be parked reaches a reviewer, or a sound one is parked, for either of two companies.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { goldenCaseSchema } from '@caio/contracts';
import type { CopyCase, Lead } from '@caio/contracts';
import { composeMessage } from '../drafting/compose-message.ts';
import { companyPack } from '../testing/company-packs.ts';
import { draftFingerprint } from './draft-fingerprint.ts';
import { failedRules, guardDraft } from './guard-draft.ts';
import { guardRules } from './guard-rules.ts';

const file = path.resolve(__dirname, '../../../../golden-set/copy.jsonl');
const cases = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => goldenCaseSchema.parse(JSON.parse(line)))
  .filter((golden): golden is CopyCase => golden.kind === 'copy');

const packs = new Map(['harbor-pine', 'kestrel-field'].map((company) => [company, companyPack(company)]));

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

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex');

const brokenRules = ({ input }: CopyCase): readonly string[] => {
  const pack = packs.get(input.pack);
  if (pack === undefined) throw new Error(`no pack named ${input.pack}`);
  const { claims, ...draft } = input.draft;
  const lead = { ...emptyLead, ...input.lead };
  const composed = composeMessage({
    ...draft,
    lead,
    pack,
    route: draft.channel === 'linkedin' ? 'cold_linkedin' : 'cold_email',
    unsubscribeUrl: 'https://mail.harborpine.example/u/golden',
  });
  if (!composed.ok) return [composed.ruleId];
  return failedRules(
    guardDraft({
      message: composed.message,
      claims,
      lead,
      pack,
      fingerprint: hashed(draftFingerprint(composed.message)),
      rejectedFingerprints: input.rejected.map((text) => ({ fingerprint: hashed(draftFingerprint(text)) })),
      rejectionCount: input.rejected.length,
      rejection: { memoryDays: 30, blockAfter: 2 },
      sentSubjects: input.sentSubjects,
    }),
  );
};

describe('golden copy', () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
    expect([...brokenRules(golden)].sort()).toEqual([...golden.expected.fails].sort());
  });

  test('every rule has a case that breaks it', () => {
    const broken = new Set(cases.flatMap(({ expected }) => expected.fails));
    // Whether a pack has a text at all is the drafter's business, tested with it.
    const untested = guardRules.map(({ id }) => id).filter((id) => id !== 'no_template' && !broken.has(id));
    expect(untested).toEqual([]);
    expect(cases.filter(({ expected }) => expected.fails.length === 0).length).toBeGreaterThan(20);
  });
});
