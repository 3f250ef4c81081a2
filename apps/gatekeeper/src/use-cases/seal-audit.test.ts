// Risk: somebody changes the record of what was decided and nobody can tell.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches, testSecrets } from '../testing/gate-bench.ts';
import { createSealAudit, createVerifyAudit } from './seal-audit.ts';

let benches: GateBenches;
let bench: GateBench;
let written = 0;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
  written = 0;
});
afterAll(() => benches.close());

const key = testSecrets.auditSeal;
const sealWith = (one: GateBench) => createSealAudit({ audit: one.audit, key, logger: one.log.logger });
const verifyWith = (otherKey: string = key) => createVerifyAudit({ audit: bench.audit, key: otherKey })();
const seal = () => sealWith(bench)();
/** Rows a second apart, so that there is room to forge one between any two. */
const append = async (count: number): Promise<void> => {
  const same = {
    batch: '',
    from: '',
    to: '',
    code: '',
    who: '',
    kind: 'run.started',
    actor: 'op',
    cid: 'cor-1',
  };
  for (let number = 0; number < count; number += 1) {
    written += 1;
    const fields = Object.entries({ ...same, at: String(written), ref: `r${written}` }).flat();
    await bench.redis.xadd(bench.keys.audit, `${written * 1_000}-0`, ...fields);
  }
};
const rowIds = async () => (await bench.audit.rowsAfter('', 10_000)).map(({ id }) => id);
const nth = async (place: number) => (await rowIds()).at(place) ?? '';

/** Writes the whole stream anew, as somebody with the store's password can. */
const rewrite = async (
  change: (rows: { id: string; fields: string[] }[]) => { id: string; fields: string[] }[],
) => {
  const rows = (await bench.redis.xrange(bench.keys.audit, '-', '+')).map(([id, fields]) => ({ id, fields }));
  await bench.redis.del(bench.keys.audit);
  for (const { id, fields } of change(rows)) await bench.redis.xadd(bench.keys.audit, id, ...fields);
};
/** The same for the seals: `rows` is what a seal says about its rows. */
const rewriteSeals = async (
  change: (
    seals: { id: string; head: string; rows: [string, string][] }[],
  ) => { id: string; head: string; rows: [string, string][] }[],
) => {
  const seals = (await bench.audit.sealsAfter('', 1_000)).map(({ id, head, rows }) => ({
    id,
    head,
    rows: rows.map(([rowId, mac]): [string, string] => [rowId, mac]),
  }));
  await bench.redis.del(bench.keys.auditSeals);
  for (const { id, head, rows } of change(seals)) {
    await bench.redis.xadd(bench.keys.auditSeals, id, 'head', head, 'rows', JSON.stringify(rows));
  }
};

/** Three seals over 12 rows, and two rows after them. */
const chain = async (): Promise<void> => {
  for (const count of [5, 4, 3]) {
    await append(count);
    expect(await seal()).toBe(count);
  }
  await append(2);
};

describe('a chain that nobody touched', () => {
  test('holds, says how much is sealed and how much is not yet', async () => {
    expect(await verifyWith()).toEqual({ ok: true, sealedRows: 0, unsealedRows: 0, head: '' });
    await chain();
    const { head } = await bench.audit.head();
    expect(await verifyWith()).toEqual({ ok: true, sealedRows: 12, unsealedRows: 2, head });
    expect(await seal()).toBe(2);
    expect(await seal()).toBe(0);
    expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 14, unsealedRows: 0 });
  });

  test('longer than a seal and than a read of seals holds too', async () => {
    await append(1_100);
    expect(await seal()).toBe(1_100);
    for (let number = 0; number < 110; number += 1) {
      await append(1);
      await seal();
    }
    expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 1_210, unsealedRows: 0 });
  });

  test('publishes each head in the log, where whoever can write the store cannot reach it', async () => {
    await append(3);
    await seal();
    const { head } = await bench.audit.head();
    const [line] = bench.log.lines().filter(({ msg }) => msg === 'audit sealed');
    expect(line).toMatchObject({ auditHeadDigest: head, rows: 3, lastRow: await nth(-1) });
  });
});

describe('two sealers', () => {
  test('do not fork the chain, and seal every row once', async () => {
    const twin = await benches.createBench({ session: await benches.store.openTwin(bench.keys) });
    for (let round = 0; round < 10; round += 1) {
      await append(7);
      await Promise.all([sealWith(bench)(), sealWith(twin)(), sealWith(bench)()]);
    }
    expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 70, unsealedRows: 0 });
  });

  test('and rows added all the while never make the chain look broken', async () => {
    const twin = await benches.createBench({ session: await benches.store.openTwin(bench.keys) });
    const work = async (rounds: number, act: () => Promise<unknown>): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) await act();
      running -= 1;
    };
    let running = 3;
    const others = [work(150, () => append(3)), work(150, sealWith(bench)), work(150, sealWith(twin))];
    const verdicts: Awaited<ReturnType<typeof verifyWith>>[] = [];
    while (running > 0) verdicts.push(await verifyWith());
    await Promise.all(others);
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(verdicts.map(({ sealedRows }) => sealedRows)).size).toBeGreaterThan(3);
    await seal();
    expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 450, unsealedRows: 0 });
  });
});

