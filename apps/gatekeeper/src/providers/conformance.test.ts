// Risk: a provider whose adapter keeps fewer promises than the dispatch relies on.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf, type Message } from '@caio/contracts';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  sealMessage,
  startProviderSimulator,
  type ManualClock,
} from '@caio/test-kit';
import { createCampaignRegistry, createEvidenceStore } from '@caio/state-store';
import PostalMime from 'postal-mime';
import type { ActionQuery, Handover, ProviderAdapter } from '../provider-port.ts';
import { openRealStore, type RealStore } from '../testing/real-store.ts';
import { createInstantlyAdapter } from './instantly.ts';
import { createLogOnlyAdapter } from './log-only.ts';

/** What left, as the other side has it. */
interface Arrived {
  readonly actionId: string;
  readonly to: string | null;
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string | null;
}

interface Subject {
  readonly adapter: ProviderAdapter;
  readonly clock: ManualClock;
  /** Everything the other side has for these actions. */
  readonly arrived: (actionIds: readonly string[]) => Promise<Arrived[]>;
  /** Makes the next read of the provider fail. */
  readonly breakReads: () => void;
  readonly close: () => Promise<void>;
}

const subjects: Record<string, (store: RealStore) => Promise<Subject>> = {
  'log-only': async (redis) => {
    const clock = createManualClock();
    const store = createEvidenceStore(await redis.openSession());
    let broken = false;
    const evidence = {
      save: store.save,
      read: (actionId: string) => (broken ? Promise.reject(new Error('no store')) : store.read(actionId)),
    };
    const adapter = createLogOnlyAdapter({ evidence, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs });
    const arrived = async (actionIds: readonly string[]): Promise<Arrived[]> => {
      const all = await Promise.all(
        actionIds.map(async (actionId) => {
          const kept = await store.read(actionId);
          if (kept === null) return [];
          const mail = await PostalMime.parse(kept.content);
          const { address: to = null } = mail.to?.[0] ?? {};
          const { address: from = null } = mail.from ?? {};
          return [
            {
              actionId,
              to,
              from,
              subject: mail.subject ?? null,
              text: mail.text?.replace(/\n$/, '') ?? null,
            },
          ];
        }),
      );
      return all.flat();
    };
    return { adapter, clock, arrived, breakReads: () => (broken = true), close: adapter.close };
  },
  'instantly at the simulator': async (redis) => {
    const clock = createManualClock();
    const simulator = await startProviderSimulator({ apiKey: 'sandbox-key' });
    const adapter = createInstantlyAdapter({
      mode: 'sandbox',
      environment: 'test',
      baseUrl: simulator.url,
      apiKey: 'sandbox-key',
      registry: createCampaignRegistry(await redis.openSession()),
      monotonicMs: clock.monotonicMs,
      nowMs: clock.nowMs,
      newToken: createIdSource(7).ulid,
      pause: () => new Promise((resolve) => void setImmediate(resolve)),
      timeoutMs: 5_000,
    });
    const arrived = async (actionIds: readonly string[]): Promise<Arrived[]> => {
      const answer = await fetch(`${simulator.url}/api/v2/campaigns?limit=100`, {
        headers: { authorization: 'Bearer sandbox-key' },
      });
      const { items }: { items: { id: string; email_list: string[] }[] } = Object(await answer.json());
      return simulator
        .log()
        .filter(({ actionId }) => actionId !== null && actionIds.includes(actionId))
        .map(({ actionId, email, subject, body, campaignId }) => ({
          actionId: actionId ?? '',
          to: email,
          from: items.find(({ id }) => id === campaignId)?.email_list.join() ?? null,
          subject,
          text: body,
        }));
    };
    const breakReads = (): void =>
      simulator.setFaults([
        { endpoint: 'POST /leads/list', effect: { kind: 'status', status: 503 } },
        { endpoint: 'GET /campaigns', effect: { kind: 'status', status: 503 } },
      ]);
    const close = async (): Promise<void> => {
      await adapter.close();
      await simulator.close();
    };
    return { adapter, clock, arrived, breakReads, close };
  },
};

const ids = createIdSource(11);
const batchId = ids.batchId();

const messageTo = (name: string): Message =>
  buildMessage({
    recipient: { email: `${name}@meadow.example`, name, company: 'Meadow Works', linkedinUrl: null },
    subject: `For ${name}: fewer stops`,
    body: `Hello ${name},\n\nthis one is for you alone — 50 % and "quotes" & <tags>.`,
  });

