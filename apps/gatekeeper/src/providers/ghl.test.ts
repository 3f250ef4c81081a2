// Risk: a reply goes to somebody who only looks like the recipient, to nobody at all, or out as a first touch.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf, type Message } from '@caio/contracts';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  sealMessage,
  startProviderSimulator,
  type Fault,
  type ProviderSimulator,
} from '@caio/test-kit';
import type { ActionQuery, Handover, ProviderAdapter } from '../provider-port.ts';
import { createGhlAdapter, type GhlOptions } from './ghl.ts';

const ids = createIdSource(37);
const clock = createManualClock();
let simulator: ProviderSimulator;
let adapter: ProviderAdapter;

const options = (overrides: Partial<GhlOptions> = {}): GhlOptions => ({
  mode: 'sandbox',
  baseUrl: `${simulator.url}/ghl`,
  apiKey: 'sandbox',
  locationId: 'simulated',
  monotonicMs: clock.monotonicMs,
  nowMs: clock.nowMs,
  timeoutMs: 20_000,
  ...overrides,
});

beforeAll(async () => {
  simulator = await startProviderSimulator();
  adapter = createGhlAdapter(options());
});
afterEach(() => {
  simulator.setFaults([]);
  simulator.ghl.clear();
});
afterAll(async () => {
  await adapter.close();
  await simulator.close();
});

const replyTo = (email: string, overrides: Partial<Message> = {}): Handover => {
  const message = buildMessage({
    route: 'warm_email',
    motion: 'revival',
    recipient: { email, name: 'Jo Fields', company: null, linkedinUrl: null },
    subject: 'Re: line 2',
    body: 'Hello Jo,\n\n50 % & "quotes" <tags>\n  indented',
    headers: { 'List-Unsubscribe': '<https://links.example/u/abc123>' },
    ...overrides,
  });
  return {
    actionId: ids.actionId(),
    attemptId: ids.attemptId(),
    batchId: ids.batchId(),
    tier: 'tier_1',
    message,
    ...sealMessage(message),
    correlationId: ids.correlationId(),
    sendDeadlineMs: clock.monotonicMs() + 10_000,
  };
};
const queryOf = (handover: Handover): ActionQuery => ({
  actionId: handover.actionId,
  batchId: handover.batchId,
  tier: handover.tier,
  senderKey: handover.message.senderKey,
  recipientEmail: handover.message.recipient.email,
  correlationId: handover.correlationId,
});
const sentOf = (handover: Handover) =>
  simulator.log().filter(({ actionId }) => actionId === handover.actionId);
const jo = 'jo.fields@meadow.example';

describe('whom it is for', () => {
  test('the contact whose address is the same letter by letter, among others the vendor finds', async () => {
    simulator.ghl.addContacts([{ email: 'jo_fields@meadow.example' }, { email: 'Jo.Fields@Meadow.Example' }]);
    const handover = replyTo(jo);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted', holdsBeforeMailing: false });
    expect(sentOf(handover)).toMatchObject([{ email: 'Jo.Fields@Meadow.Example', subject: 'Re: line 2' }]);
    expect((await adapter.find([queryOf(handover)])).get(handover.actionId)).toMatchObject({
      contentDigest: handover.contentDigest,
    });
  });

  test.each([
    ['somebody who looks alike', ['jo_fields@meadow.example', 'jofields@meadow.example'], 'no contact'],
    ['nobody', [], 'no contact'],
    ['two of the same address', [jo, jo], '2 contacts'],
  ])('%s is a refusal that says so, and nothing leaves', async (_name, emails, said) => {
    simulator.ghl.addContacts(emails.map((email) => ({ email })));
    const handover = replyTo(jo);
    expect(await adapter.send(handover)).toMatchObject({
      outcome: 'refused',
      code: 'contact_unresolved',
      message: expect.stringContaining(said),
    });
    expect(simulator.log().filter(({ vendor }) => vendor === 'ghl')).not.toContainEqual(
      expect.objectContaining({ actionId: handover.actionId }),
    );
  });

  const failures: readonly [Fault['effect'], object][] = [
    [
      { kind: 'status', status: 503 },
      { outcome: 'released', code: 'contact_unavailable' },
    ],
    [{ kind: 'malformed_json' }, { outcome: 'released', code: 'contact_unavailable' }],
    [
      { kind: 'cut', when: 'after_acceptance' },
      { outcome: 'released', code: 'contact_unavailable' },
    ],
    [
      { kind: 'status', status: 401 },
      { outcome: 'released', code: 'provider_unauthorised' },
    ],
    [
      { kind: 'status', status: 429, retryAfter: '7' },
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 7_000 },
    ],
  ];
  test.each(failures)('a list that cannot be read (%j) is not an empty one', async (effect, expected) => {
    simulator.ghl.addContacts([{ email: jo }]);
    simulator.setFaults([{ endpoint: 'ghl GET /contacts', effect }]);
    const handover = replyTo(jo);
    expect(await adapter.send(handover)).toMatchObject(expected);
    expect(sentOf(handover)).toEqual([]);
  });
});

