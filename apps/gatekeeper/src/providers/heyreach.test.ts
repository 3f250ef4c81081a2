// Risk: HeyReach is made to write to people by us, holds other words than were approved, or is believed too easily.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchId, DispatchOutcome, Message } from '@caio/contracts';
import type { Fault } from '@caio/test-kit';
import {
  heyreachQueryOf as queryOf,
  type HeyreachWorkbench,
  onAdd,
  openHeyreachWorkbench,
  profileOf,
} from '../testing/heyreach-workbench.ts';
import type { Handover, ProviderAdapter } from '../provider-port.ts';
import { createdListSchema } from './heyreach/vendor-schemas.ts';
import { createHeyreachAdapter, type HeyreachOptions } from './heyreach.ts';

let bench: HeyreachWorkbench;
let adapter: ProviderAdapter;
let batchId: BatchId;
beforeAll(async () => {
  bench = await openHeyreachWorkbench(31);
});
beforeEach(() => {
  adapter = bench.startAdapter();
  batchId = bench.ids.batchId();
});
afterEach(() => bench.clear());
afterAll(async () => {
  const calls = bench.simulator.calls();
  await bench.close();
  // Over everything this file does: nothing that starts a campaign was ever asked for.
  expect(calls['heyreach POST /campaign/Resume']).toBe(0);
  expect(calls['heyreach POST /campaign/AddLeadsToCampaignV2']).toBe(0);
});

const sent = async (name: string): Promise<Handover> => {
  const handover = bench.handoverTo(batchId, name);
  expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted', holdsBeforeMailing: true });
  return handover;
};
const finding = async (handover: Handover) =>
  (await adapter.find([queryOf(handover)])).get(handover.actionId);
const written = (): string[] => bench.simulator.mailed().map(({ email }) => email);
const leadsAt = () => [...bench.listOf(batchId).leads.values()].map(({ lead }) => lead);

test('its source names no call that starts a campaign', () => {
  const sources = ['client', 'lists', 'lead-locator', 'payload', 'vendor-schemas'].map((name) =>
    readFileSync(join(__dirname, `heyreach/${name}.ts`), 'utf8'),
  );
  const paths = sources.join('\n').match(/\/(?:campaign|list)\/[A-Za-z0-9$<{}]+/g) ?? [];
  expect([...new Set(paths)].sort()).toEqual([
    '/campaign/${verb}',
    '/campaign/GetAll',
    '/campaign/GetLeadsFromCampaign',
    '/campaign/StopLeadInCampaign',
    '/list/AddLeadsToListV2',
    '/list/CreateEmptyList',
    '/list/DeleteLeadsFromListByProfileUrl',
    '/list/GetAll',
    '/list/GetLeadsFromList',
  ]);
  expect(sources.join('\n')).toMatch(/\(verb: 'GetById' \| 'Pause', id: string\)/);
});

