// Risk: a mail server that was slow, cut off or unsure is believed to have refused, or to have taken, a message.
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
import PostalMime from 'postal-mime';
import type { Handover, ProviderAdapter } from '../provider-port.ts';
import { createSmtpAdapter, type SmtpOptions } from './smtp.ts';

const ids = createIdSource(31);
const clock = createManualClock();
const login = { user: 'simulator', password: 'sandbox-key' };
const open: ProviderAdapter[] = [];
let simulator: ProviderSimulator;

beforeAll(async () => {
  simulator = await startProviderSimulator({ smtpPort: 0, apiKey: login.password });
});
afterEach(async () => {
  simulator.setFaults([]);
  await Promise.all(open.splice(0).map((adapter) => adapter.close()));
});
afterAll(() => simulator.close());

const adapterWith = (overrides: Partial<SmtpOptions> = {}): ProviderAdapter => {
  const adapter = createSmtpAdapter({
    mode: 'sandbox',
    url: simulator.smtpUrl ?? '',
    login,
    monotonicMs: clock.monotonicMs,
    nowMs: clock.nowMs,
    timeoutMs: 20_000,
    ...overrides,
  });
  open.push(adapter);
  return adapter;
};

const handoverOf = (overrides: Partial<Message> = {}): Handover => {
  const message = buildMessage(overrides);
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
const rawOf = (handover: Handover): string[] =>
  simulator.log().flatMap(({ actionId, raw }) => (actionId === handover.actionId ? [raw ?? ''] : []));

test('what arrives is the sealed message, named after its action, with a way out that is ours', async () => {
  const handover = handoverOf({
    subject: 'Fewer stops on line 2 – grüße',
    body: 'Hello Jo,\n\n.a line with a dot first\n“quotes” & <tags>\n\nSam',
  });
  const outcome = await adapterWith().send(handover);
  const messageId = `<${handover.actionId}@outreach.example>`;
  expect(outcome).toEqual({
    outcome: 'accepted',
    providerMessageId: messageId,
    holdsBeforeMailing: false,
    proof: expect.stringMatching(
      /^The mail server took the message <act_\S+> and said: 250 2\.0\.0 Ok: queued/,
    ),
  });
  const [raw = ''] = rawOf(handover);
  const mail = await PostalMime.parse(raw);
  expect(mail).toMatchObject({
    messageId,
    subject: handover.message.subject,
    from: { address: 'sam@outreach.example', name: 'Sam Rivers' },
    to: [{ address: 'jo.fields@meadow.example' }],
  });
  expect(mail.text?.replace(/\n$/, '')).toBe(textOf(handover.message));
  const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
  expect(headers).toMatchObject({
    'list-unsubscribe': '<https://links.example/u/abc123>',
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  });
});

test('messages share connections that stay, and each server gets no more than it allows', async () => {
  const adapter = adapterWith({ connections: 2 });
  const before = simulator.calls()['smtp CONNECT'];
  const handovers = Array.from({ length: 9 }, () => handoverOf());
  const outcomes = await Promise.all(handovers.map((handover) => adapter.send(handover)));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(handovers.map(() => 'accepted'));
  expect(handovers.flatMap(rawOf)).toHaveLength(9);
  expect(simulator.calls()['smtp CONNECT'] - before).toBe(2);
});

const released = (code: string) => ({ outcome: 'released', code });
const refused = (code: string) => ({ outcome: 'refused', code });
const unknown = (code: string) => ({ outcome: 'unknown', code });
const reply = (status: number, message?: string): Fault['effect'] =>
  message === undefined ? { kind: 'status', status } : { kind: 'status', status, message };
const before = 'before_acceptance';
const after = 'after_acceptance';

const cases: readonly [Fault['endpoint'], Fault['effect'], object][] = [
  ['smtp CONNECT', reply(421), released('provider_unavailable')],
  ['smtp CONNECT', reply(554, '5.3.2 No SMTP service here'), released('provider_unavailable')],
  ['smtp CONNECT', { kind: 'cut', when: before }, released('connect_failed')],
  ['smtp CONNECT', { kind: 'hang', when: before }, released('connect_failed')],
  ['smtp CONNECT', { kind: 'drip', everyMs: 20 }, released('connect_failed')],
  ['smtp EHLO', { kind: 'drip', everyMs: 20 }, released('connect_failed')],
  ['smtp EHLO', reply(421), released('provider_unavailable')],
  ['smtp AUTH', reply(535), released('provider_unauthorised')],
  ['smtp AUTH', reply(454, '4.7.0 Temporary authentication failure'), released('provider_unavailable')],
  ['smtp MAIL', reply(421), released('provider_unavailable')],
  ['smtp MAIL', reply(450), released('provider_unavailable')],
  ['smtp MAIL', reply(550, '5.7.1 Sender not allowed'), refused('sender_refused')],
  ['smtp MAIL', reply(550, '5.4.5 Daily sending quota exceeded'), released('provider_rate_limited')],
  ['smtp MAIL', { kind: 'cut', when: after }, released('connect_failed')],
  ['smtp RCPT', reply(450), released('recipient_deferred')],
  ['smtp RCPT', reply(421), released('provider_unavailable')],
  ['smtp RCPT', reply(550), refused('recipient_refused')],
  ['smtp RCPT', reply(550, '5.7.8 Log in first'), released('provider_unauthorised')],
  ['smtp RCPT', { kind: 'hang', when: before }, released('connect_failed')],
  ['smtp DATA', reply(450), released('provider_unavailable')],
  ['smtp DATA', reply(550), refused('sender_refused')],
  ['smtp DATA', { kind: 'hang', when: after }, released('connect_failed')],
  ['smtp DATA', { kind: 'cut', when: after }, released('connect_failed')],
  ['smtp BODY', reply(421), released('provider_unavailable')],
  ['smtp BODY', reply(450), released('provider_unavailable')],
  ['smtp BODY', reply(550), refused('provider_refused')],
  ['smtp BODY', reply(552), refused('message_too_large')],
  ['smtp BODY', { kind: 'hang', when: before }, unknown('timeout')],
  ['smtp BODY', { kind: 'cut', when: before }, unknown('connection_lost')],
  ['smtp BODY', { kind: 'hang', when: after }, unknown('timeout')],
  ['smtp BODY', { kind: 'cut', when: after }, unknown('connection_lost')],
  ['smtp BODY', { kind: 'partial' }, unknown('connection_lost')],
  ['smtp BODY', { kind: 'malformed_json' }, unknown('answer_unexpected')],
];

test.each(cases)('%s meets %j', async (endpoint, effect, expected) => {
  const isSlow = effect.kind === 'hang' || effect.kind === 'drip';
  simulator.setFaults([{ endpoint, effect, hit: 1 }]);
  const handover = handoverOf();
  const outcome = await adapterWith({ timeoutMs: isSlow ? 150 : 10_000 }).send(handover);
  expect(outcome).toMatchObject(expected);
  const taken = rawOf(handover).length;
  if (outcome.outcome !== 'unknown') expect(taken).toBe(0);
  simulator.setFaults([]);
});

test('after any of them the next message has a connection again, and its answer is its own', async () => {
  const adapter = adapterWith({ connections: 1, timeoutMs: 10_000 });
  for (const [endpoint, effect] of cases) {
    if (effect.kind === 'hang' || effect.kind === 'drip') continue;
    simulator.setFaults([{ endpoint, effect, hit: 1 }]);
    await adapter.send(handoverOf());
    simulator.setFaults([]);
    const next = handoverOf();
    expect(await adapter.send(next)).toMatchObject({ outcome: 'accepted' });
    expect(rawOf(next)).toHaveLength(1);
  }
});

describe('the deadline', () => {
  test('nothing is written when it passes while a connection is opened', async () => {
    const adapter = adapterWith();
    const calls = simulator.calls()['smtp MAIL'];
    const handover = handoverOf();
    const outcome = adapter.send(handover);
    clock.advance(10_000);
    expect(await outcome).toMatchObject(released('deadline_passed'));
    expect(simulator.calls()['smtp MAIL']).toBe(calls);
  });

  test('no text is written when it passes between the envelope and the server’s go-ahead', async () => {
    const times = [0, 20_000];
    const adapter = adapterWith({ monotonicMs: () => times.shift() ?? 20_000 });
    const handover = { ...handoverOf(), sendDeadlineMs: 10_000 };
    expect(await adapter.send(handover)).toMatchObject(released('deadline_passed'));
    expect(rawOf(handover)).toEqual([]);
  });
});

test.each([
  ['a follow-up', { settings: { ...buildMessage().settings, followUps: 1 } }, 'follow_ups_unsupported'],
  ['tracking', { settings: { ...buildMessage().settings, trackOpens: true } }, 'tracking_unsupported'],
  ['a header that says who writes', { headers: { Bcc: 'all@meadow.example' } }, 'header_not_allowed'],
])('%s is refused, because nobody would see it as approved', async (_name, overrides, code) => {
  const handover = handoverOf(overrides);
  expect(await adapterWith().send(handover)).toMatchObject(refused(code));
  expect(rawOf(handover)).toEqual([]);
});

test('nothing that a mail server took can be looked up, taken back or paused, and nobody says otherwise', async () => {
  const adapter = adapterWith();
  const handover = handoverOf();
  await adapter.send(handover);
  const { actionId, batchId, tier, correlationId } = handover;
  const query = { actionId, batchId, tier, correlationId, senderKey: handover.message.senderKey };
  expect((await adapter.find([query])).get(actionId)).toMatchObject({ state: 'unreadable' });
  expect(await adapter.takeBack(query)).toMatchObject({ ok: false, code: 'not_held' });
  expect(await adapter.pauseAll({ correlationId })).toEqual({ paused: 0, failed: [] });
});

test.each([
  ['sandbox', 'smtp://mail.harborpine.example:587', login, 'SANDBOX_SMTP_URL'],
  ['sandbox', 'smtps://127.0.0.1:1465', login, 'SANDBOX_SMTP_URL'],
  ['live', 'smtps://mail.harborpine.example', null, 'SMTP_USER'],
  ['live', 'https://mail.harborpine.example', login, 'smtps://'],
] as const)('mode %s does not take %s', (mode, url, given, named) => {
  expect(() => adapterWith({ mode, url, login: given })).toThrow(named);
});

test('a real mode never speaks in the clear to a server that offers nothing else', async () => {
  const adapter = adapterWith({ mode: 'live' });
  const handover = handoverOf();
  expect(await adapter.send(handover)).toMatchObject({ outcome: 'released' });
  expect(rawOf(handover)).toEqual([]);
  expect(simulator.log()).not.toContainEqual(expect.objectContaining({ actionId: handover.actionId }));
});