test.each([
  ['a first touch', { route: 'cold_email', motion: 'outbound' }, 'route_unsupported'],
  ['a header of ours', { headers: { 'X-Note': 'hello' } }, 'header_unsupported'],
  ['no way out in its text', { footer: 'Rivers Example Inc.' }, 'header_unsupported'],
  ['template marks', { body: 'Hello {{contact.name}}' }, 'template_syntax'],
  ['a follow-up', { settings: { ...buildMessage().settings, followUps: 2 } }, 'follow_ups_unsupported'],
  ['tracking', { settings: { ...buildMessage().settings, trackClicks: true } }, 'tracking_unsupported'],
] as const)('%s is refused before anybody is asked', async (_name, overrides, code) => {
  simulator.ghl.addContacts([{ email: jo }]);
  const before = simulator.calls()['ghl GET /contacts'];
  expect(await adapter.send(replyTo(jo, overrides))).toMatchObject({ outcome: 'refused', code });
  expect(simulator.calls()['ghl GET /contacts']).toBe(before);
});

test('a success without a message to show for it is no success', async () => {
  simulator.ghl.addContacts([{ email: jo }]);
  simulator.setFaults([{ endpoint: 'ghl POST /conversations/messages', effect: { kind: 'partial_add' } }]);
  expect(await adapter.send(replyTo(jo))).toMatchObject({ outcome: 'unknown', code: 'answer_unexpected' });
});

describe('finding it again', () => {
  test('among many of the same conversation, with the digest of what is there', async () => {
    simulator.ghl.addContacts([{ email: jo }]);
    const handovers = Array.from({ length: 3 }, (_, index) => replyTo(jo, { subject: `Re: ${index}` }));
    for (const handover of handovers) await adapter.send(handover);
    const [first] = handovers;
    if (first === undefined) throw new Error('there are three');
    const stranger = replyTo(jo);
    const found = await adapter.find([queryOf(first), queryOf(stranger)]);
    expect(Object.fromEntries(found)).toEqual({
      [first.actionId]: {
        state: 'present',
        providerMessageId: expect.stringMatching(/^m/),
        contentDigest: first.contentDigest,
        attemptId: first.attemptId,
        mailed: true,
      },
      [stranger.actionId]: { state: 'absent' },
    });
  });

  test('a reader sees the approved text, and the marks are not part of it', async () => {
    simulator.ghl.addContacts([{ email: jo }]);
    const handover = replyTo(jo);
    await adapter.send(handover);
    const [sent] = sentOf(handover);
    const shown = (sent?.body ?? '')
      .replace(/<br>/g, '')
      .replace(/<\/?div[^>]*>/g, '')
      .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"' })[name] ?? '&');
    expect(shown).toBe(textOf(handover.message));
  });

  test.each([
    [{ subject: 'Re: prices' }, { state: 'present', contentDigest: null }],
    [{ email: 'kim@meadow.example' }, { state: 'present', contentDigest: null }],
    [{ body: 'a text without marks' }, { state: 'unreadable' }],
  ])('what was changed at the vendor (%j) is neither the approved message nor none', async (change, seen) => {
    simulator.ghl.addContacts([{ email: jo }]);
    simulator.setFaults([
      { endpoint: 'ghl POST /conversations/messages', effect: { kind: 'alter', ...change } },
    ]);
    const handover = replyTo(jo);
    await adapter.send(handover);
    expect((await adapter.find([queryOf(handover)])).get(handover.actionId)).toMatchObject(seen);
  });

  test.each([
    ['ghl GET /contacts', { kind: 'status', status: 500 }],
    ['ghl GET /contacts', { kind: 'empty_page' }],
    ['ghl GET /conversations/search', { kind: 'status', status: 503 }],
    ['ghl GET /conversations/:id/messages', { kind: 'malformed_json' }],
    ['ghl GET /conversations/messages/email/:id', { kind: 'status', status: 404 }],
  ] as const)('when %s fails (%j), nothing was learned', async (endpoint, effect) => {
    simulator.ghl.addContacts([{ email: jo }]);
    const handover = replyTo(jo);
    await adapter.send(handover);
    simulator.setFaults([{ endpoint, effect }]);
    expect((await adapter.find([queryOf(handover)])).get(handover.actionId)).toMatchObject({
      state: 'unreadable',
    });
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'unreadable' });
  });

  test('without its recipient it is not looked for, and that is not absence', async () => {
    const { recipientEmail: _, ...query } = queryOf(replyTo(jo));
    expect((await adapter.find([query])).get(query.actionId)).toMatchObject({ state: 'unreadable' });
  });
});

test.each([
  ['sandbox', 'https://services.leadconnectorhq.com', 'SANDBOX_URL'],
  ['live', 'https://crm.example', 'needs https://services.leadconnectorhq.com'],
] as const)('mode %s does not take %s', (mode, baseUrl, named) => {
  expect(() => createGhlAdapter(options({ mode, baseUrl }))).toThrow(named);
});
