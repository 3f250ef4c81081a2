// Risk: somebody changes the record of what was decided, or takes it away, and nobody can tell.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditBench, brokenAt, createAuditBench, type StoredRow } from '../testing/audit-bench.ts';
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

describe('a chain that nobody touched', () => {
  test('holds, says how much is sealed and how much is not yet', async () => {
    const { storeId } = await bench.session.refresh();
    expect(await audit.verify()).toEqual({
      ...{ state: 'checked', ok: true, rows: 1, sealed: 0, unsealed: 1, head: '', storeId },
      ...{ unsealedSince: expect.stringMatching(/Z$/), firstBroken: null, problems: [], retired: null },
    });
    await audit.chain();
    const { head } = await bench.audit.look();
    expect(await audit.verify()).toMatchObject({ ok: true, rows: 14, sealed: 12, unsealed: 2, head });
    expect(await audit.seal()).toBe(2);
    expect(await audit.seal()).toBe(0);
    expect(await audit.verify()).toMatchObject({ ok: true, sealed: 14, unsealed: 0, unsealedSince: null });
  });

  test('longer than a seal and than a read of seals holds too, in as many answers as it takes', async () => {
    await audit.append(1_100);
    expect(await audit.seal()).toBe(1_101);
    for (let number = 0; number < 60; number += 1) {
      await audit.append(1);
      await audit.seal();
    }
    const slow = createAuditBench(bench, { published: audit.published, rowsPerAnswer: 100 });
    const steps: number[] = [];
    let request: { cursor?: string } = {};
    for (;;) {
      const check = await slow.verifyAudit(request);
      if (check?.state !== 'checking') {
        expect(check).toMatchObject({ ok: true, sealed: 1_161, unsealed: 0 });
        break;
      }
      steps.push(check.sealed);
      request = { cursor: check.cursor };
    }
    expect(steps.length).toBeGreaterThan(1);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(await audit.verify()).toMatchObject({ ok: true, sealed: 1_161 });
  });

  test('and rows and seals added all the while never look broken', async () => {
    const work = async (rounds: number, act: () => Promise<unknown>): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) await act();
      running -= 1;
    };
    const twin = await benches.createBench({ session: await benches.store.openTwin(bench.keys) });
    const other = createAuditBench(twin);
    let running = 3;
    const others = [work(100, () => audit.append(3)), work(100, audit.seal), work(100, other.seal)];
    const reader = createAuditBench(bench, { published: audit.published, rowsPerAnswer: 20 });
    const verdicts: Awaited<ReturnType<typeof audit.verify>>[] = [];
    while (running > 0) verdicts.push(await reader.verify());
    await Promise.all(others);
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(verdicts.map(({ sealed }) => sealed)).size).toBeGreaterThan(3);
  });

  test('has every head that was published, asked for by its digest', async () => {
    await audit.chain();
    const heads = (await bench.audit.sealsAfter('', 10)).map(({ head }) => head);
    for (const head of heads) expect(await audit.verify(head)).toMatchObject({ ok: true });
    expect(await audit.verify('f'.repeat(64))).toMatchObject({
      ok: false,
      firstBroken: null,
      problems: [{ why: 'published_head_missing' }],
    });
  });
});

