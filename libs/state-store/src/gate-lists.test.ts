// Risk: a stop, an opt-out or an exclusion is overwritten, forgotten or reported otherwise than it is stored.
import { type Exclusion, exclusionSchema, type Suppression } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import { CorruptRecordError } from './record.ts';
import { createGateFixture, type Gate, type GateFixture, pseudonymOf } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const at = '2026-01-05T12:00:00.000Z';
/** Without the store's own first row. */
const rows = async () =>
  (await createAuditLog(gate.session).rowsAfter('', 1_000)).slice(1).map(({ row }) => row);
const suppression = (name: string, overrides: Partial<Suppression> = {}): Suppression => ({
  personKey: `email:${name}@acme.example`,
  reason: 'unsubscribed',
  source: 'link',
  at,
  by: 'webhooks',
  ...overrides,
});
const suppress = (...names: string[]) =>
  gate.lists.suppress(
    new Map(names.map((name) => [pseudonymOf(name), suppression(name)])),
    'webhooks',
    'unsubscribed',
    'correlation-1',
  );

describe('the stop', () => {
  const set = (command: 'stop' | 'lift', by: string, reason: string) =>
    gate.lists.setHalt(command, by, reason, 'correlation-1');

  test('keeps the first stop’s name and reason, changes once, and says who lifted it', async () => {
    expect(await gate.lists.readHalt(false)).toEqual({
      active: false,
      stored: false,
      environment: false,
      by: null,
      reason: null,
      at: null,
      also: [],
      providers: [],
    });
    expect(await set('lift', 'nobody', 'nothing to lift')).toBe(false);
    expect(await set('stop', 'ann', 'a wrong list')).toBe(true);
    expect(await set('stop', 'ben', 'me too')).toBe(false);
    expect(await gate.lists.readHalt(false)).toMatchObject({
      active: true,
      stored: true,
      by: 'ann',
      reason: 'a wrong list',
      at: expect.stringMatching(/Z$/),
    });
    expect(await set('lift', 'cat', 'list was mended')).toBe(true);
    expect(await gate.lists.readHalt(false)).toMatchObject({ active: false, stored: false, by: 'cat' });
    const decided = (await rows()).filter(({ ref }) => ref === 'halt');
    expect(decided.map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
      'halt.set ann',
      'halt.repeated ben',
      'halt.lifted cat',
    ]);
  });

  test('notes every later reason with its name beside the first, the last twenty, until it is lifted', async () => {
    await set('stop', 'ann', 'a wrong list');
    await set('stop', 'ben', 'a "quoted" price 東京');
    expect((await gate.lists.readHalt(false)).also).toEqual([
      { by: 'ben', reason: 'a "quoted" price 東京', at: expect.stringMatching(/Z$/) },
    ]);
    for (let more = 1; more <= 20; more += 1) await set('stop', `cat${more}`, 'me too');
    const { also } = await gate.lists.readHalt(false);
    expect([also.length, also[0]?.by, also.at(-1)?.by]).toEqual([20, 'cat1', 'cat20']);
    await set('lift', 'dan', 'mended');
    await set('stop', 'eve', 'another one');
    expect(await gate.lists.readHalt(false)).toMatchObject({ by: 'eve', also: [] });
  });

  test('of the environment is active without being stored, and lifting the switch does not lift it', async () => {
    expect(await gate.lists.readHalt(true)).toMatchObject({ active: true, stored: false, environment: true });
    await set('stop', 'ann', 'both of them');
    await set('lift', 'ann', 'only the stored');
    expect(await gate.lists.readHalt(true)).toMatchObject({ active: true, stored: false, environment: true });
  });
});