describe('a hand-over', () => {
  test('puts each person on one list with their own sealed words, and writes to nobody', async () => {
    const handovers = ['ann', 'ben', 'cat'].map((name) => bench.handoverTo(batchId, name));
    const others = [bench.startAdapter(), bench.startAdapter(), adapter];
    const outcomes = await Promise.all(
      handovers.map((handover, index) => (others[index] ?? adapter).send(handover)),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    const fieldsOf = (name: string) =>
      Object.fromEntries(
        (leadsAt().find(({ profileUrl }) => profileUrl === profileOf(name))?.customFields ?? []).map(
          (field) => [field.name, field.value],
        ),
      );
    for (const [index, name] of ['ann', 'ben', 'cat'].entries()) {
      const handover = handovers[index];
      expect(fieldsOf(name)).toEqual({
        body: handover?.message.body,
        actionId: handover?.actionId,
        attemptId: handover?.attemptId,
        contentDigest: handover?.contentDigest,
        effectDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        sender: handover?.message.sender.email,
      });
    }
    expect(written()).toEqual([]);
  });

  test('goes to another list for another tier and for another sender', async () => {
    await sent('dan');
    for (const part of [
      { tier: 'tier_2' as const },
      { message: { senderKey: 'email:lee@outreach.example' } },
    ]) {
      const handover = bench.handoverTo(batchId, `eve${Object.keys(part)[0]}`, part.message ?? {});
      await adapter.send({ ...handover, tier: part.tier ?? 'tier_1' });
    }
    expect(bench.simulator.heyreach.lists().filter(({ name }) => name.includes(batchId))).toHaveLength(3);
  });

  test('adopts the list somebody made and did not get to save', async () => {
    await sent('fay');
    const { name, id } = bench.listOf(batchId);
    await bench.registry.claim(name, 'gone', 1);
    const forgetful = bench.startAdapter({
      registry: { ...bench.registry, read: () => Promise.resolve(null) },
    });
    const handover = bench.handoverTo(batchId, 'gil');
    expect(await forgetful.send(handover)).toMatchObject({ outcome: 'accepted' });
    expect(bench.listOf(batchId)).toMatchObject({ id });
  });

  test.each(['PAUSED', 'FINISHED', 'IN_PROGRESS'] as const)(
    'never touches the list of a campaign that is %s: it would write to people at once',
    async (status) => {
      await sent('hal');
      bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id, status);
      const adds = bench.simulator.calls()['heyreach POST /list/AddLeadsToListV2'];
      expect(await adapter.send(bench.handoverTo(batchId, 'ida'))).toMatchObject({
        outcome: 'refused',
        code: 'list_in_campaign',
      });
      expect(bench.simulator.calls()['heyreach POST /list/AddLeadsToListV2']).toBe(adds);
      expect(written()).toEqual([]);
    },
  );

  test('goes on while the campaign of the list is a draft', async () => {
    await sent('jon');
    bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id, 'DRAFT');
    await sent('kim');
    expect(written()).toEqual([]);
  });
});

