// Risk: a guard is skipped, silent or endless; a rejected text comes back in other clothes.
import { describe, expect, test } from '@jest/globals';
import type { Message } from '@caio/contracts';
import fc from 'fast-check';
import { composeMessage } from '../drafting/compose-message.ts';
import { companyPack, leadWith } from '../testing/company-packs.ts';
import { claimsStillMade } from './claim-support.ts';
import { draftFingerprint } from './draft-fingerprint.ts';
import { failedRules, guardDraft } from './guard-draft.ts';
import type { GuardInput } from './guard-input.ts';
import { guardRules } from './guard-rules.ts';

const pack = companyPack('harbor-pine');
const lead = leadWith();
const body = `Hi Dana,

Staffing desks lose their mornings to paperwork: résumés copied into templates, references chased by phone, notes typed up after the call. For an owner that is capacity you pay for and never bill.

At Bluewater Staffing I would look at a single desk and measure the hours before and after. If the difference is small, we stop there.

Would a one-page outline be useful?

Best,
Rowan Ellery`;

const messageWith = (change: Partial<Message> = {}): Message => {
  const composed = composeMessage({
    subject: 'Recruiter hours at Bluewater Staffing',
    body,
    lead,
    pack,
    motion: 'outbound',
    channel: 'email',
    route: 'cold_email',
    unsubscribeUrl: 'https://mail.harborpine.example/u/dana',
  });
  if (!composed.ok) throw new Error(composed.message);
  return { ...composed.message, ...change };
};
const inputFor = (message: Message, more: Partial<GuardInput> = {}): GuardInput => ({
  message,
  claims: [],
  lead,
  pack,
  fingerprint: draftFingerprint(message),
  rejectedFingerprints: [],
  rejectionCount: 0,
  rejection: { memoryDays: 30, blockAfter: 2 },
  ...more,
});
const broken = (change: Partial<Message>, more: Partial<GuardInput> = {}) =>
  failedRules(guardDraft(inputFor(messageWith(change), more)));

