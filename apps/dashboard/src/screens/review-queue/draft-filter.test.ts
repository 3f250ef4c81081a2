// Risk: a filter or a jump to the next card skips a draft, so that it is never reviewed.
import { draftSchema, type Draft } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { filterDrafts, neighbourOf, noFilter } from './draft-filter.ts';

const draft = (letter: string, tier: string | null, company: string): Draft =>
  draftSchema.parse({
    draftId: `drf_${letter.repeat(26)}`,
    status: 'pending',
    revision: 1,
    contentDigest: '0'.repeat(64),
    message: {
      version: 1,
      channel: 'email',
      motion: 'outbound',
      route: 'cold_email',
      recipient: { email: `${letter}@example.com`, name: letter, company, linkedinUrl: null },
      recipientKey: `email:${letter}@example.com`,
      sender: { name: 'S', email: 's@example.com' },
      senderKey: 'email:s@example.com',
      subject: 'The weekly report',
      body: 'Hello',
      footer: 'Footer',
      unsubscribeUrl: 'https://example.com/u/x',
      headers: {},
      settings: {
        trackOpens: false,
        trackClicks: false,
        stopOnReply: true,
        followUps: 0,
        schedule: { timezone: 'UTC', days: [1], from: '08:00', to: '18:00' },
      },
    },
    lead: {
      email: null,
      emailStatus: 'verified',
      firstName: null,
      lastName: null,
      fullName: null,
      title: 'COO',
      company,
      companyDomain: null,
      industry: null,
      employees: null,
      revenueUsd: null,
      linkedinUrl: null,
      city: null,
      country: null,
      externalId: null,
    },
    judgement: { verdict: 'qualified', tier, score: 80, reasons: [] },
    claims: [],
    guards: [],
    templateId: null,
    copyPackVersion: 'p@1+000000000000',
    policyVersion: 'p@1+000000000000',
    origin: { kind: 'agent', agent: 'a' },
    sourceKey: letter,
    correlationId: 'corr-12345678',
    batchId: null,
    createdAt: '2026-01-05T12:00:00.000Z',
    reviewedAt: null,
    reviewedBy: null,
    rejection: null,
  });

const drafts = [
  draft('A', 'tier_1', 'Copper Lantern Media'),
  draft('B', 'tier_2', 'Larch Valley Foods'),
  draft('C', null, 'Copper Works'),
];
const found = (tier: 'any' | 'tier_1' | 'tier_4', text: string) =>
  filterDrafts(drafts, { tier, text }).map(({ sourceKey }) => sourceKey);

test('no filter hides nothing', () => {
  expect(filterDrafts(drafts, noFilter)).toEqual(drafts);
});

test.each([
  ['any', 'copper', ['A', 'C']],
  ['any', '  MEDIA copper ', ['A']],
  ['tier_1', 'copper', ['A']],
  ['any', 'weekly', ['A', 'B', 'C']],
  ['tier_4', '', []],
  ['any', 'nowhere', []],
] as const)('%s and %j finds %j', (tier, text, keys) => {
  expect(found(tier, text)).toEqual(keys);
});

test.each([
  [null, 'next', 'a'],
  ['a', 'next', 'b'],
  ['c', 'next', null],
  ['a', 'previous', null],
  ['gone', 'next', 'a'],
] as const)('from %s %s is %s', (current, step, expected) => {
  expect(neighbourOf(['a', 'b', 'c'], current, step)).toBe(expected);
});

test('an empty list has no next card', () => {
  expect(neighbourOf([], null, 'next')).toBeNull();
});
