// Risk: claiming, or denying, that Instantly has a message without proof; sending twice, or to the wrong person.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  createMemoryCampaignRegistry,
  freePort,
  sealMessage,
  startProviderSimulator,
  waitFor,
  type Fault,
  type FaultEffect,
  type ProviderSimulator,
} from '@caio/test-kit';
import type { BatchId, DispatchOutcome, Message } from '@caio/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActionQuery, Handover, ProviderAdapter } from '../provider-port.ts';
import type { CampaignRegistry } from './campaign-registry.ts';
import { createInstantlyAdapter, type InstantlyOptions } from './instantly.ts';
import { campaignNameOf, campaignPayloadOf } from './instantly/payload.ts';

let simulator: ProviderSimulator;
const clock = createManualClock();
const ids = createIdSource(21);
const open: ProviderAdapter[] = [];
let registry: CampaignRegistry;

beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterEach(async () => {
  simulator.setFaults([]);
  simulator.clear('caio_');
  await Promise.all(open.splice(0).map((adapter) => adapter.close()));
});
afterAll(() => simulator.close());

/** A new adapter has nothing remembered, like a new process; they share the registry of the test. */
function startAdapter(overrides: Partial<InstantlyOptions> = {}): ProviderAdapter {
  const adapter = createInstantlyAdapter({
    mode: 'sandbox',
    environment: 'test',
    baseUrl: simulator.url,
    apiKey: 'sandbox',
    registry,
    monotonicMs: clock.monotonicMs,
    nowMs: clock.nowMs,
    newToken: ids.ulid,
    pause,
    timeoutMs: 5_000,
    ...overrides,
  });
  open.push(adapter);
  return adapter;
}

function setUp(overrides: Partial<InstantlyOptions> = {}): { adapter: ProviderAdapter; batchId: BatchId } {
  registry = createMemoryCampaignRegistry({ nowMs: clock.nowMs });
  return { adapter: startAdapter(overrides), batchId: ids.batchId() };
}

function handoverTo(batchId: BatchId, name: string, overrides: Partial<Message> = {}): Handover {
  const message = buildMessage({
    recipient: {
      email: `${name}@meadow.example`,
      name: `${name} de la Cruz`,
      company: null,
      linkedinUrl: null,
    },
    subject: `For ${name}`,
    ...overrides,
  });
  return {
    actionId: ids.actionId(),
    attemptId: ids.attemptId(),
    batchId,
    tier: 'tier_1',
    message,
    ...sealMessage(message),
    correlationId: ids.correlationId(),
    sendDeadlineMs: clock.monotonicMs() + 10_000,
  };
}

const queryOf = ({ actionId, batchId, tier, message, correlationId }: Handover): ActionQuery => ({
  actionId,
  batchId,
  tier,
  senderKey: message.senderKey,
  correlationId,
});

