// Risk: the page that is signed leaves a number out, names no source for it, or shows text as markup.
import type { AuditVerdict, RampEvidence } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { rampText } from './commands/ramp-commands.ts';
import { evidenceHtml, evidenceMarkdown } from './ramp-evidence-page.ts';

const facts: RampEvidence['day']['facts'] = {
  ...{ day: '2026-03-09', admitted: 5, handedOver: 0, left: 5, leftLive: 5, refused: 1, released: 2 },
  ...{ takenBack: 0, becameUnknown: 1, bounces: 1, complaints: 0, optOuts: 3, halts: 1, stopped: true },
  ...{ draftsApproved: 5, draftsRejected: 2, unknownAtEnd: 0, unreviewedAtEnd: 4, lateBounces: 0 },
};
const evidence: RampEvidence = {
  ...{ environment: 'staging', timezone: 'America/New_York', policyVersion: 'supervised-ramp@1+0' },
  ...{ from: '2026-03-09T04:00:00.000Z', to: '2026-03-10T04:00:00.000Z', stage: 'ramp' },
  day: { status: 'not_clean', reasons: ['bounce', 'halt', 'unreviewed'], facts },
  figures: [
    { name: 'left', value: 5, source: 'audit rows of 2026-03-09, to left' },
    { name: 'opt-outs', value: 3, source: 'audit rows of 2026-03-09, person.suppressed unsubscribed' },
  ],
  caps: [{ name: 'e-mail that day', used: 5, max: 5, source: 'counter of sends' }],
  batches: [
    {
      ...{ batchId: 'bat_1', previewHash: 'a'.repeat(64), approvedBy: 'ann|<b>' },
      approvedAt: '2026-03-09T13:00:00.000Z',
    },
  ],
  reviewers: [{ by: 'ann', approved: 5, rejected: 2 }],
  halts: [{ at: '2026-03-09T15:00:00.000Z', by: 'ben', what: 'set', code: '' }],
  alarms: [],
  sends: [
    {
      ...{ at: '2026-03-09T14:00:00.000Z', actionId: 'act_1', batchId: 'bat_1', outcome: 'left' },
      who: 'f'.repeat(64),
    },
  ],
  sendsTotal: 5,
  rows: { first: '1-0', last: '2-0', count: 17 },
};
const verdict: AuditVerdict = {
  ...{ state: 'checked', ok: true, rows: 20, sealed: 19, unsealed: 1, unsealedSince: null },
  ...{ head: 'b'.repeat(64), storeId: 'store-1', firstBroken: null, problems: [] },
};
const pack = (audit = verdict) => ({ evidence, audit, writtenAt: '2026-03-10T08:00:00.000Z' });

describe.each([
  ['Markdown', evidenceMarkdown],
  ['HTML', evidenceHtml],
])('the page as %s', (_name, write) => {
  test('says what the day was, each number with its source, who approved what, and whether the audit holds', () => {
    const page = write(pack());
    for (const { name, value, source } of evidence.figures)
      for (const text of [name, String(value), source]) expect(page).toContain(text);
    expect(page).toContain('not clean (bounce, halt, unreviewed)');
    for (const text of ['a'.repeat(64), 'b'.repeat(64), 'PASS', '19 of 20', '1 of 5', 'f'.repeat(16), 'ben'])
      expect(page).toContain(text);
    expect(write(pack({ ...verdict, ok: false }))).toContain('FAIL');
  });

  test('shows what somebody wrote as text', () => {
    const page = write(pack());
    expect(page).not.toContain('ann|<b>');
    expect(page).toMatch(/ann(\\\||\|)(&lt;b&gt;|<b>)/);
  });
});

test('HTML for paper loads nothing', () => {
  expect(evidenceHtml(pack())).not.toMatch(/https?:|<script|<img|<link|@import|url\(/);
});

test('the status says which days were clean and for each other day why not', () => {
  const day = (name: string, status: RampEvidence['day']['status'], part: Partial<typeof facts> = {}) => ({
    ...{ status, reasons: status === 'not_clean' ? (['bounce', 'halt'] as const).slice() : [] },
    facts: { ...facts, day: name, ...part },
  });
  const text = rampText({
    ...{ stage: 'ramp', policyVersion: 'p@1', timezone: 'UTC', today: '2026-03-10' },
    holds: { emailPerDay: 5, tiers: ['tier_1'], sentToday: 2 },
    cleanDays: { required: 3, found: ['2026-03-08'], lookbackDays: 45, since: '2026-01-24' },
    against: ['1 clean day of 3 within 45 days: 2 more needed.'],
    ...{ graduated: null, droppedBack: null, growth: null },
    days: [
      day('2026-03-10', 'open', { leftLive: 0 }),
      day('2026-03-09', 'not_clean'),
      day('2026-03-08', 'clean'),
      day('2026-03-07', 'missed', { leftLive: 0 }),
    ],
  });
  expect(text).toMatch(/2026-03-09.*not clean.*bounced: 1; stops: 1/);
  expect(text).toMatch(/2026-03-08.*clean/);
  expect(text).toMatch(/2026-03-07.*missed.*nothing left/);
  expect(text).toContain('2 more needed');
  expect(text).not.toContain('A person may end it');
});
