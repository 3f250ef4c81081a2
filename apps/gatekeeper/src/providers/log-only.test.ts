// Risk: "nothing was sent" hides a send, or the evidence is not the message that would have left.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf, type Message } from '@caio/contracts';
import { buildMessage, createIdSource, createManualClock, sealMessage } from '@caio/test-kit';
import { createEvidenceStore, type RedisEvidenceStore } from '@caio/state-store';
import { createHook } from 'node:async_hooks';
import PostalMime from 'postal-mime';
import type { Handover, ProviderAdapter } from '../provider-port.ts';
import { openRealStore, type RealStore } from '../testing/real-store.ts';
import { createLogOnlyAdapter } from './log-only.ts';

const clock = createManualClock('2026-01-05T12:00:00.000Z');
const ids = createIdSource();

let store: RealStore;
let evidence: RedisEvidenceStore;
let adapter: ProviderAdapter;
beforeAll(async () => {
  store = await openRealStore();
  evidence = createEvidenceStore(await store.openSession());
  adapter = createLogOnlyAdapter({ evidence, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs });
});
afterAll(() => store.close());

const handoverOf = (message: Message, overrides: Partial<Handover> = {}): Handover => ({
  actionId: ids.actionId(),
  attemptId: ids.attemptId(),
  batchId: ids.batchId(),
  tier: 'tier_1',
  message,
  ...sealMessage(message),
  correlationId: ids.correlationId(),
  sendDeadlineMs: clock.monotonicMs() + 1_000,
  ...overrides,
});

const parsedEml = async (handover: Handover) => {
  const kept = await evidence.read(handover.actionId);
  expect(kept?.contentType).toBe('message/rfc822');
  return { kept, mail: await PostalMime.parse(kept?.content ?? '') };
};
const headerOf = (mail: Awaited<ReturnType<typeof parsedEml>>['mail'], name: string): string[] =>
  mail.headers.filter(({ key }) => key === name).map(({ value }) => value);

describe('log-only delivery', () => {
  test.each([
    ['plain', buildMessage()],
    [
      'in other scripts and long lines',
      buildMessage({
        subject:
          'Grüße — 50 % weniger Störungen 🌱 und eine Zeile, die länger ist, als ein Header sein darf, ja',
        body: `Hello Zoë,\n\n${'a line without an end '.repeat(60)}\n.\nFrom here = 100 % 日本語\n\ttabs`,
        recipient: {
          email: 'zoe+x@bücher.example',
          name: 'Zoë "Z" O\'Neil',
          company: null,
          linkedinUrl: null,
        },
        sender: { name: 'Sämi, Rivers', email: 'sam@outreach.example' },
      }),
    ],
  ])('keeps the exact mail: %s', async (_, message) => {
    const handover = handoverOf(message);
    const outcome = await adapter.send(handover);
    expect(outcome).toMatchObject({ outcome: 'accepted', holdsBeforeMailing: false });
    expect(outcome).toHaveProperty('proof', expect.stringContaining(handover.actionId));
    const { kept, mail } = await parsedEml(handover);
    expect(kept).toMatchObject({
      contentDigest: handover.contentDigest,
      attemptId: handover.attemptId,
      savedAt: '2026-01-05T12:00:00.000Z',
    });
    expect(mail.subject).toBe(message.subject);
    // A mail ends with a line break; everything before it is the approved text.
    expect(mail.text?.replace(/\n$/, '')).toBe(textOf(message));
    expect(mail.from).toMatchObject({ name: message.sender.name, address: message.sender.email });
    expect(mail.to).toHaveLength(1);
    const address = message.recipient.email.replace('bücher', 'xn--bcher-kva');
    expect(mail.to?.[0]).toMatchObject({ name: message.recipient.name, address });
    expect(headerOf(mail, 'list-unsubscribe')).toEqual([`<${message.unsubscribeUrl}>`]);
    expect(headerOf(mail, 'list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect([mail.messageId, mail.date]).toEqual([
      `<${handover.actionId}@outreach.example>`,
      '2026-01-05T12:00:00.000Z',
    ]);
    expect(mail.html).toBeUndefined();
  });

  test('unsubscribe headers of the message win over the ones made from its link', async () => {
    const own = { 'List-Unsubscribe': '<mailto:stop@outreach.example>', 'X-Campaign': 'spring' };
    const handover = handoverOf(buildMessage({ headers: own }));
    await adapter.send(handover);
    const { mail } = await parsedEml(handover);
    expect(headerOf(mail, 'list-unsubscribe')).toEqual(['<mailto:stop@outreach.example>']);
    expect(headerOf(mail, 'list-unsubscribe-post')).toEqual([]);
    expect(headerOf(mail, 'x-campaign')).toEqual(['spring']);
  });

  test.each([
    ['another recipient', { Bcc: 'everyone@outreach.example' }],
    ['another sender', { from: 'ceo@meadow.example' }],
    ['a line of its own', { 'X-Note': 'a\r\nBcc: everyone@outreach.example' }],
    ['a name that is none', { 'X Note:': 'a' }],
  ])('a header that smuggles in %s is refused and leaves no evidence', async (_, headers) => {
    const handover = handoverOf(buildMessage({ headers }));
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'refused', code: 'header_not_allowed' });
    expect(await evidence.read(handover.actionId)).toBeNull();
  });

  test('a LinkedIn message is kept as the payload it is', async () => {
    const message = buildMessage({ channel: 'linkedin', route: 'cold_linkedin' });
    const handover = handoverOf(message);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
    const kept = await evidence.read(handover.actionId);
    expect(kept?.contentType).toBe('application/json');
    expect(JSON.parse(kept?.content ?? '')).toEqual(message);
  });

  test('an action keeps its first evidence, and other content under its name is refused', async () => {
    const handover = handoverOf(buildMessage());
    const first = await adapter.send(handover);
    clock.advance(5_000);
    const again = { ...handover, attemptId: ids.attemptId(), sendDeadlineMs: clock.monotonicMs() + 1_000 };
    expect(await adapter.send(again)).toEqual(first);
    const message = buildMessage({ subject: 'Something else' });
    expect(await adapter.send({ ...again, message, ...sealMessage(message) })).toMatchObject({
      outcome: 'refused',
      code: 'action_has_other_content',
    });
    expect((await parsedEml(handover)).mail.subject).toBe('Fewer stops on line 2');
  });

  test('opens no socket and resolves no name', async () => {
    const opened: string[] = [];
    const hook = createHook({ init: (_, type) => void opened.push(type) }).enable();
    await adapter.send(handoverOf(buildMessage()));
    hook.disable();
    expect(opened.filter((type) => /TCP|UDP|PIPE|TLS|GETADDRINFO|QUERY/.test(type))).toEqual([]);
  });
});
