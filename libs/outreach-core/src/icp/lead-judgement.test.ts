// Risk: a tier better than the document or the score allows, a range that only overlaps disqualifies, or a screen that says more than the code did.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { icpSchema, judgementSentenceOf, leadJudgementSchema, leadSchema, tierSchema } from '@caio/contracts';
import type { Icp, Lead, Tier } from '@caio/contracts';
import fc from 'fast-check';
import { createLeadJudge, explainJudgement, judgeLead } from './lead-judgement.ts';

const packs = path.resolve(__dirname, '../../../../config/copy-pack');
const raw = (company: string): unknown =>
  JSON.parse(readFileSync(path.join(packs, company, 'icp.json'), 'utf8'));
const harborPine: Icp = icpSchema.parse(raw('harbor-pine'));
const kestrelField: Icp = icpSchema.parse(raw('kestrel-field'));

const lead = (fields: Partial<Lead>): Lead =>
  leadSchema.parse({
    email: 'p.marsh@brightmere.example',
    emailStatus: 'verified',
    firstName: 'Piet',
    lastName: 'Marsh',
    fullName: null,
    title: 'CEO',
    company: 'Brightmere',
    companyDomain: 'brightmere.example',
    industry: 'Marketing & Advertising',
    employees: { min: 200, max: 200 },
    revenueUsd: null,
    linkedinUrl: null,
    city: null,
    country: null,
    externalId: null,
    ...fields,
  });

const ranges = fc.option(
  fc
    .tuple(fc.option(fc.integer({ min: 0, max: 20_000 })), fc.option(fc.integer({ min: 0, max: 20_000 })))
    .map(([min, max]) => ({ min, max })),
);
const leads = fc
  .record({
    title: fc.constantFrom(
      ...[null, '', 'CEO', 'Fractional CTO', 'CRO', 'VP Ops', 'Vice President', 'Director of Sales and IT'],
      ...[
        'Office Manager',
        'Owner',
        'Former CEO',
        'Mayor',
        'Interim COO',
        'Head of AI',
        'Dispatch Supervisor',
      ],
    ),
    industry: fc.constantFrom(
      ...[null, 'Advertising', 'SaaS', 'Construction; SaaS', 'HVAC', 'Lawn Care', 'Higher Education', 'Toys'],
    ),
    company: fc.constantFrom(null, 'Brightmere', 'City of Brightmere', 'Fernvale University'),
    email: fc.constantFrom(
      ...[
        null,
        '',
        'nonsense',
        'p.marsh@brightmere.example',
        'info@brightmere.example',
        'p@throwaway.example',
      ],
      ...['no-such-person-p-marsh@gmail.com', 'p.marsh@parks.gov.example', 'p.marsh@fernvale.example'],
    ),
    emailStatus: fc.constantFrom(...leadSchema.shape.emailStatus.options),
    employees: ranges,
    revenueUsd: ranges.map((range) =>
      range === null
        ? null
        : {
            min: range.min === null ? null : range.min * 20_000,
            max: range.max === null ? null : range.max * 20_000,
          },
    ),
  })
  .map(lead);
const icps = fc.constantFrom(harborPine, kestrelField);
const judges = fc.constantFrom(createLeadJudge(harborPine), createLeadJudge(kestrelField));
const rank = (tier: Tier): number => tierSchema.options.indexOf(tier);

