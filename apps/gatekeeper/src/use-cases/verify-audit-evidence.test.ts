// Risk: the whole record is taken away, cut back or left without a sealer, and verification finds nothing wrong with what is left.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditBench, brokenAt, createAuditBench } from '../testing/audit-bench.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';

let benches: GateBenches;
let bench: GateBench;
let audit: AuditBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
  audit = createAuditBench(bench);
});
afterAll(() => benches.close());

const wipe = () => bench.redis.del(bench.keys.audit, bench.keys.auditHead, bench.keys.auditSeals);

describe('an audit that was taken away', () => {
  test('rows, seals and head together, is missed by its first row, which the store names elsewhere', async () => {
    await audit.chain();
    const genesis = await audit.idOf(0);
    await wipe();
    expect(await audit.verifyAlone()).toMatchObject({
      ...brokenAt(0, genesis, 'row_missing'),
      rows: 0,
      head: '',
    });
    // Whoever remembers the heads can say how much there was.
    expect(await audit.verify()).toMatchObject({
      problems: [{ why: 'published_head_missing', message: expect.stringContaining('12 rows') }],
    });
  });

  test('and started anew by what happened since is missed the same way', async () => {
    await audit.chain();
    const genesis = await audit.idOf(0);
    await wipe();
    await audit.append(3);
    await createAuditBench(bench).seal();
    expect(await audit.verifyAlone()).toMatchObject({
      ok: false,
      firstBroken: { index: 0, id: genesis, why: 'row_missing' },
    });
  });

  test('with the store’s own record, before anybody came by, has no name', async () => {
    await audit.chain();
    await wipe();
    await bench.redis.del(bench.keys.store);
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, problems: [{ why: 'store_unnamed' }] });
  });

  test('with the store’s own record looks new from within, and is told by what was published', async () => {
    await audit.chain();
    const { storeId } = await bench.session.refresh();
    await wipe();
    await bench.redis.del(bench.keys.store);
    await bench.session.refresh();
    await createAuditBench(bench).seal();
    // What the store alone can say: nothing is wrong. The session that knew it has stopped everything.
    expect(await audit.verifyAlone()).toMatchObject({ ok: true });
    expect((await bench.lists.readHalt(false)).reason).toContain('store_replaced');
    expect(await audit.verify()).toMatchObject({
      ok: false,
      problems: [{ why: 'store_replaced', message: expect.stringContaining(storeId) }],
    });
  });

  test('by the store’s own record alone is named by the second name', async () => {
    await audit.chain();
    await bench.redis.del(bench.keys.store);
    await bench.session.refresh();
    await audit.seal();
    const secondName = await audit.idOf(14);
    expect(await audit.verifyAlone()).toMatchObject({
      ok: false,
      problems: [{ why: 'store_named_twice', message: expect.stringContaining(secondName) }],
    });
  });

  test('down to an older head that fits is told by what was published since, however it went on', async () => {
    await audit.chain();
    const [first, second] = await bench.audit.sealsAfter('', 10);
    await audit.rewrite((rows) => rows.slice(0, 9));
    await audit.rewriteSeals((seals) => seals.slice(0, 2));
    const lastId = await audit.idOf(8);
    await bench.redis.hset(bench.keys.auditHead, { head: second?.head ?? '', lastId, count: 9 });
    expect(await audit.verifyAlone()).toMatchObject({ ok: true, sealed: 9 });
    const told = {
      ok: false,
      problems: [{ why: 'published_head_missing', message: expect.stringContaining('12 rows') }],
    };
    expect(await audit.verify()).toMatchObject(told);
    expect(await audit.verify(first?.head)).toMatchObject(told);
    // Longer than before, with other rows.
    await audit.append(6);
    await createAuditBench(bench).seal();
    expect(await audit.verifyAlone()).toMatchObject({ ok: true, sealed: 15 });
    expect(await audit.verify()).toMatchObject(told);
  });
});

describe('a tail that nobody seals', () => {
  test('is red from ten seconds on, with how many rows and since when', async () => {
    const { nowMs } = await bench.audit.look();
    await bench.redis.del(bench.keys.audit);
    const old = nowMs - 11_000;
    await bench.redis.xadd(bench.keys.audit, `${old}-0`, 'kind', 'store.born');
    await bench.redis.hset(bench.keys.store, 'genesisId', `${old}-0`);
    await audit.append(2);
    const since = new Date(old).toISOString();
    expect(await audit.verify()).toMatchObject({
      ...{ ok: false, rows: 3, sealed: 0, unsealed: 3, unsealedSince: since, firstBroken: null },
      problems: [
        { why: 'tail_not_sealed', message: expect.stringContaining(`3 rows are not sealed since ${since}`) },
      ],
    });
    await audit.seal();
    expect(await audit.verify()).toMatchObject({ ok: true, unsealed: 0 });
  });

  test('is not red while it is young', async () => {
    await audit.chain();
    expect(await audit.verify()).toMatchObject({ ok: true, unsealed: 2 });
  });
});

test('another key than the one it was sealed with verifies nothing and is named', async () => {
  await audit.chain();
  const other = createAuditBench(bench, { key: 'another audit seal key of sufficient length' });
  expect(await other.verify()).toMatchObject({
    ...brokenAt(0, await audit.idOf(0), 'row_changed'),
    problems: [{ why: 'seal_key_changed' }],
  });
});

test('a cursor that is none of ours is refused', async () => {
  for (const cursor of ['', 'x', Buffer.from('{"mac":""}').toString('base64url')])
    expect(await audit.verifyAudit({ cursor })).toBeNull();
});