describe.each(Object.entries(subjects))('%s', (_, start) => {
  let store: RealStore;
  let subject: Subject;
  beforeAll(async () => {
    store = await openRealStore();
    subject = await start(store);
  });
  afterAll(async () => {
    await subject.close();
    await store.close();
  });

  const handoverTo = (name: string, overrides: Partial<Handover> = {}): Handover => {
    const message = overrides.message ?? messageTo(name);
    return {
      actionId: ids.actionId(),
      attemptId: ids.attemptId(),
      batchId,
      tier: 'tier_1',
      message,
      ...sealMessage(message),
      correlationId: ids.correlationId(),
      sendDeadlineMs: subject.clock.monotonicMs() + 10_000,
      ...overrides,
    };
  };
  const queryOf = ({ actionId, tier, message, correlationId }: Handover): ActionQuery => ({
    actionId,
    batchId,
    tier,
    senderKey: message.senderKey,
    correlationId,
  });
  const sent = async (name: string): Promise<Handover> => {
    const handover = handoverTo(name);
    expect(await subject.adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
    return handover;
  };

  test('every person of a batch gets their own approved words, and nobody another’s', async () => {
    const handovers = ['ann', 'ben', 'cat', 'dan', 'eve'].map((name) => handoverTo(name));
    const outcomes = await Promise.all(handovers.map((handover) => subject.adapter.send(handover)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        outcome: 'accepted',
        holdsBeforeMailing: subject.adapter.holdsBeforeMailing,
        proof: expect.stringMatching(/\S/),
        providerMessageId: expect.stringMatching(/\S/),
      });
    }
    const arrived = await subject.arrived(handovers.map(({ actionId }) => actionId));
    const byAction = (one: Arrived, two: Arrived): number => (one.actionId < two.actionId ? -1 : 1);
    expect(arrived.sort(byAction)).toEqual(
      handovers.map(({ actionId, message }) => ({
        actionId,
        to: message.recipient.email,
        from: message.sender.email,
        subject: message.subject,
        text: textOf(message),
      })),
    );
  });

  test('a second hand-over of an action is a success without a second message', async () => {
    const handover = await sent('fay');
    const again = await subject.adapter.send({ ...handover, attemptId: ids.attemptId() });
    expect(again).toMatchObject({ outcome: 'accepted' });
    expect(await subject.arrived([handover.actionId])).toHaveLength(1);
  });

  test('a hand-over at its deadline writes nothing and says so', async () => {
    const handover = handoverTo('gil', { sendDeadlineMs: subject.clock.monotonicMs() });
    expect(await subject.adapter.send(handover)).toMatchObject({
      outcome: 'released',
      code: 'deadline_passed',
    });
    expect(await subject.arrived([handover.actionId])).toEqual([]);
  });

  test.each([
    [
      'a changed byte',
      (handover: Handover) => ({ ...handover, bytes: handover.bytes.replace('stops', 'stop') }),
    ],
    [
      'words that are not the bytes',
      (handover: Handover) => ({ ...handover, message: messageTo('mallory') }),
    ],
    ['another digest', (handover: Handover) => ({ ...handover, contentDigest: '0'.repeat(64) })],
  ])('%s is refused and writes nothing', async (_name, tamper) => {
    const handover = tamper(handoverTo('hal'));
    expect(await subject.adapter.send(handover)).toMatchObject({
      outcome: 'refused',
      code: 'content_mismatch',
    });
    expect(await subject.arrived([handover.actionId])).toEqual([]);
  });

  test('find tells what is there, with the digest of what is held, from what is not', async () => {
    const handover = await sent('ida');
    const stranger = handoverTo('jon');
    const found = await subject.adapter.find([queryOf(handover), queryOf(stranger)]);
    expect(Object.fromEntries(found)).toEqual({
      [handover.actionId]: {
        state: 'present',
        providerMessageId: expect.stringMatching(/\S/),
        contentDigest: handover.contentDigest,
        attemptId: handover.attemptId,
        mailed: !subject.adapter.holdsBeforeMailing,
      },
      [stranger.actionId]: { state: 'absent' },
    });
  });

  test('takeBack is a read-back absence, or says why not', async () => {
    const handover = await sent('kim');
    const taken = await subject.adapter.takeBack(queryOf(handover));
    const after = (await subject.adapter.find([queryOf(handover)])).get(handover.actionId);
    if (subject.adapter.holdsBeforeMailing) {
      expect(taken).toEqual({ ok: true, readBack: 'absent' });
      expect(after).toEqual({ state: 'absent' });
    } else {
      expect(taken).toMatchObject({ ok: false, code: 'already_left' });
      expect(after).toMatchObject({ state: 'present' });
    }
    expect(await subject.adapter.takeBack(queryOf(handoverTo('lea')))).toEqual({
      ok: true,
      readBack: 'absent',
    });
  });

  test('a provider that cannot be read is never taken for one that has nothing', async () => {
    const handover = await sent('max');
    subject.breakReads();
    const found = await subject.adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'unreadable' });
    expect(await subject.adapter.takeBack(queryOf(handover))).toMatchObject({
      ok: false,
      code: 'unreadable',
    });
  });
});