describe('suppressions', () => {
  test('are append-only: a second reason neither replaces the first nor is lost from the count', async () => {
    expect(await suppress('ann', 'ben')).toEqual({ added: 2, known: 0 });
    const again = await gate.lists.suppress(
      new Map([
        [pseudonymOf('ann'), suppression('ann', { reason: 'manual', by: 'somebody' })],
        [pseudonymOf('cat'), suppression('cat')],
      ]),
      'somebody',
      'manual',
      'correlation-2',
    );
    expect(again).toEqual({ added: 1, known: 1 });
    const { entries, nextCursor } = await gate.lists.listSuppressions(null);
    expect(entries).toContainEqual(suppression('ann'));
    expect([entries.length, nextCursor]).toEqual([3, null]);
    expect(await gate.lists.counts()).toEqual({ suppressions: 3, exclusions: 0 });
  });

  test('and exclusions are read by their keys, null where there is none', async () => {
    await suppress('ann');
    expect(await gate.lists.suppressionsOf([pseudonymOf('zoe'), pseudonymOf('ann')])).toEqual([
      null,
      suppression('ann'),
    ]);
    expect(await gate.lists.exclusionsOf(['domain:a.example'])).toEqual([null]);
    expect([await gate.lists.suppressionsOf([]), await gate.lists.exclusionsOf([])]).toEqual([[], []]);
  });

  test('are found by any one key of a person, and never for somebody without a key', async () => {
    await suppress('ann');
    expect(await gate.lists.whichSuppressed([[pseudonymOf('zoe'), pseudonymOf('ann')]])).toEqual([true]);
    expect(await gate.lists.whichSuppressed([[pseudonymOf('zoe')]])).toEqual([false]);
    expect(await gate.lists.whichSuppressed([[]])).toEqual([false]);
  });

  test('leave a row per person in the audit, by pseudonym and without the address', async () => {
    await suppress('ann', 'ben');
    const kept = await rows();
    expect(kept.map(({ kind, code, who }) => [kind, code, who]).sort()).toEqual(
      [pseudonymOf('ann'), pseudonymOf('ben')]
        .sort()
        .map((who) => ['person.suppressed', 'unsubscribed', who]),
    );
    expect(JSON.stringify(kept)).not.toContain('acme.example');
  });

  test('of which the address was erased are listed, damaged ones are an error', async () => {
    const erased = JSON.stringify({ ...suppression('ann'), personKey: null, reason: 'erased' });
    await gate.redis.hset(gate.keys.suppressions, pseudonymOf('ann'), erased);
    expect((await gate.lists.listSuppressions(null)).entries).toMatchObject([{ personKey: null }]);
    await gate.redis.hset(gate.keys.suppressions, pseudonymOf('ann'), 'no JSON');
    await expect(gate.lists.listSuppressions(null)).rejects.toThrow(CorruptRecordError);
    expect(await gate.lists.whichSuppressed([[pseudonymOf('ann')]])).toEqual([true]);
  });

  test('come page by page, all of them', async () => {
    await suppress(...Array.from({ length: 3_000 }, (_, number) => `p${number}`));
    const seen = new Set<string>();
    let pages = 0;
    for (let cursor: string | null = '0'; cursor !== null; pages += 1) {
      const page: Awaited<ReturnType<typeof gate.lists.listSuppressions>> =
        await gate.lists.listSuppressions(cursor);
      page.entries.forEach(({ personKey }) => seen.add(personKey ?? ''));
      cursor = page.nextCursor;
    }
    expect(seen.size).toBe(3_000);
    expect(pages).toBeGreaterThan(1);
  });

  test.each([3, 900])('come at most as many a page as asked for, each once, of %d', async (many) => {
    await suppress(...Array.from({ length: many }, (_, number) => `p${number}`));
    for (const limit of [1, 2, 7, 500]) {
      if (many / limit > 200) continue;
      const seen: (string | null)[] = [];
      const sizes: number[] = [];
      for (let cursor: string | null = null; ;) {
        const page: Awaited<ReturnType<typeof gate.lists.listSuppressions>> =
          await gate.lists.listSuppressions(cursor, limit);
        seen.push(...page.entries.map(({ personKey }) => personKey));
        sizes.push(page.entries.length);
        if ((cursor = page.nextCursor) === null) break;
      }
      expect([new Set(seen).size, seen.length]).toEqual([many, many]);
      expect(sizes.slice(0, -1).every((size) => size === limit)).toBe(true);
      expect(sizes.at(-1)).toBeLessThanOrEqual(limit);
    }
  });

  test('taken out between two pages keep nobody else from being shown', async () => {
    await suppress(...Array.from({ length: 20 }, (_, number) => `p${number}`));
    const first = await gate.lists.listSuppressions(null, 10);
    for (const { personKey } of first.entries.slice(0, 5))
      await gate.redis.hdel(
        gate.keys.suppressions,
        pseudonymOf((personKey ?? '').slice('email:'.length).split('@')[0] ?? ''),
      );
    const second = await gate.lists.listSuppressions(first.nextCursor, 500);
    expect([second.entries.length, second.nextCursor]).toEqual([10, null]);
  });

  test.each(['abc', '-1', '1e3', '99999999999999999999999', ''])(
    'a cursor that is none (%j) starts at the beginning instead of failing',
    async (cursor) => {
      await suppress('ann');
      expect((await gate.lists.listSuppressions(cursor)).entries).toEqual([suppression('ann')]);
      expect((await gate.lists.listExclusions(cursor)).entries).toEqual([]);
    },
  );
});