describe('a row that was', () => {
  const changed =
    (place: number, change: (fields: readonly string[]) => readonly string[]) => (rows: StoredRow[]) =>
      rows.map((row, index) => (index === place ? { ...row, fields: change(row.fields) } : row));
  const flipped = (at: number) => (fields: readonly string[]) =>
    fields.map((field, index) => (index === at ? `${field}x` : field));

  test('changed in any one of its names or values is named', async () => {
    await audit.chain();
    const rows = await audit.rows();
    const [row] = rows.slice(6);
    for (const [at] of (row?.fields ?? []).entries()) {
      await audit.rewrite(() => changed(6, flipped(at))(rows));
      expect(await audit.verifyAlone()).toMatchObject(brokenAt(6, row?.id ?? '', 'row_changed'));
    }
    await audit.rewrite(() => rows);
    expect(await audit.verifyAlone()).toMatchObject({ ok: true });
  });

  test.each<[string, number, (rows: StoredRow[]) => StoredRow[]]>([
    ['given another field', 6, changed(6, (fields) => [...fields, 'note', 'x'])],
    ['robbed of a field', 6, changed(6, (fields) => fields.slice(0, -2))],
    [
      'given its fields in another order',
      6,
      changed(6, (fields) => [...fields.slice(2), ...fields.slice(0, 2)]),
    ],
    ['changed, the very first', 0, changed(0, flipped(1))],
    ['changed, the last sealed', 11, changed(11, flipped(1))],
    [
      'exchanged with its neighbour',
      5,
      (rows) =>
        rows.map((row, index) => ({
          id: row.id,
          fields: rows[[0, 1, 2, 3, 4, 6, 5][index] ?? index]?.fields ?? [],
        })),
    ],
  ])('%s is named', async (_, place, change) => {
    await audit.chain();
    const id = await audit.idOf(place);
    await audit.rewrite(change);
    expect(await audit.verifyAlone()).toMatchObject({ ...brokenAt(place, id, 'row_changed'), unsealed: 2 });
  });

  test('given another time, by itself, is named as missing', async () => {
    await audit.chain();
    const id = await audit.idOf(6);
    await audit.rewrite((rows) =>
      rows.map((row, index) => (index === 6 ? { ...row, id: row.id.replace('-0', '-1') } : row)),
    );
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(6, id, 'row_missing'));
  });

  test.each([0, 4, 6, 11])('deleted is named (row %d of 12), and so is that one is gone', async (place) => {
    await audit.chain();
    const id = await audit.idOf(place);
    await bench.redis.xdel(bench.keys.audit, id);
    expect(await audit.verifyAlone()).toMatchObject({
      ...brokenAt(place, id, 'row_missing'),
      problems: [{ why: 'rows_removed', message: expect.stringMatching(/^1 row /) }],
    });
  });

  test.each([
    ['with all the others of its seal', 5, 9],
    ['with everything before it', 0, 7],
    ['with everything after it', 7, 14],
  ])('removed %s is named by the first of them', async (_, from, to) => {
    await audit.chain();
    const id = await audit.idOf(from);
    await audit.rewrite((rows) => rows.filter((__, index) => index < from || index >= to));
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(from, id, 'row_missing'));
  });

  test('deleted before it was sealed is named, too', async () => {
    await audit.chain();
    const id = await audit.idOf(12);
    await bench.redis.xdel(bench.keys.audit, id);
    expect(await audit.verifyAlone()).toMatchObject({
      ...{ ok: false, sealed: 12, firstBroken: { index: 12, id, why: 'row_missing' } },
      problems: [{ why: 'rows_removed' }],
    });
  });

  test.each([
    ['before the first', 0],
    ['within a seal', 7],
    ['between two seals', 5],
    ['before the last sealed', 11],
  ])('added %s is named', async (_, place) => {
    await audit.chain();
    const forged = `${Number((await audit.idOf(place)).split('-')[0]) - 500}-0`;
    await audit.rewrite((rows) => [
      ...rows.slice(0, place),
      { id: forged, fields: ['kind', 'forged'] },
      ...rows.slice(place),
    ]);
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(place, forged, 'row_added'));
  });

  test('changed before it was sealed cannot be told, but is counted as not sealed', async () => {
    await audit.chain();
    await audit.rewrite(changed(13, flipped(1)));
    expect(await audit.verifyAlone()).toMatchObject({ ok: true, sealed: 12, unsealed: 2 });
  });
});

describe('a seal that was', () => {
  test('changed together with the row it covers is named by that row', async () => {
    await audit.chain();
    const id = await audit.idOf(6);
    await audit.rewrite((rows) =>
      rows.map((row) => (row.id === id ? { ...row, fields: ['kind', 'forged'] } : row)),
    );
    await audit.rewriteSeals((seals) =>
      seals.map((one) => ({
        ...one,
        rows: one.rows.map(([rowId, mac]) => [rowId, rowId === id ? 'f'.repeat(64) : mac] as const),
      })),
    );
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(6, id, 'row_changed'));
  });

  test('given another head is named by its last row', async () => {
    await audit.chain();
    await audit.rewriteSeals((seals) =>
      seals.map((one, index) => (index === 1 ? { ...one, head: 'f'.repeat(64) } : one)),
    );
    const firstBroken = { index: 8, id: await audit.idOf(8), why: 'head_changed' };
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, firstBroken });
  });

  test('removed from the middle leaves its rows without a seal, and the first of them is named', async () => {
    await audit.chain();
    await audit.rewriteSeals((seals) => seals.filter((_, index) => index !== 1));
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(5, await audit.idOf(5), 'seal_missing'));
  });

  test('removed from the end does not fit the head any more', async () => {
    await audit.chain();
    await audit.rewriteSeals((seals) => seals.slice(0, -1));
    const firstBroken = { index: 8, id: await audit.idOf(8), why: 'head_changed' };
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, sealed: 9, firstBroken });
  });

  test('removed with all the others is named', async () => {
    await audit.chain();
    await bench.redis.del(bench.keys.auditSeals);
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(0, await audit.idOf(0), 'seals_missing'));
  });

  test.each([
    ['emptied of its rows', '[]'],
    ['made unreadable', '[["broken'],
  ])('%s is named by the seal, not an error of ours', async (_, text) => {
    await audit.chain();
    const seals = await bench.redis.xrange(bench.keys.auditSeals, '-', '+');
    await bench.redis.del(bench.keys.auditSeals);
    for (const [index, [id, fields]] of seals.entries()) {
      const stored = index === 1 ? ['head', 'x', 'rows', text] : fields;
      await bench.redis.xadd(bench.keys.auditSeals, id, ...stored);
    }
    expect(await audit.verifyAlone()).toMatchObject(brokenAt(5, seals[1]?.[0] ?? '', 'seal_damaged'));
  });
});

describe('the head', () => {
  test.each([
    ['another code', { head: 'f'.repeat(64) }],
    ['another count', { count: '11' }],
    ['a count that is none', { count: 'many' }],
    ['another last row', { lastId: '1-1' }],
  ])('that was given %s is named', async (_, damage) => {
    await audit.chain();
    await bench.redis.hset(bench.keys.auditHead, damage);
    const firstBroken = { index: 11, id: await audit.idOf(11), why: 'head_changed' };
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, firstBroken });
  });

  test('that was taken away is named', async () => {
    await audit.chain();
    await bench.redis.del(bench.keys.auditHead);
    const firstBroken = { index: 11, id: await audit.idOf(11), why: 'head_missing' };
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, sealed: 12, firstBroken });
  });
});