describe('a row that was', () => {
  type Rows = { id: string; fields: string[] }[];
  const changed =
    (place: number, change: (fields: string[]) => string[]) =>
    (rows: Rows): Rows =>
      rows.map((row, index) => (index === place ? { ...row, fields: change(row.fields) } : row));

  test.each<[string, number, (rows: Rows) => Rows]>([
    [
      'changed in a field',
      6,
      changed(6, (fields) => fields.map((field) => (field === 'op' ? 'someone' : field))),
    ],
    ['given another field', 6, changed(6, (fields) => [...fields, 'note', 'x'])],
    ['robbed of a field', 6, changed(6, (fields) => fields.slice(0, -2))],
    [
      'given a field under another name',
      6,
      changed(6, (fields) => fields.map((field) => (field === 'actor' ? 'acto' : field))),
    ],
    [
      'changed, the very first',
      0,
      changed(0, (fields) => fields.map((field) => (field === 'op' ? 'x' : field))),
    ],
    [
      'changed, the last sealed',
      11,
      changed(11, (fields) => fields.map((field) => (field === 'op' ? 'x' : field))),
    ],
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
    await chain();
    const id = await nth(place);
    await rewrite(change);
    expect(await verifyWith()).toMatchObject({
      ok: false,
      problem: 'row_changed',
      rowId: id,
      sealedRows: place,
      unsealedRows: 2,
    });
  });

  test.each([0, 4, 6, 11])('removed is named (row %d of 12)', async (place) => {
    await chain();
    const id = await nth(place);
    await bench.redis.xdel(bench.keys.audit, id);
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_missing', rowId: id });
  });

  test('removed with all the others of its seal is named too', async () => {
    await chain();
    const ids = (await rowIds()).slice(5, 9);
    await bench.redis.xdel(bench.keys.audit, ...ids);
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_missing', rowId: ids[0] });
  });

  test.each([
    ['before the first', 0],
    ['within a seal', 7],
    ['between two seals', 5],
  ])('added %s is named', async (_, place) => {
    await chain();
    const forged = `${place * 1_000 + 500}-0`;
    await rewrite((rows) => [
      ...rows.slice(0, place),
      { id: forged, fields: ['kind', 'forged'] },
      ...rows.slice(place),
    ]);
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_added', rowId: forged });
  });

  test('changed before it was sealed cannot be told, but is counted as not sealed', async () => {
    await chain();
    await rewrite((rows) =>
      rows.map((row, index) => (index === 13 ? { ...row, fields: [...row.fields, 'x', 'y'] } : row)),
    );
    expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 12, unsealedRows: 2 });
  });
});

describe('a seal that was', () => {
  test('changed together with the row it covers is named by that row', async () => {
    await chain();
    const id = await nth(6);
    await rewrite((rows) =>
      rows.map((row) => (row.id === id ? { ...row, fields: ['kind', 'forged'] } : row)),
    );
    await rewriteSeals((seals) =>
      seals.map((one) => ({
        ...one,
        rows: one.rows.map(([rowId, mac]) => [rowId, rowId === id ? 'f'.repeat(64) : mac]),
      })),
    );
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_changed', rowId: id });
  });

  test('given another head is named by its last row', async () => {
    await chain();
    const last = await nth(8);
    await rewriteSeals((seals) =>
      seals.map((one, index) => (index === 1 ? { ...one, head: 'f'.repeat(64) } : one)),
    );
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed', rowId: last });
  });

  test('removed from the middle leaves its rows without a seal, and the first of them is named', async () => {
    await chain();
    const first = await nth(5);
    await rewriteSeals((seals) => seals.filter((_, index) => index !== 1));
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_added', rowId: first });
  });

  test('removed from the end does not fit the head any more', async () => {
    await chain();
    await rewriteSeals((seals) => seals.slice(0, -1));
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed', rowId: await nth(8) });
  });

  test('emptied of its rows is named by the seal', async () => {
    await chain();
    const [, second] = await bench.audit.sealsAfter('', 10);
    await rewriteSeals((seals) => seals.map((one, index) => (index === 1 ? { ...one, rows: [] } : one)));
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed', rowId: second?.id });
  });

  test('made unreadable is named by the seal, not an error of ours', async () => {
    await chain();
    const [, second] = await bench.audit.sealsAfter('', 10);
    const seals = await bench.redis.xrange(bench.keys.auditSeals, '-', '+');
    await bench.redis.del(bench.keys.auditSeals);
    for (const [id, fields] of seals) {
      const damaged = id === second?.id ? ['head', 'x', 'rows', '[["broken'] : fields;
      await bench.redis.xadd(bench.keys.auditSeals, id, ...damaged);
    }
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed', rowId: second?.id });
  });
});

describe('the head', () => {
  test.each([
    ['another code', { head: 'f'.repeat(64) }],
    ['another count', { count: '11' }],
    ['another last row', { lastId: '1-1' }],
  ])('that was given %s is named', async (_, damage) => {
    await chain();
    await bench.redis.hset(bench.keys.auditHead, damage);
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed', rowId: await nth(11) });
  });

  test('that was taken away is named', async () => {
    await chain();
    await bench.redis.del(bench.keys.auditHead);
    expect(await verifyWith()).toMatchObject({ ok: false, problem: 'head_changed' });
  });
});

test('another key than the one it was sealed with verifies nothing, and cannot extend the chain unnoticed', async () => {
  await chain();
  const other = 'another audit seal key of sufficient length';
  expect(await verifyWith(other)).toMatchObject({ ok: false, problem: 'row_changed', rowId: await nth(0) });
  const firstUnsealed = await nth(12);
  await createSealAudit({ audit: bench.audit, key: other, logger: bench.log.logger })();
  expect(await verifyWith()).toMatchObject({ ok: false, problem: 'row_changed', rowId: firstUnsealed });
});

test('a row that nobody of ours wrote is sealed as it is and does not stop the sealing', async () => {
  await append(2);
  await bench.redis.xadd(bench.keys.audit, '2500-0', 'kind', 'forged');
  await append(2);
  expect(await seal()).toBe(5);
  expect(await verifyWith()).toMatchObject({ ok: true, sealedRows: 5, unsealedRows: 0 });
});
