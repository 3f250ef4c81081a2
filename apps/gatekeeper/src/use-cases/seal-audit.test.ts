// Risk: the chain over what was decided forks, stops, is extended with a key nobody has, or its heads are known to the store alone.
import type { AuditLog } from '@caio/state-store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rememberPublishedHeads } from '../published-heads.ts';
import { type AuditBench, createAuditBench } from '../testing/audit-bench.ts';
import { type GateBench, type GateBenches, openGateBenches, testSecrets } from '../testing/gate-bench.ts';
import { createSealAudit } from './seal-audit.ts';

let benches: GateBenches;
let bench: GateBench;
let chain: AuditBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
  chain = createAuditBench(bench);
});
afterAll(() => benches.close());

const twinOf = async (options: Parameters<typeof createAuditBench>[1] = {}) => {
  const twin = await benches.createBench({ session: await benches.store.openTwin(bench.keys) });
  return { twin, chain: createAuditBench(twin, options) };
};
const errors = (one: GateBench = bench) =>
  one.log.lines().filter(({ level }) => level === 'error') as { code: string }[];

describe('a head', () => {
  test('is published in the log and where it is kept, outside the store', async () => {
    await chain.append(3);
    expect(await chain.seal()).toBe(4);
    const look = await bench.audit.look();
    const lines = bench.log.lines().filter(({ msg }) => msg === 'audit sealed');
    expect(lines).toMatchObject([
      { auditHeadDigest: look.head, rows: 4, lastRow: await chain.idOf(-1), storeId: look.storeId },
    ]);
    expect(chain.published.last()).toMatchObject({
      ...{ environment: 'test', storeId: look.storeId, rows: 4, head: look.head, lastRow: look.lastId },
    });
  });

  test('is published once, however often the sealer comes by', async () => {
    await chain.append(3);
    for (let round = 0; round < 3; round += 1) await chain.seal();
    expect(bench.log.lines().filter(({ msg }) => msg === 'audit sealed')).toHaveLength(1);
  });

  test('that another sealer made is published by this one, too', async () => {
    const other = await twinOf();
    await chain.append(3);
    await other.chain.seal();
    expect(await chain.seal()).toBe(0);
    const { head } = await bench.audit.look();
    for (const { published } of [chain, other.chain])
      expect(published.last()).toMatchObject({ rows: 4, head });
  });
});

describe('two sealers', () => {
  test('do not fork the chain, and seal every row once', async () => {
    const other = await twinOf();
    for (let round = 0; round < 10; round += 1) {
      await chain.append(7);
      await Promise.all([chain.seal(), other.chain.seal(), chain.seal()]);
    }
    expect(await chain.verify()).toMatchObject({ ok: true, sealed: 71, unsealed: 0 });
    expect(await other.chain.verify()).toMatchObject({ ok: true, sealed: 71 });
    expect([...errors(), ...errors(other.twin)]).toEqual([]);
  });

  test('of which one has another key do not mix: it is refused by name, once, and the chain goes on', async () => {
    const other = await twinOf({ key: 'another audit seal key of sufficient length' });
    await chain.append(3);
    await chain.seal();
    await chain.append(3);
    for (let round = 0; round < 3; round += 1)
      expect(await other.chain.sealer.seal()).toEqual({ outcome: 'refused', why: 'seal_key_changed' });
    expect(errors(other.twin)).toMatchObject([{ code: 'seal_key_changed' }]);
    expect(other.chain.sealer.problems()).toMatchObject([{ why: 'seal_key_changed' }]);
    expect(await chain.seal()).toBe(3);
    expect(await chain.verify()).toMatchObject({ ok: true, sealed: 7 });
  });

  test('of which one has another key and comes in between are told apart by the store itself', async () => {
    const other = 'another audit seal key of sufficient length';
    await chain.append(3);
    // Looked before the first one sealed, and writes after it.
    const late: AuditLog = {
      ...bench.audit,
      appendSeal: async (seal) => {
        await chain.seal();
        return bench.audit.appendSeal(seal);
      },
    };
    const sealer = createSealAudit({
      ...{ audit: late, key: other, environment: 'test', logger: bench.log.logger },
      published: rememberPublishedHeads(),
    });
    expect(await sealer.seal()).toEqual({ outcome: 'refused', why: 'seal_key_changed' });
    expect(await chain.verify()).toMatchObject({ ok: true, sealed: 4 });
  });
});