describe('any lead of any company', () => {
  test('gets the lower of ceiling and score, and no tier before the score', () => {
    fc.assert(
      fc.property(leads, judges, (given, judge) => {
        const judged = judge(given);
        expect(leadJudgementSchema.safeParse(judged).success).toBe(true);
        if (judged.decidedBy !== 'score') {
          expect([judged.tier, judged.ceiling, judged.scoreTier, judged.score]).toEqual([
            null,
            null,
            null,
            0,
          ]);
          return;
        }
        const ranks = [judged.ceiling, judged.scoreTier].map((tier) => rank(tier ?? 'tier_1'));
        expect(rank(judged.tier ?? 'tier_1')).toBe(Math.max(...ranks));
        expect(judged.verdict).toBe(judged.tier === 'tier_4' ? 'disqualified' : 'qualified');
      }),
      { numRuns: 3_000 },
    );
  });

  test('gets at least one reason, and every reason has a sentence', () => {
    fc.assert(
      fc.property(leads, judges, (given, judge) => {
        const judged = judge(given);
        expect(judged.reasons.length).toBeGreaterThan(0);
        expect(judged.reasons.filter((code) => judgementSentenceOf(code) === null)).toEqual([]);
        expect(new Set(judged.reasons).size).toBe(judged.reasons.length);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is never disqualified for a size that only overlaps', () => {
    fc.assert(
      fc.property(icps, fc.nat(3_000), fc.nat(3_000), (icp, below, above) => {
        const { min, max } = icp.employees;
        const employees = { min: Math.max(0, (max ?? 0) - below), max: (min ?? 0) + above + (max ?? 0) };
        const { reasons } = judgeLead(lead({ employees }), icp);
        expect(reasons).not.toContain('size_below_min');
        expect(reasons).not.toContain('size_above_max');
      }),
    );
  });

  test('is judged the same alone and by a judge of many', () => {
    const judge = createLeadJudge(harborPine);
    fc.assert(
      fc.property(leads, (given) => {
        expect(judge(given)).toEqual(judgeLead(given, harborPine));
      }),
      { numRuns: 50 },
    );
  });
});

describe('explanation', () => {
  test('is one sentence per code, in order, and nothing else', () => {
    expect(explainJudgement({ reasons: ['size_51_500_20', 'title_group_second_line_22'] })).toBe(
      'Company of 51 to 500 people: 20 points. Title group second line: 22 points.',
    );
  });

  test('names the industry group that counted, not another', () => {
    const words = explainJudgement(judgeLead(lead({}), harborPine));
    expect(words).toContain('Industry group agencies: 20 points.');
    expect(words).not.toMatch(/saas|software/i);
  });

  test('shows a code it does not know as it is', () => {
    expect(explainJudgement({ reasons: ['from_another_version'] })).toBe('Reason code from_another_version.');
  });
});

describe('an ICP file', () => {
  const broken = (change: (icp: Icp) => unknown) => icpSchema.safeParse(change(harborPine));

  test('is refused with a place to look when its rules contradict each other', () => {
    const wrong = {
      cutOffs: broken((icp) => ({ ...icp, cutOffs: { tier_1: 60, tier_2: 80, tier_3: 40 } })),
      sizeBands: broken((icp) => ({
        ...icp,
        sizeBands: [...icp.sizeBands, { min: 900, max: 1_000, points: 3 }],
      })),
      titleGroups: broken((icp) => ({ ...icp, titleGroups: [...icp.titleGroups, ...icp.titleGroups] })),
      industryGroups: broken((icp) => ({
        ...icp,
        industryGroups: [...icp.industryGroups, ...icp.industryGroups],
      })),
      neverContact: broken((icp) => ({ ...icp, neverContact: [...icp.neverContact, ...icp.neverContact] })),
    };
    for (const [field, outcome] of Object.entries(wrong))
      expect([field, outcome.error?.issues.map((issue) => issue.path[0])]).toEqual([field, [field]]);
  });

  test('is refused when it holds a field nobody reads or a phrase that could never match', () => {
    expect(broken((icp) => ({ ...icp, minimumScore: 50 })).success).toBe(false);
    expect(
      broken((icp) => ({
        ...icp,
        industryGroups: icp.industryGroups.map((group) => ({ ...group, phrases: ['Law & Order'] })),
      })).success,
    ).toBe(false);
  });

  test('decides alone: the same lead is tier 1 for one company and nobody for the other', () => {
    const owner = lead({ title: 'Owner', industry: 'Lawn Care', employees: { min: 40, max: 40 } });
    expect(judgeLead(owner, kestrelField)).toMatchObject({ verdict: 'qualified', tier: 'tier_1' });
    const agency = lead({ employees: { min: 60, max: 60 } });
    expect(judgeLead(agency, kestrelField)).toMatchObject({ verdict: 'disqualified' });
    expect(judgeLead(agency, harborPine)).toMatchObject({ verdict: 'qualified', tier: 'tier_1' });
  });
});

test.each<[Partial<Lead>, string]>([
  [{ email: null, emailStatus: 'unknown' }, 'missing_email'],
  [{ emailStatus: 'invalid' }, 'email_invalid'],
  [{ emailStatus: 'catch_all' }, 'email_catch_all'],
])('the state of an address parks mail and not a LinkedIn message (%j)', (fields, code) => {
  const judge = createLeadJudge(harborPine);
  expect(judge(lead(fields)).reasons).toContain(code);
  expect(judge(lead(fields), 'linkedin')).toMatchObject({ verdict: 'qualified', tier: 'tier_1' });
});