describe('the answer', () => {
  const drafting = ['no_template', 'recipient_unreachable'];
  const judged = guardRules.map(({ id }) => id).filter((id) => !drafting.includes(id));

  test('lists every rule, broken or not, in table order', () => {
    expect(guardDraft(inputFor(messageWith())).map(({ ruleId }) => ruleId)).toEqual(judged);
    const empty = guardDraft(inputFor(messageWith({ subject: '', body: '', footer: '' })));
    expect(empty.map(({ ruleId }) => ruleId)).toEqual(judged);
    expect(broken({})).toEqual([]);
  });

  test('never echoes more than it may, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const results = guardDraft(inputFor(messageWith({ subject: text, body: text, footer: text })));
        for (const { message } of results) {
          expect(message.length).toBeGreaterThan(0);
          expect(message.length).toBeLessThanOrEqual(500);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('ids are unique and every rule says what to change', () => {
    expect(new Set(guardRules.map(({ id }) => id)).size).toBe(guardRules.length);
    for (const { title, change, source } of guardRules) expect([title, change, source]).not.toContain('');
  });

  test.each([
    '@',
    'a@',
    'a-',
    'a.a',
    '[',
    '{{',
    'о',
    '\u0130',
    'our ',
    'Hi ',
    'worked with A ',
    '1,',
    '*|',
    'http://',
  ])('comes in time for the longest text made of %j', (part) => {
    const long = part.repeat(20_000).slice(0, 20_000);
    const claims = Array.from({ length: 50 }, (_, index) => ({
      text: long.slice(index, index + 900),
      source: { kind: 'url' as const, url: 'https://survey.example/2026' },
    }));
    const start = performance.now();
    guardDraft(inputFor(messageWith({ body: long, footer: long.slice(0, 4_000) }), { claims }));
    // A pattern that backtracks takes minutes here; a busy machine takes a second.
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('the message itself', () => {
  test.each([
    [
      'a header that is not its link',
      { headers: { 'List-Unsubscribe': '<https://x.example/u>' } },
      'unsubscribe_link_missing',
    ],
    ['no header', { headers: {} }, 'unsubscribe_link_missing'],
    [
      'a recipient who is not the lead',
      { recipientKey: 'email:marcus@bluewater.example' },
      'recipient_mismatch',
    ],
    ['a sender key of another mailbox', { senderKey: 'email:imogen@harborpine.example' }, 'wrong_sender'],
    [
      'a sender name with a hidden mark',
      { sender: { name: 'Rowan\u200b Ellery', email: 'rowan@harborpine.example' } },
      'hidden_characters',
    ],
    [
      'a sender name with a foreign letter',
      { sender: { name: 'R\u043ewan Ellery', email: 'rowan@harborpine.example' } },
      'disguised_letters',
    ],
    ['a subject that mail programs decode', { subject: '=?utf-8?b?RnJlZQ==?=' }, 'encoded_header_text'],
    ['one they decode in part', { subject: 'Hours =?UTF-8?Q?Free' }, 'encoded_header_text'],
    [
      'a sender name they decode',
      { sender: { name: '=?utf-8?q?Rowan?= Ellery', email: 'rowan@harborpine.example' } },
      'encoded_header_text',
    ],
    [
      'a recipient name they decode',
      {
        recipient: {
          ...{ email: 'dana.ortiz@bluewater.example', name: 'Dana =?X?B?T3J0aXo=?=' },
          ...{ company: null, linkedinUrl: null },
        },
      },
      'encoded_header_text',
    ],
    [
      'an address they may decode',
      {
        recipient: {
          ...{ email: '=?utf-8?q?dana?=@bluewater.example', name: null },
          ...{ company: null, linkedinUrl: null },
        },
      },
      'encoded_header_text',
    ],
  ] as const)('%s is refused', (_, change, rule) => {
    expect(broken(change)).toContain(rule);
  });

  describe('of LinkedIn is its body alone', () => {
    const change = {
      channel: 'linkedin',
      recipientKey: 'linkedin:dana-ortiz-example',
      ...{ subject: '', footer: '', unsubscribeUrl: '', headers: {} },
    } as const;

    test('and breaks no rule for want of the rest', () => {
      expect(broken(change)).toEqual([]);
    });

    test.each([
      ['a subject', { subject: 'Recruiter hours at Bluewater Staffing' }],
      ['a footer', { footer: 'No more of these' }],
      ['an unsubscribe link', { unsubscribeUrl: 'https://links.example/u/abc' }],
      ['headers', { headers: { 'X-One': 'two' } }],
    ])('%s would be approved and never read', (_, part) => {
      expect(broken({ ...change, ...part })).toContain('channel_form');
    });

    test('still has no link to somewhere else', () => {
      const body = 'Hi Dana, see https://elsewhere.example/x and tell me what you think of it.';
      expect(broken({ ...change, body })).toContain('link_not_allowed');
    });
  });
});

describe('rejection memory', () => {
  const print = (text: string, subject = 'Recruiter hours') => draftFingerprint({ subject, body: text });

  test.each([
    ['case', body.toUpperCase()],
    ['white space', body.replaceAll(' ', '  ').replaceAll('\n\n', '\n')],
    ['punctuation', body.replaceAll(',', '').replaceAll('.', '!')],
    ['the greeting', body.replace('Hi Dana,', 'Dear Ms. Ortiz —')],
    ['no greeting', body.replace('Hi Dana,\n\n', '')],
    ['accents', body.replaceAll('é', 'e')],
    ['invisible characters', body.replaceAll('desk', 'de\u200bsk')],
    ['look-alike letters', body.replaceAll('o', '\u043e')],
    ['typographic marks', body.replaceAll(':', ' –')],
    ['full-width letters', body.replaceAll('desk', 'ｄｅｓｋ')],
  ])('%s makes no other text', (_, edited) => {
    expect(print(edited)).toBe(print(body));
  });

  test.each([
    ['a late word', body.replace('we stop there', 'we end there')],
    ['a number', body.replace('a single desk', '2 desks')],
    ['a share for a count', body.replace('a single desk', '2% desks')],
  ])('%s does', (_, edited) => {
    expect(print(edited)).not.toBe(print(body));
    expect(print(body.replace('a single desk', '2 desks'))).not.toBe(
      print(body.replace('a single desk', '2% desks')),
    );
  });

  test('the subject is part of the text, its prefix of a reply too', () => {
    expect(print(body, 'Another subject')).not.toBe(print(body));
    expect(print(body, 'RECRUITER  hours!')).toBe(print(body));
  });

  test('the policy says after how many rejections it ends', () => {
    expect(broken({}, { rejectionCount: 1 })).toEqual([]);
    expect(broken({}, { rejectionCount: 2 })).toEqual(['rejected_too_often']);
    expect(broken({}, { rejectionCount: 2, rejection: { memoryDays: 30, blockAfter: 3 } })).toEqual([]);
  });
});

test('an edit that takes an approved sentence out takes its citation along', () => {
  const approved = pack.data.claims[0];
  if (approved === undefined) throw new Error('the pack has claims');
  const claims = [
    { text: approved.text, source: { kind: 'pack_claim' as const, claimId: approved.id } },
    { text: 'Bluewater Staffing', source: { kind: 'lead_field' as const, field: 'company' } },
  ];
  expect(claimsStillMade(claims, `${approved.text} More.`)).toEqual(claims);
  expect(claimsStillMade(claims, 'Nothing of it.')).toEqual(claims.slice(1));
});

test('a banned word that stands in the random link by chance is none, and one beside it is', () => {
  const sound = messageWith();
  const withLink = (words: string): Message => {
    const unsubscribeUrl = 'https://mail.harborpine.example/u/Kk-10x_gQUK07iUM';
    return {
      ...sound,
      unsubscribeUrl,
      footer: `${sound.footer.replace(sound.unsubscribeUrl, unsubscribeUrl)}${words}`,
    };
  };
  const banned = (message: Message) =>
    failedRules(guardDraft(inputFor(message))).filter((rule) => rule === 'banned_phrase');
  expect([banned(withLink('')), banned(withLink('\n10x'))]).toEqual([[], ['banned_phrase']]);
});