describe('a sealer that is killed', () => {
  class Killed extends Error {}
  const dieAt = (step: 'before-rows' | 'before-append' | 'after-append'): AuditLog => ({
    ...bench.audit,
    rawRowsAfter: (...args) =>
      step === 'before-rows' ? Promise.reject(new Killed()) : bench.audit.rawRowsAfter(...args),
    appendSeal: async (seal) => {
      if (step === 'after-append') await bench.audit.appendSeal(seal);
      throw new Killed();
    },
  });

  test.each([
    ['before it read the rows', 'before-rows', 5],
    ['before it stored the seal', 'before-append', 5],
    ['before it published the head', 'after-append', 0],
  ] as const)('%s leaves a chain that the next one goes on with', async (_, step, left) => {
    await chain.append(4);
    const published = rememberPublishedHeads();
    const first = createSealAudit({
      ...{ audit: dieAt(step), key: testSecrets.auditSeal, environment: 'test', published },
      logger: bench.log.logger,
    });
    await expect(first.seal()).rejects.toThrow(Killed);
    expect(published.last()).toBeNull();
    const second = createAuditBench(bench, { published });
    expect(await second.seal()).toBe(left);
    expect(published.last()).toMatchObject({ rows: 5, head: (await bench.audit.look()).head });
    expect(await second.verify()).toMatchObject({ ok: true, sealed: 5, unsealed: 0 });
  });

  test('before the head reached its file publishes it at the next round, not never', async () => {
    await chain.append(4);
    const heads = rememberPublishedHeads();
    let full = true;
    const published = {
      ...heads,
      publish: (head: Parameters<typeof heads.publish>[0]) =>
        full ? Promise.reject(new Error('no space left')) : heads.publish(head),
    };
    const { sealer } = createAuditBench(bench, { published });
    await expect(sealer.seal()).rejects.toThrow('no space left');
    full = false;
    expect(await sealer.seal()).toEqual({ outcome: 'sealed', rows: 0 });
    expect(heads.last()).toMatchObject({ rows: 5 });
  });
});

/** Rows, seals and head of before, as a restored copy has them; what came after was published. */
const comeBackOlder = async (): Promise<void> => {
  await chain.append(4);
  await chain.seal();
  const copy = { rows: await chain.rows(), look: await bench.audit.look() };
  await chain.append(2);
  await chain.seal();
  await bench.redis.del(bench.keys.audit);
  for (const { id, fields } of copy.rows) await bench.redis.xadd(bench.keys.audit, id, ...fields);
  await chain.rewriteSeals((seals) => seals.slice(0, 1));
  const { head, lastId, count } = copy.look;
  await bench.redis.hset(bench.keys.auditHead, { head, lastId, count });
};

describe('a store that is not what it was', () => {
  test('because it was emptied is named once, and sealed from its beginning', async () => {
    await chain.append(4);
    await chain.seal();
    await bench.redis.flushall();
    await bench.session.refresh();
    await chain.seal();
    await chain.seal();
    expect(errors()).toMatchObject([{ code: 'store_replaced', publishedRows: 5 }]);
    expect(chain.sealer.problems()).toMatchObject([{ why: 'store_replaced' }]);
    expect(await chain.verify()).toMatchObject({ ok: false, problems: [{ why: 'store_replaced' }] });
  });

  test.each([
    ['shorter', 1],
    ['as long, but another', 2],
  ])('because its audit is %s is named, and what comes is sealed all the same', async (_, again) => {
    await comeBackOlder();
    for (let row = 0; row < again; row += 1) await bench.redis.xadd(bench.keys.audit, '*', 'kind', 'later');
    const other = createAuditBench(bench);
    if (again === 2) await other.seal();
    await chain.seal();
    expect(errors().map(({ code }) => code)).toEqual(['audit_cut_back']);
    // Everything after the copy, and the row of the stop that this is answered with.
    expect((await bench.audit.look()).count).toBe(5 + again + 1);
    expect(await chain.verify()).toMatchObject({
      ok: false,
      firstBroken: null,
      problems: [{ why: 'published_head_missing', message: expect.stringContaining('7 rows') }],
    });
  });

  test.each(['when it is looked for at the start', 'when the sealer comes by'] as const)(
    'because it came back older stops everything once, %s, until a person lifts it',
    async (when) => {
      await comeBackOlder();
      expect(await bench.lists.readHalt(false)).toMatchObject({ active: false });
      const look = when === 'when the sealer comes by' ? chain.seal : chain.sealer.lookForLoss;
      await look();
      expect(await bench.lists.readHalt(false)).toMatchObject({
        ...{ active: true, stored: true, by: 'gatekeeper', also: [] },
        reason: expect.stringContaining('audit_cut_back'),
      });
      await look();
      expect((await bench.lists.readHalt(false)).also).toEqual([]);
      await bench.lists.setHalt('lift', 'operator', 'the lists were put back', 'correlation-1');
      await chain.seal();
      await chain.seal();
      expect(await bench.lists.readHalt(false)).toMatchObject({ active: false });
    },
  );
});

test('a row that nobody of ours wrote is sealed as it is and does not stop the sealing', async () => {
  await chain.append(2);
  await bench.redis.xadd(bench.keys.audit, '*', 'kind', 'forged');
  expect(await chain.seal()).toBe(4);
  expect(await chain.verify()).toMatchObject({ ok: true, sealed: 4, unsealed: 0 });
});