const api = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
  const response = await fetch(`${simulator.url}/api/v2${path}`, {
    method,
    headers: {
      authorization: 'Bearer sandbox',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return Object(await response.json());
};

const campaignsAt = async (): Promise<{ id: string; name: string; status: number }[]> => {
  const { items } = await api('GET', '/campaigns?limit=100&search=caio_');
  return Object(items);
};

const onLead = (effect: Fault['effect'], more: Partial<Fault> = {}): Fault => ({
  endpoint: 'POST /leads',
  effect,
  ...more,
});

describe('what an answer to a posted lead comes to', () => {
  const status = (code: number, more: object = {}): Fault['effect'] => ({
    kind: 'status',
    status: code,
    ...more,
  });
  const rows: readonly (readonly [string, Fault['effect'], Partial<DispatchOutcome>, number])[] = [
    ['400', status(400), { outcome: 'refused', code: 'provider_invalid_request' }, 0],
    ['401', status(401), { outcome: 'refused', code: 'provider_unauthorized' }, 0],
    ['402', status(402), { outcome: 'refused', code: 'provider_payment_required' }, 0],
    ['403', status(403), { outcome: 'refused', code: 'provider_forbidden' }, 0],
    ['404', status(404), { outcome: 'refused', code: 'provider_not_found' }, 0],
    ['422', status(422), { outcome: 'refused', code: 'provider_unprocessable' }, 0],
    ['another 4xx', status(418), { outcome: 'refused', code: 'provider_refused' }, 0],
    ['408', status(408), { outcome: 'unknown', code: 'provider_timeout' }, 0],
    [
      '429 with seconds',
      status(429, { retryAfter: '30' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 30_000 },
      0,
    ],
    [
      '429 with a date',
      status(429, { retryAfter: 'Mon, 05 Jan 2026 12:01:00 GMT' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 60_000 },
      0,
    ],
    [
      '429 with nonsense',
      status(429, { retryAfter: 'soon' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 5_000 },
      0,
    ],
    [
      '429 alone',
      status(429),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 5_000 },
      0,
    ],
    ['a redirect', status(302), { outcome: 'unknown', code: 'provider_unexpected_status' }, 0],
    ['500', status(500), { outcome: 'unknown', code: 'provider_failed' }, 0],
    [
      '503 though it was taken',
      status(503, { when: 'after_acceptance' }),
      { outcome: 'unknown', code: 'provider_failed' },
      1,
    ],
    [
      'a cut before acceptance',
      { kind: 'cut', when: 'before_acceptance' },
      { outcome: 'unknown', code: 'connection_lost' },
      0,
    ],
    [
      'a cut after acceptance',
      { kind: 'cut', when: 'after_acceptance' },
      { outcome: 'unknown', code: 'connection_lost' },
      1,
    ],
    ['half an answer', { kind: 'partial' }, { outcome: 'unknown', code: 'connection_lost' }, 1],
    ['broken JSON', { kind: 'malformed_json' }, { outcome: 'unknown', code: 'answer_not_json' }, 1],
    ['a web page', { kind: 'wrong_content_type' }, { outcome: 'unknown', code: 'answer_wrong_type' }, 1],
    ['an endless answer', { kind: 'oversized' }, { outcome: 'unknown', code: 'answer_too_large' }, 1],
    [
      'success that is not shown yet',
      { kind: 'hide', visibilityMs: 600_000 },
      { outcome: 'unknown', code: 'read_back_absent' },
      1,
    ],
    [
      'another subject',
      { kind: 'alter', subject: 'Act now!' },
      { outcome: 'unknown', code: 'read_back_mismatch' },
      1,
    ],
    ['another text', { kind: 'alter', body: 'Hello' }, { outcome: 'unknown', code: 'read_back_mismatch' }, 1],
    [
      'another recipient',
      { kind: 'alter', email: 'x@north.example' },
      { outcome: 'unknown', code: 'read_back_mismatch' },
      1,
    ],
  ];

  test.each(rows)('%s', async (_, effect, expected, handedOver) => {
    const { adapter, batchId } = setUp();
    simulator.setFaults([onLead(effect)]);
    const outcome = await adapter.send(handoverTo(batchId, 'ann'));
    expect(outcome).toMatchObject(expected);
    expect(simulator.log()).toHaveLength(handedOver);
  });

  test('the vendor’s words are passed on without the addresses in them', async () => {
    const { adapter, batchId } = setUp();
    const message = 'ann@meadow.example is on the blocklist';
    simulator.setFaults([onLead({ kind: 'status', status: 422, message })]);
    expect(await adapter.send(handoverTo(batchId, 'ann'))).toMatchObject({
      message: 'Instantly answered 422: [address] is on the blocklist',
    });
  });

  test.each([
    ['before_acceptance', 0],
    ['after_acceptance', 1],
  ] as const)('silence (%s) is unknown once the time is up', async (when, handedOver) => {
    const { adapter, batchId } = setUp({ timeoutMs: 200 });
    simulator.setFaults([onLead({ kind: 'hang', when })]);
    expect(await adapter.send(handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'unknown',
      code: 'timeout',
    });
    expect(simulator.log()).toHaveLength(handedOver);
  });

  test.each([
    ['fails', { kind: 'status', status: 503 }],
    ['is a web page', { kind: 'wrong_content_type' }],
  ] as const)('a read-back that %s leaves the lead unknown, never accepted', async (_, effect) => {
    const { adapter, batchId } = setUp();
    simulator.setFaults([{ endpoint: 'POST /leads/list', effect }]);
    expect(await adapter.send(handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'unknown',
      code: 'read_back_unreadable',
    });
  });

  test('nobody answering at the address is a release: no byte was sent', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    const gone = startAdapter({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    expect(await gone.send(handoverTo(batchId, 'ben'))).toMatchObject({
      outcome: 'released',
      code: 'campaign_unavailable',
    });
  });
});

describe('a person Instantly already has', () => {
  test('from an earlier campaign is a refusal and gets nothing again', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    expect(await adapter.send(handoverTo(ids.batchId(), 'ann'))).toMatchObject({
      outcome: 'refused',
      code: 'already_at_provider',
    });
    expect(simulator.log()).toHaveLength(1);
  });

  test('is written to again by a later step of a cadence, but once per batch', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    const step = { motion: 'cadence', subject: 'Second step' } as const;
    const second = ids.batchId();
    expect(await adapter.send(handoverTo(second, 'ann', step))).toMatchObject({ outcome: 'accepted' });
    expect(await adapter.send(handoverTo(second, 'ann', step))).toMatchObject({
      outcome: 'refused',
      code: 'already_at_provider',
    });
    expect(simulator.log()).toHaveLength(2);
  });

  test('from our own lost answer is recognised as this very hand-over', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    simulator.setFaults([onLead({ kind: 'cut', when: 'after_acceptance' }, { hit: 1 })]);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
    expect(simulator.log()).toHaveLength(1);
  });

  test('with our action and other words is a mismatch, not a success', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    simulator.setFaults([onLead({ kind: 'alter', body: 'Hello' }, { hit: 1 })]);
    await adapter.send(handover);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown', code: 'read_back_mismatch' });
  });

  test('and does not show is unknown', async () => {
    const { adapter, batchId } = setUp();
    simulator.setFaults([onLead({ kind: 'hide', visibilityMs: 600_000 })]);
    const handover = handoverTo(batchId, 'ann');
    await adapter.send(handover);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown', code: 'skipped_but_absent' });
  });
});

describe('what Instantly would not carry as approved', () => {
  const settings = buildMessage().settings;
  const rows: readonly (readonly [string, Partial<Message>])[] = [
    ['channel_unsupported', { channel: 'linkedin' }],
    ['follow_ups_unsupported', { settings: { ...settings, followUps: 2 } }],
    ['header_unsupported', { headers: { 'X-Campaign': 'spring' } }],
    ['template_syntax', { subject: 'Hello {{firstName}}' }],
    ['template_syntax', { body: 'It costs }} nothing' }],
    [
      'timezone_unsupported',
      { settings: { ...settings, schedule: { ...settings.schedule, timezone: 'Mars/Base' } } },
    ],
    ['schedule_has_no_days', { settings: { ...settings, schedule: { ...settings.schedule, days: [] } } }],
  ];

  test.each(rows)('%s is refused before anything is written', async (code, overrides) => {
    const { adapter, batchId } = setUp();
    const calls = simulator.calls();
    expect(await adapter.send(handoverTo(batchId, 'ann', overrides))).toMatchObject({
      outcome: 'refused',
      code,
    });
    expect(simulator.calls()).toEqual(calls);
  });

  test('unsubscribe headers are left to the vendor', async () => {
    const { adapter, batchId } = setUp();
    const headers = { 'List-Unsubscribe': '<https://links.example/u/1>', 'list-unsubscribe-post': 'x' };
    expect(await adapter.send(handoverTo(batchId, 'ann', { headers }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(await api('GET', '/campaigns?limit=1')).toMatchObject({
      items: [{ insert_unsubscribe_header: true }],
    });
  });

  test('a hand-over past its deadline makes no call at all, not even for a campaign', async () => {
    const { adapter, batchId } = setUp();
    const calls = simulator.calls();
    const late = { ...handoverTo(batchId, 'ann'), sendDeadlineMs: clock.monotonicMs() };
    expect(await adapter.send(late)).toMatchObject({ outcome: 'released', code: 'deadline_passed' });
    expect(simulator.calls()).toEqual(calls);
  });

  test('a deadline that passes while the campaign is made keeps the lead here', async () => {
    let nowMs = 0;
    const { adapter, batchId } = setUp({ monotonicMs: () => nowMs });
    const handover = { ...handoverTo(batchId, 'ann'), sendDeadlineMs: 1_000 };
    simulator.setFaults([{ endpoint: 'POST /campaigns', effect: { kind: 'delay', delayMs: 50 } }]);
    const sending = adapter.send(handover);
    const made = simulator.calls()['POST /campaigns'] + 1;
    await waitFor(() => simulator.calls()['POST /campaigns'] >= made, {
      timeoutMs: 5_000,
      describe: 'the campaign',
    });
    nowMs = 1_000;
    expect(await sending).toMatchObject({ outcome: 'released', code: 'deadline_passed' });
    expect(simulator.log()).toEqual([]);
  });
});

describe('the campaign', () => {
  test('carries the sealed settings, waits in draft and is named for whoever looks', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann', {
      settings: {
        trackOpens: true,
        trackClicks: false,
        stopOnReply: true,
        followUps: 0,
        schedule: { timezone: 'America/New_York', days: [1, 3, 7], from: '09:00', to: '24:00' },
      },
    });
    await adapter.send(handover);
    expect(await api('GET', '/campaigns?limit=10')).toMatchObject({
      items: [
        {
          name: campaignNameOf('test', queryOf(handover)),
          status: 0,
          email_list: ['sam@outreach.example'],
          text_only: true,
          open_tracking: true,
          link_tracking: false,
          stop_on_reply: true,
          sequences: [
            { steps: [{ type: 'email', variants: [{ subject: '{{subject}}', body: '{{body}}' }] }] },
          ],
          campaign_schedule: {
            schedules: [
              {
                timezone: 'America/Detroit',
                timing: { from: '09:00', to: '23:59' },
                days: { 0: true, 1: true, 2: false, 3: true, 4: false, 5: false, 6: false },
              },
            ],
          },
        },
      ],
    });
    expect(campaignNameOf('test', queryOf(handover))).toMatch(
      new RegExp(`^caio_test_${batchId}_tier_1_[0-9a-f]{12}$`),
    );
    expect(simulator.log()).toMatchObject([
      { attemptId: handover.attemptId, idempotencyKey: handover.actionId },
    ]);
  });

  test('is one for a crowd of workers in several processes', async () => {
    const { adapter, batchId } = setUp();
    const adapters = [adapter, startAdapter(), startAdapter()];
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        adapters[number % 3]?.send(handoverTo(batchId, `person${number}`)),
      ),
    );
    expect(outcomes.filter((outcome) => outcome?.outcome === 'accepted')).toHaveLength(30);
    expect(await campaignsAt()).toHaveLength(1);
  });

  test('is claimed once for a crowd in one process', async () => {
    const { batchId } = setUp();
    const claims: string[] = [];
    const shared = registry;
    registry = {
      ...shared,
      claim: (name, token, ttlMs) => {
        claims.push(name);
        return shared.claim(name, token, ttlMs);
      },
    };
    const adapter = startAdapter();
    await Promise.all(
      Array.from({ length: 30 }, (_, number) => adapter.send(handoverTo(batchId, `person${number}`))),
    );
    expect(claims).toHaveLength(1);
  });

  test('differs per tier and per sender', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    await adapter.send({ ...handoverTo(batchId, 'ben'), tier: 'tier_2' });
    await adapter.send(
      handoverTo(batchId, 'cat', { sender: { name: 'Kit', email: 'kit@outreach.example' } }),
    );
    expect(new Set((await campaignsAt()).map(({ name }) => name)).size).toBe(3);
  });

  test('that a dead process made and did not save is adopted, not made again', async () => {
    const { adapter, batchId } = setUp();
    const real = registry;
    registry = { ...real, save: () => Promise.reject(new Error('the process dies here')) };
    expect(await startAdapter().send(handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'released',
      code: 'campaign_registry_unavailable',
    });
    expect(await adapter.send(handoverTo(batchId, 'ann'))).toMatchObject({ outcome: 'accepted' });
    expect(await campaignsAt()).toHaveLength(1);
  });

  test('whose creation outlives its claim is still one', async () => {
    const { adapter, batchId } = setUp({ claimTtlMs: 1_000 });
    simulator.setFaults([{ endpoint: 'POST /campaigns', hit: 1, effect: { kind: 'delay', delayMs: 100 } }]);
    const made = simulator.calls()['POST /campaigns'] + 1;
    const slow = adapter.send(handoverTo(batchId, 'ann'));
    await waitFor(() => simulator.calls()['POST /campaigns'] >= made, {
      timeoutMs: 5_000,
      describe: 'the campaign',
    });
    clock.advance(1_000);
    const quick = startAdapter().send(handoverTo(batchId, 'ben'));
    expect(await Promise.all([slow, quick])).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'accepted' },
    ]);
    expect(await campaignsAt()).toHaveLength(1);
  });

  test('that somebody else is making is waited for, up to the deadline', async () => {
    let nowMs = 0;
    const { adapter, batchId } = setUp({
      monotonicMs: () => nowMs,
      pause: () => Promise.resolve(void (nowMs += 100)),
    });
    const handover = { ...handoverTo(batchId, 'ann'), sendDeadlineMs: 1_000 };
    await registry.claim(campaignNameOf('test', queryOf(handover)), 'somebody', 60_000);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'released', code: 'campaign_busy' });
    expect(simulator.log()).toEqual([]);
  });

  test('that was deleted at the vendor is made anew instead of believed in', async () => {
    const { adapter, batchId } = setUp({ campaignFreshMs: 0 });
    await adapter.send(handoverTo(batchId, 'ann'));
    const [old] = await campaignsAt();
    await api('DELETE', `/campaigns/${old?.id ?? ''}`);
    expect(await adapter.send(handoverTo(batchId, 'ben'))).toMatchObject({ outcome: 'accepted' });
    expect((await campaignsAt()).map(({ id }) => id)).not.toEqual([old?.id]);
  });

  test('of the same name with something else in it is refused by what differs', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    const name = campaignNameOf('test', queryOf(handover));
    const wanted = campaignPayloadOf(name, handover.message);
    await api('POST', '/campaigns', { ...wanted, email_list: ['someone@else.example'] });
    expect(await adapter.send(handover)).toMatchObject({
      outcome: 'refused',
      code: 'campaign_altered',
      message: expect.stringContaining('sender'),
    });
    expect(simulator.log()).toEqual([]);
  });

  test('with settings approved differently for a second message refuses that message', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    const settings = { ...buildMessage().settings, trackClicks: true };
    expect(await adapter.send(handoverTo(batchId, 'ben', { settings }))).toMatchObject({
      outcome: 'refused',
      code: 'campaign_altered',
      message: expect.stringContaining('link_tracking'),
    });
  });

  test('that was activated takes no more leads, for they would leave at once', async () => {
    const { adapter, batchId } = setUp({ campaignFreshMs: 0 });
    await adapter.send(handoverTo(batchId, 'ann'));
    const [campaign] = await campaignsAt();
    await api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    expect(await adapter.send(handoverTo(batchId, 'ben'))).toMatchObject({
      outcome: 'refused',
      code: 'campaign_not_holding',
    });
    expect(simulator.mailed().map(({ email }) => email)).toEqual(['ann@meadow.example']);
  });

  const campaignFaults: readonly (readonly [string, FaultEffect, Partial<DispatchOutcome>])[] = [
    [
      '500',
      { kind: 'status', status: 500, when: 'before_acceptance' },
      { outcome: 'released', code: 'campaign_unavailable' },
    ],
    [
      'a cut',
      { kind: 'cut', when: 'after_acceptance' },
      { outcome: 'released', code: 'campaign_unavailable' },
    ],
    ['broken JSON', { kind: 'malformed_json' }, { outcome: 'released', code: 'campaign_unavailable' }],
    [
      '429',
      { kind: 'status', status: 429, retryAfter: '9', when: 'before_acceptance' },
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 9_000 },
    ],
    [
      '401',
      { kind: 'status', status: 401, when: 'before_acceptance' },
      { outcome: 'refused', code: 'provider_unauthorized' },
    ],
  ];
  test.each(campaignFaults)(
    'that cannot be had (%s) never makes a lead unknown',
    async (_, effect, expected) => {
      const { adapter, batchId } = setUp();
      simulator.setFaults([{ endpoint: 'POST /campaigns', hit: 1, effect }]);
      const handover = handoverTo(batchId, 'ann');
      expect(await adapter.send(handover)).toMatchObject(expected);
      expect(simulator.log()).toEqual([]);
      expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
      expect(await campaignsAt()).toHaveLength(1);
    },
  );
});