describe('exclusions', () => {
  const exclusion = (key: string, note = ''): Exclusion =>
    exclusionSchema.parse({ key, kind: 'customer', note, source: 'test', at, by: 'ann' });
  const change = (add: readonly Exclusion[], remove: readonly string[]) =>
    gate.lists.changeExclusions({
      add,
      remove,
      pseudonyms: new Map([...add.map(({ key }) => key), ...remove].map((key) => [key, pseudonymOf(key)])),
      actor: 'ann',
      correlationId: 'correlation-1',
    });

  test('are added and removed in one step, with every one counted and the first note kept', async () => {
    expect(await change([exclusion('domain:a.example', 'first'), exclusion('domain:b.example')], [])).toEqual(
      { added: 2, known: 0, removed: 0, missing: 0 },
    );
    expect(
      await change(
        [exclusion('domain:a.example', 'second'), exclusion('email:c@c.example')],
        ['domain:b.example', 'domain:y.example', 'domain:z.example'],
      ),
    ).toEqual({ added: 1, known: 1, removed: 1, missing: 2 });
    const { entries } = await gate.lists.listExclusions(null);
    expect(entries.map(({ key, note }) => `${key} ${note}`).sort()).toEqual([
      'domain:a.example first',
      'email:c@c.example ',
    ]);
    expect(await gate.lists.whichExcluded([['domain:b.example', 'domain:a.example']])).toEqual([true]);
    expect(await gate.lists.whichExcluded([['domain:b.example']])).toEqual([false]);
    expect(await gate.lists.whichExcluded([[]])).toEqual([false]);
    const kept = await rows();
    expect(kept.map(({ kind }) => kind).sort()).toEqual([
      'exclusion.added',
      'exclusion.added',
      'exclusion.added',
      'exclusion.removed',
    ]);
    expect(kept.map(({ who }) => who)).toContain(pseudonymOf('email:c@c.example'));
    expect(JSON.stringify(kept)).not.toContain('c@c.example');
  });

  test('that are damaged are an error in the list and still exclude', async () => {
    await gate.redis.hset(gate.keys.exclusions, 'domain:a.example', '{"key":"domain:a.example"}');
    await expect(gate.lists.listExclusions(null)).rejects.toThrow(CorruptRecordError);
    expect(await gate.lists.whichExcluded([['domain:a.example']])).toEqual([true]);
  });
});

test('the allow-list is in one order, whatever order it was filled in', async () => {
  expect(await gate.lists.allowList()).toEqual([]);
  await gate.redis.sadd(gate.keys.allowList, 'email:c@x.example', 'email:a@x.example', 'email:b@x.example');
  expect(await gate.lists.allowList()).toEqual([
    'email:a@x.example',
    'email:b@x.example',
    'email:c@x.example',
  ]);
});

test('a token id is taken by one of many, and forgotten after its time', async () => {
  const taken = await Promise.all(Array.from({ length: 20 }, () => gate.lists.takeToken('one-id', 30)));
  expect(taken.filter((first) => first)).toHaveLength(1);
  expect(await gate.lists.takeToken('another-id', 30)).toBe(true);
  expect(await gate.redis.ttl(gate.keys.usedToken('one-id'))).toBeGreaterThan(25);
});