describe('what HeyReach answers', () => {
  test.each(['addedLeadsCount', 'addedCount', 'leadsAdded', 'count', 'none'] as const)(
    'that the lead is there is seen on the list, counted by “%s” or not',
    async (spelling) => {
      bench.simulator.heyreach.spellCounts(spelling);
      await sent('lea');
      bench.simulator.setFaults([onAdd({ kind: 'hide', visibilityMs: 60_000 })]);
      const hidden = await adapter.send(bench.handoverTo(batchId, 'max'));
      expect(hidden).toMatchObject({ outcome: 'unknown', code: 'read_back_absent' });
    },
  );

  test.each<[string, Fault['effect'], Partial<DispatchOutcome>]>([
    [
      '429 with a wish',
      { kind: 'status', status: 429, retryAfter: '7' },
      { outcome: 'released', retryAfterMs: 7_000 },
    ],
    ['429 without one', { kind: 'status', status: 429 }, { outcome: 'released', retryAfterMs: 5_000 }],
    ['a refused key', { kind: 'status', status: 401 }, { outcome: 'released' }],
    ['a refusal', { kind: 'status', status: 400 }, { outcome: 'refused' }],
    ['a fault of its own', { kind: 'status', status: 502 }, { outcome: 'unknown' }],
    [
      'a fault after it took the lead',
      { kind: 'status', status: 500, when: 'after_acceptance' },
      { outcome: 'unknown' },
    ],
    ['a cut after it took the lead', { kind: 'cut', when: 'after_acceptance' }, { outcome: 'unknown' }],
    ['half a JSON', { kind: 'malformed_json' }, { outcome: 'unknown' }],
    ['a page for people', { kind: 'wrong_content_type' }, { outcome: 'unknown' }],
    ['other words than it was given', { kind: 'alter', body: 'Buy now' }, { outcome: 'unknown' }],
  ])('%s is what it proves', async (_, effect, expected) => {
    await sent('ned');
    bench.simulator.setFaults([onAdd(effect)]);
    expect(await adapter.send(bench.handoverTo(batchId, 'ola'))).toMatchObject(expected);
  });

  test.each([
    ['addedLeadsCount', 'refused', 'not_taken'],
    ['addedCount', 'refused', 'not_taken'],
    ['leadsAdded', 'refused', 'not_taken'],
    ['count', 'refused', 'not_taken'],
    ['none', 'unknown', 'read_back_absent'],
  ] as const)('success that took nobody, counted by “%s”, is %s', async (spelling, outcome, code) => {
    bench.simulator.heyreach.spellCounts(spelling);
    bench.simulator.setFaults([onAdd({ kind: 'partial_add' })]);
    const handover = bench.handoverTo(batchId, 'quin');
    expect(await adapter.send(handover)).toMatchObject({ outcome, code });
    expect(await finding(handover)).toEqual({ state: 'absent' });
  });

  test('names a new list in either of two ways, and its id is never guessed', () => {
    for (const answer of [{ id: 7, name: 'x' }, { listId: 7 }, { id: null, listId: '7' }]) {
      expect(createdListSchema.parse(answer)).toEqual({ id: '7' });
    }
    expect(createdListSchema.safeParse({ name: 'x' }).success).toBe(false);
  });

  test('a timeout leaves it open whether the lead is there', async () => {
    const quick = bench.startAdapter({ timeoutMs: 150 });
    await sent('rae');
    bench.simulator.setFaults([onAdd({ kind: 'hang', when: 'after_acceptance' })]);
    const handover = bench.handoverTo(batchId, 'sam');
    expect(await quick.send(handover)).toMatchObject({ outcome: 'unknown', code: 'timeout' });
    expect(await finding(handover)).toMatchObject({
      state: 'present',
      contentDigest: handover.contentDigest,
    });
  });

  test('words that were changed over there hide behind no digest', async () => {
    const handover = await sent('tom');
    const [lead] = leadsAt();
    for (const field of lead?.customFields ?? []) {
      if (field.name === 'body') Object.assign(field, { value: 'Something else' });
    }
    expect(await finding(handover)).toMatchObject({ state: 'present', contentDigest: null });
  });
});

describe('what HeyReach would not carry as approved is refused before anything is written', () => {
  test.each<[string, Partial<Message>]>([
    ['channel_unsupported', { channel: 'email', subject: 'x', route: 'cold_email' }],
    ['parts_unsupported', { subject: 'A subject' }],
    ['parts_unsupported', { footer: 'A footer' }],
    ['template_syntax', { body: 'Hello {firstName}' }],
    [
      'name_incomplete',
      { recipient: { email: '', name: 'Cher', company: null, linkedinUrl: profileOf('cher') } },
    ],
  ])('%s', async (code, overrides) => {
    expect(await adapter.send(bench.handoverTo(batchId, 'uma', overrides))).toMatchObject({
      outcome: 'refused',
      code,
    });
    expect(bench.simulator.heyreach.lists()).toEqual([]);
  });
});

test.each<[string, HeyreachOptions['mode'], string]>([
  ['the sandbox at the vendor', 'sandbox', 'https://api.heyreach.io'],
  ['a real mode at the simulator', 'live', 'http://127.0.0.1:1'],
  ['a real mode without TLS', 'allow-list', 'http://api.heyreach.io'],
  ['a real mode at a neighbour of the vendor', 'live', 'https://api.heyreach.io.example'],
])('%s is refused when it is built', (_, mode, baseUrl) => {
  const { registry, clock, ids } = bench;
  expect(() =>
    createHeyreachAdapter({
      ...{ mode, baseUrl, environment: 'test', apiKey: 'k', registry, timeoutMs: 1, newToken: ids.ulid },
      ...{ monotonicMs: clock.monotonicMs, nowMs: clock.nowMs, pause: () => Promise.resolve() },
    }),
  ).toThrow(/delivery mode/);
});
