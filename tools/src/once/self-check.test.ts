// Risk: the command says PASS although rows, approvals, texts, hand-overs or receipts do not agree with each other.
import { createHash } from 'node:crypto';
import { previewSchema, type Receipt, receiptSchema, rowOutcomeSchema, textOf } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { buildMessage, createIdSource, sealMessage } from '@caio/test-kit';
import { expect, test } from '@jest/globals';
import { selfCheck, type SelfCheckFacts } from './self-check.ts';
import type { HandOver } from './simulator-log.ts';

const at = '2026-01-05T12:00:00.000Z';
const correlationId = 'once-test-0001';
const ids = createIdSource();
const batchId = ids.batchId();
const emails = ['jo@meadow.example', 'ida@harbour.example', 'max@orchard.example'];
const leftOutEmail = 'eve@quarry.example';

const items = emails.map((email) => {
  const recipient = { email, name: null, company: null, linkedinUrl: null };
  const message = buildMessage({ recipient, body: `Hello ${email}` });
  const { subject, body, footer } = message;
  return {
    ...{
      actionId: ids.actionId(),
      draftId: ids.draftId(),
      contentDigest: sealMessage(message).contentDigest,
    },
    ...{ email, subject, body, footer, message },
  };
});

const rowOf = (line: number, email: string, verdict: string) =>
  rowOutcomeSchema.parse({
    ...{ line, physicalLine: line, email, verdict, tier: null, score: null, reasons: ['seniority'] },
  });

const receiptOf = (item: (typeof items)[number]): Receipt =>
  receiptSchema.parse({
    ...{ actionId: item.actionId, draftId: item.draftId, batchId, email: item.email, channel: 'email' },
    ...{ tier: 'tier_1', mode: 'sandbox', provider: 'instantly', outcome: 'handed_over', reason: null },
    ...{ attempts: 1, contentDigest: item.contentDigest, providerMessageId: 'm-1', proof: null },
    ...{ deferredUntil: null, settledAt: at },
  });

const handOverOf = (item: (typeof items)[number]): HandOver => ({
  ...{ campaignName: 'one', email: item.email, subject: item.subject, body: textOf(item) },
  ...{ actionId: item.actionId, contentDigest: item.contentDigest, correlationId },
  wouldMail: {
    ...{ from: item.message.sender.email, subject: item.subject, body: textOf(item) },
    ...{ openTracking: false, linkTracking: false, steps: 1 },
  },
});

const preview = previewSchema.parse({
  ...{ version: 1, environment: 'test', motion: 'outbound', policyVersion: 'p', copyPackVersion: 'c' },
  ...{ deliveryModes: { email: 'sandbox', linkedin: 'log-only' }, allowListDigest: 'a'.repeat(64) },
  expiresAt: at,
  actions: items.map(({ actionId, contentDigest, message }) => ({
    ...{ actionId, contentDigest, channel: 'email', route: 'cold_email' },
    ...{ recipientKey: message.recipientKey, senderKey: message.senderKey },
  })),
});
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const leftOutDraft = ids.draftId();
const consistent: SelfCheckFacts = {
  ...{ rowsRead: 5, recordsInFile: 5 },
  rows: [
    ...emails.map((email, index) => rowOf(index + 2, email.toUpperCase(), 'drafted')),
    rowOf(5, leftOutEmail, 'drafted'),
    rowOf(6, 'cy@quarry.example', 'disqualified'),
  ],
  approvals: new Map<string, string>([
    ...items.map(({ draftId, contentDigest }) => [draftId, contentDigest] as const),
    [leftOutDraft, 'b'.repeat(64)],
  ]),
  preview,
  previewHash: hashOf(previewBytes(preview)),
  shown: items,
  leftOut: [{ draftId: leftOutDraft, email: leftOutEmail, reason: 'suppressed' }],
  admitted: items.map(({ actionId }) => actionId),
  receipts: items.map(receiptOf),
  handedOver: items.map(handOverOf),
  correlationId,
  audit: { ok: true, detail: '9 rows sealed' },
};

const failedIn = (facts: SelfCheckFacts): string[] =>
  selfCheck(facts)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

const rows = 'every row read is reported once';
const hash = 'the approved hash is the hash of the preview';
const approvals = 'the batch holds exactly what the reviewer approved';
const digests = 'every digest is the digest of the message shown';
const admitted = 'approved = admitted';
const handedOver = 'approved = handed over';
const receipts = 'handed over = receipts';
const texts = 'what the provider holds is what was shown';
const mailed = 'what the provider would mail is what was shown';
const placed = 'every drafted lead is in the batch or left out';
const trail = 'one correlation id from this command to the provider';
const audit = 'the audit holds';

/** The list with its first element changed. */
const firstOf = <T>(list: readonly T[], change: (item: T) => T): T[] =>
  list.map((item, index) => (index === 0 ? change(item) : item));

const otherDigest = 'c'.repeat(64);
const { shown, handedOver: held } = consistent;
const otherMessage = buildMessage({ body: 'Quite another text' });

test('facts that agree pass every check, and each says what it compared', () => {
  expect(failedIn(consistent)).toEqual([]);
  const details = selfCheck(consistent).map(({ detail }) => detail);
  expect(details.filter((detail) => detail.includes('nothing to compare'))).toEqual([]);
});