describe('find', () => {
  test('reads every page', async () => {
    const { adapter, batchId } = setUp();
    const handovers = Array.from({ length: 205 }, (_, number) => handoverTo(batchId, `person${number}`));
    await Promise.all(handovers.map((handover) => adapter.send(handover)));
    const found = await adapter.find(handovers.map(queryOf));
    expect([...found.values()].filter(({ state }) => state === 'present')).toHaveLength(205);
  });

  test('is not fooled by words edited beside a digest that was left as it was', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    simulator.setFaults([onLead({ kind: 'alter', body: 'Hello' })]);
    await adapter.send(handover);
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'present', contentDigest: null });
  });

  test('sees a lead in a twin campaign of the same name', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    const name = campaignNameOf('test', queryOf(handover));
    await api('POST', '/campaigns', campaignPayloadOf(name, handover.message));
    await adapter.send(handover);
    const [first] = await campaignsAt();
    const twin = await api('POST', '/campaigns', campaignPayloadOf(name, handover.message));
    expect(twin['id']).not.toBe(first?.id);
    const found = await startAdapter().find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({
      state: 'present',
      contentDigest: handover.contentDigest,
    });
  });

  test.each([
    ['a page that fails', 'POST /leads/list', { kind: 'status', status: 500 }],
    ['a page that is no JSON', 'POST /leads/list', { kind: 'malformed_json' }],
    ['a campaign list that fails', 'GET /campaigns', { kind: 'status', status: 429 }],
  ] as const)('%s is unreadable, never absent', async (_, endpoint, effect) => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    await adapter.send(handover);
    simulator.setFaults([{ endpoint, effect }]);
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'unreadable' });
  });

  test('a registry that cannot be read is unreadable, never absent', async () => {
    const { batchId } = setUp();
    registry = { ...registry, read: () => Promise.reject(new Error('no Redis')) };
    const handover = handoverTo(batchId, 'ann');
    const found = await startAdapter().find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'unreadable' });
  });
});