test.each<[string, Partial<SelfCheckFacts>, string[]]>([
  ['a row nobody reports', { rows: consistent.rows.slice(0, -1) }, [rows]],
  [
    'a line reported twice in place of another',
    { rows: [...consistent.rows.slice(0, -1), rowOf(5, leftOutEmail, 'drafted')] },
    [rows],
  ],
  ['a row more than was read', { rowsRead: 4 }, [rows]],
  ['a record of the file that nobody read', { recordsInFile: 6 }, [rows]],
  ['a file that the other parser could not count', { recordsInFile: null }, [rows]],
  ['another hash than the approved one', { previewHash: otherDigest }, [hash]],
  ['no preview of the approved hash', { preview: null }, [hash, approvals, admitted, handedOver]],
  [
    'a digest the reviewer never approved, although everything after the freeze agrees with it',
    { approvals: new Map([...consistent.approvals, [items[0]?.draftId ?? '', otherDigest]]) },
    [approvals],
  ],
  [
    'a draft in the batch without an approval of this run',
    { approvals: new Map([...consistent.approvals].slice(1)) },
    [approvals],
  ],
  [
    'an approved draft that is neither in the batch nor left out',
    { approvals: new Map([...consistent.approvals, [ids.draftId(), otherDigest]]) },
    [approvals],
  ],
  [
    'a message that does not match its digest',
    { shown: firstOf(shown, (item) => ({ ...item, message: { ...item.message, headers: { 'X-A': 'b' } } })) },
    [digests],
  ],
  [
    'a text beside the message it is said to be of',
    { shown: firstOf(shown, (item) => ({ ...item, message: otherMessage })) },
    [digests],
  ],
  [
    'a subject shown that the message does not have',
    { shown: firstOf(shown, (item) => ({ ...item, subject: 'Another subject' })) },
    [digests, texts, mailed],
  ],
  [
    'another digest shown than frozen',
    { shown: firstOf(shown, (item) => ({ ...item, contentDigest: otherDigest })) },
    [digests],
  ],
  ['an action that was not shown', { shown: shown.slice(1) }, [approvals, digests, texts, mailed, placed]],
  ['a missing admission', { admitted: consistent.admitted.slice(1) }, [admitted]],
  ['an admission twice', { admitted: [...consistent.admitted, ...consistent.admitted] }, [admitted]],
  [
    'two digests swapped at the provider',
    {
      handedOver: held.map((entry, index) => ({
        ...entry,
        contentDigest: held[[1, 0, 2][index] ?? 0]?.contentDigest ?? null,
      })),
    },
    [handedOver, receipts],
  ],
  ['a message handed over twice', { handedOver: [...held, ...held.slice(0, 1)] }, [handedOver]],
  ['a message not handed over', { handedOver: held.slice(1) }, [handedOver, receipts]],
  [
    'a letter altered at the provider',
    { handedOver: firstOf(held, (entry) => ({ ...entry, body: (entry.body ?? '').replace('H', 'h') })) },
    [texts],
  ],
  [
    'another recipient at the provider',
    { handedOver: firstOf(held, (entry) => ({ ...entry, email: leftOutEmail })) },
    [texts],
  ],
  ...(
    [
      ['from another sender', { from: 'somebody.else@outreach.example' }],
      ['from one of several senders', { from: null }],
      ['with another subject', { subject: 'Another subject' }],
      ['with words around the text', { body: `Buy now. ${held[0]?.body ?? ''}` }],
      ['with its openings tracked', { openTracking: true }],
      ['with its links tracked', { linkTracking: true }],
      ['with a follow-up', { steps: 2 }],
    ] as const
  ).map(([words, part]): [string, Partial<SelfCheckFacts>, string[]] => [
    `a campaign that would mail the right lead ${words}`,
    {
      handedOver: firstOf(held, (entry) => ({ ...entry, wouldMail: { ...entry.wouldMail, ...part } })),
    },
    [mailed],
  ]),
  ['a missing receipt', { receipts: consistent.receipts.slice(1) }, [receipts]],
  [
    'a receipt that says blocked for what the provider holds',
    { receipts: firstOf(consistent.receipts, (receipt) => ({ ...receipt, outcome: 'blocked' })) },
    [receipts],
  ],
  ['a lead left out without a word', { leftOut: [] }, [approvals, placed]],
  [
    'a lead left out under another address',
    { leftOut: firstOf(consistent.leftOut, (entry) => ({ ...entry, email: 'x@quarry.example' })) },
    [placed],
  ],
  [
    "somebody else's correlation id",
    { handedOver: firstOf(held, (entry) => ({ ...entry, correlationId: 'once-test-0002' })) },
    [trail],
  ],
  [
    'no correlation id',
    { handedOver: firstOf(held, (entry) => ({ ...entry, correlationId: null })) },
    [trail],
  ],
  ['a broken audit', { audit: { ok: false, detail: 'row 3' } }, [audit]],
])('%s fails', (_name, change, names) => {
  expect(failedIn({ ...consistent, ...change })).toEqual(names);
});

const empty: SelfCheckFacts = {
  ...consistent,
  ...{
    rowsRead: 1,
    recordsInFile: 1,
    rows: [rowOf(2, 'cy@quarry.example', 'disqualified')],
    approvals: new Map(),
  },
  ...{ preview: null, previewHash: null, shown: [], leftOut: [], admitted: [], receipts: [], handedOver: [] },
};

test('where nothing was frozen every comparison says that it had nothing to compare', () => {
  expect(failedIn(empty)).toEqual([]);
  const silent = selfCheck(empty)
    .filter(({ detail }) => !detail.includes('nothing to compare'))
    .map(({ name }) => name);
  expect(silent).toEqual([rows, audit]);
});

test('where nothing was frozen a message at the provider fails', () => {
  expect(failedIn({ ...empty, handedOver: held.slice(0, 1) })).toEqual([handedOver, receipts, texts, mailed]);
});