describe('taking back and stopping', () => {
  test('what was mailed cannot be taken back and stays visible as mailed', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    await adapter.send(handover);
    const [campaign] = await campaignsAt();
    await api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'already_mailed' });
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'present', mailed: true });
  });

  test('a removal that Instantly does not carry out is not reported as done', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    await adapter.send(handover);
    simulator.setFaults([{ endpoint: 'DELETE /leads/:id', effect: { kind: 'status', status: 500 } }]);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'still_present' });
  });

  test('a removal whose answer is lost counts by what is read back', async () => {
    const { adapter, batchId } = setUp();
    const handover = handoverTo(batchId, 'ann');
    await adapter.send(handover);
    simulator.setFaults([
      { endpoint: 'DELETE /leads/:id', effect: { kind: 'cut', when: 'after_acceptance' } },
    ]);
    expect(await adapter.takeBack(queryOf(handover))).toEqual({ ok: true, readBack: 'absent' });
  });

  test('pauseAll stops this environment’s campaigns, confirms each and names those it could not', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    await adapter.send({ ...handoverTo(batchId, 'ben'), tier: 'tier_2' });
    await adapter.send({ ...handoverTo(batchId, 'cat'), tier: 'tier_3' });
    const other = startAdapter({ environment: 'test-2' });
    await other.send(handoverTo(ids.batchId(), 'dan'));
    const campaigns = await campaignsAt();
    for (const { id, name } of campaigns) {
      if (!name.includes('tier_3')) await api('POST', `/campaigns/${id}/activate`);
    }
    simulator.setFaults([
      { endpoint: 'POST /campaigns/:id/pause', hit: 2, effect: { kind: 'status', status: 500 } },
    ]);
    const report = await adapter.pauseAll({ correlationId: ids.correlationId() });
    const second = campaigns.find(({ name }) => name.includes('tier_2'));
    expect(report).toEqual({
      paused: 1,
      failed: [{ id: second?.id, message: expect.stringContaining('500') }],
    });
    const after = (await campaignsAt()).map(
      ({ name, status }) => `${name.split('_').slice(1, 2).join()} ${status}`,
    );
    expect(after.sort()).toEqual(['test 0', 'test 1', 'test 2', 'test-2 1']);
  });

  test('pauseAll takes a pause that changed nothing for what it is', async () => {
    const { adapter, batchId } = setUp();
    await adapter.send(handoverTo(batchId, 'ann'));
    const [campaign] = await campaignsAt();
    await api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    simulator.setFaults([{ endpoint: 'POST /campaigns/:id/pause', effect: { kind: 'ignore' } }]);
    const report = await adapter.pauseAll({ correlationId: ids.correlationId() });
    expect(report).toMatchObject({ paused: 0, failed: [{ id: campaign?.id }] });
  });

  test('pauseAll leaves a stranger’s campaign alone, whatever its name contains', async () => {
    const { adapter, batchId } = setUp();
    const { message } = handoverTo(batchId, 'ann');
    const stranger = await api('POST', '/campaigns', campaignPayloadOf('copy of caio_test_1', message));
    await api('POST', `/campaigns/${String(stranger['id'])}/activate`);
    expect(await adapter.pauseAll({ correlationId: ids.correlationId() })).toEqual({ paused: 0, failed: [] });
    expect(await api('DELETE', `/campaigns/${String(stranger['id'])}`)).toMatchObject({ status: 1 });
  });

  test('pauseAll that cannot see the campaigns does not report success', async () => {
    const { adapter } = setUp();
    simulator.setFaults([{ endpoint: 'GET /campaigns', effect: { kind: 'status', status: 401 } }]);
    const report = await adapter.pauseAll({ correlationId: ids.correlationId() });
    expect(report).toMatchObject({ paused: 0, failed: [{ message: expect.stringContaining('401') }] });
  });
});

describe('mode and address', () => {
  test.each([
    ['sandbox', 'https://api.instantly.ai', 'must not use'],
    ['live', 'http://127.0.0.1:9', 'needs https'],
    ['live', 'http://api.instantly.ai', 'needs https'],
    ['allow-list', 'https://api.instantly.example', 'needs https'],
  ] as const)('%s with %s is refused at the start', (mode, baseUrl, message) => {
    expect(() => setUp({ mode, baseUrl })).toThrow(message);
  });
});
