// Risk: the audit shows rows out of order, twice or incomplete, or two sealers fork its chain.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditLog, createAuditLog } from './audit-log.ts';
import { CorruptRecordError } from './record.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let audit: AuditLog;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  audit = createAuditLog(gate.session);
});
afterAll(() => fixture.close());

const row = (ref: string) => ({
  kind: 'run.started',
  ref,
  batch: '',
  from: '',
  to: '',
  code: '',
  actor: 'operator',
  who: '',
  cid: 'correlation-1',
});

describe('rows', () => {
  test('come in the order they were written, page by page, each once', async () => {
    await Promise.all(Array.from({ length: 119 }, (_, number) => audit.append(row(`r${number}`), number)));
    const all = await audit.rowsAfter('', 1_000);
    expect(all).toHaveLength(120);
    expect(all[0]?.row.kind).toBe('store.born');
    const paged: string[] = [];
    for (let after = ''; ;) {
      const page = await audit.rowsAfter(after, 50);
      if (page.length === 0) break;
      paged.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id ?? '';
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(new Set(paged).size).toBe(120);
    expect(await audit.length()).toBe(120);
  });

  test('keep their fields exactly as stored, added ones included, read raw up to a row or a number of them', async () => {
    await audit.append(row('one'), 5);
    const fields = [...Object.entries({ at: '6', ...row('two'), extra: 'x' }).flat()];
    const id = (await gate.redis.xadd(gate.keys.audit, '*', ...fields)) ?? '';
    await audit.append(row('three'), 7);
    const [, first] = await audit.rowsAfter('', 10);
    expect(first?.row).toEqual({ at: '5', ...row('one') });
    expect(await audit.rawRowsAfter(first?.id ?? '', 1)).toEqual([{ id, fields }]);
    expect(await audit.rawRowsAfter('', 10)).toHaveLength(4);
  });

  test('that lack a field are an error that names the row, and can still be read raw', async () => {
    const id = await gate.redis.xadd(gate.keys.audit, '*', 'kind', 'forged');
    await expect(audit.rowsAfter('', 10)).rejects.toThrow(CorruptRecordError);
    await expect(audit.rowsAfter('', 10)).rejects.toThrow(id ?? 'an id');
    expect((await audit.rawRowsAfter('', 10)).slice(1)).toEqual([{ id, fields: ['kind', 'forged'] }]);
  });

  test('are there or not', async () => {
    const [first] = await audit.rowsAfter('', 1);
    expect(await audit.isStored(first?.id ?? '')).toBe(true);
    await gate.redis.xdel(gate.keys.audit, first?.id ?? '');
    expect(await audit.isStored(first?.id ?? '')).toBe(false);
  });
});

describe('a look', () => {
  const nowhere = {
    ...{ rows: 0, rowsAdded: null, lastDeletedId: '', head: '', lastId: '', count: 0, keyMark: '' },
    ...{
      lastSealId: '',
      oldestUnsealedId: '',
      storeId: '',
      genesisId: '',
      checkpoint: null,
      nowMs: expect.any(Number),
    },
  };

  test('tells how much there is, how much is sealed and what waits longest, without reading the rows', async () => {
    for (const ref of ['a', 'b', 'c']) await audit.append(row(ref), 1);
    const [genesis, first, second] = (await audit.rowsAfter('', 10)).map(({ id }) => id);
    const { storeId } = await gate.session.refresh();
    const unsealed = {
      ...{ ...nowhere, rows: 4, rowsAdded: 4, lastDeletedId: '0-0', oldestUnsealedId: genesis },
      ...{ storeId, genesisId: genesis },
    };
    expect(storeId).toMatch(/^[0-9a-f]{24}$/);
    expect(await audit.look()).toEqual(unsealed);
    await audit.appendSeal({
      ...{ builtOn: '', head: 'h1', lastId: first ?? '', rows: [], count: 2, keyMark: 'one key' },
    });
    const [seal] = await audit.sealsAfter('', 1);
    expect(await audit.look()).toEqual({
      ...unsealed,
      ...{ head: 'h1', lastId: first, count: 2, keyMark: 'one key', lastSealId: seal?.id },
      oldestUnsealedId: second,
    });
  });

  test('tells that rows were deleted, and which was the last of them', async () => {
    for (const ref of ['a', 'b', 'c']) await audit.append(row(ref), 1);
    const [, first, second] = (await audit.rowsAfter('', 10)).map(({ id }) => id);
    await gate.redis.xdel(gate.keys.audit, second ?? '', first ?? '');
    expect(await audit.look()).toMatchObject({ rows: 2, rowsAdded: 4, lastDeletedId: second });
  });

  test('is possible on a store that was emptied', async () => {
    await gate.redis.del(gate.keys.audit, gate.keys.auditHead, gate.keys.auditSeals, gate.keys.store);
    expect(await audit.look()).toEqual(nowhere);
  });

  test.each([
    ['count', 'many', { count: -1 }],
    ['lastId', 'somewhere', { lastId: 'somewhere', oldestUnsealedId: '' }],
  ])('survives a head whose %s is damaged', async (field, value, expected) => {
    await gate.redis.hset(gate.keys.auditHead, field, value);
    expect(await audit.look()).toMatchObject(expected);
  });
});

describe('seals', () => {
  const seal = (builtOn: string, head: string, count = 1, keyMark = 'one key') =>
    audit.appendSeal({ builtOn, head, lastId: `${count}-0`, rows: [[`${count}-0`, head]], count, keyMark });

  test('a chain that nobody started is empty', async () => {
    expect(await audit.look()).toMatchObject({ head: '', lastId: '', count: 0, keyMark: '' });
    expect(await audit.sealsAfter('', 10)).toEqual([]);
  });

  test('of many that build on one head exactly one is appended, and nothing of the others stays', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => seal('', `head-${number}`)));
    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
    const winner = `head-${answers.indexOf('appended')}`;
    expect(await audit.look()).toMatchObject({ head: winner, lastId: '1-0', count: 1 });
    expect((await audit.sealsAfter('', 100)).map(({ head }) => head)).toEqual([winner]);
    expect(await seal('', 'too-late', 2)).toBe('head_moved');
    expect(await seal(winner, 'next', 2)).toBe('appended');
    expect((await audit.sealsAfter('', 100)).map(({ head }) => head)).toEqual([winner, 'next']);
  });

  test('of another key are refused, wherever they build on', async () => {
    await seal('', 'h1', 1);
    expect(await seal('h1', 'h2', 2, 'other key')).toBe('other_key');
    expect(await seal('', 'h2', 2, 'other key')).toBe('other_key');
    expect(await audit.look()).toMatchObject({ head: 'h1', count: 1, keyMark: 'one key' });
    expect(await audit.sealsAfter('', 10)).toHaveLength(1);
  });

  test('are read page by page, and a damaged one has no rows that could be believed', async () => {
    await seal('', 'h1', 1);
    await seal('h1', 'h2', 2);
    const [first] = await audit.sealsAfter('', 1);
    expect((await audit.sealsAfter(first?.id ?? '', 10)).map(({ head }) => head)).toEqual(['h2']);
    const tooMany = Array.from({ length: 501 }, (_, index) => [`${index}-0`, 'mac']);
    for (const rows of ['[["1-0"]]', '[["broken', '', '[["row one","mac"]]', JSON.stringify(tooMany)]) {
      await gate.redis.xadd(gate.keys.auditSeals, '*', 'head', 'h3', 'rows', rows);
    }
    await gate.redis.xadd(gate.keys.auditSeals, '*', 'other', 'fields');
    expect((await audit.sealsAfter('', 10)).map(({ head, rows }) => `${head} ${rows.length}`)).toEqual([
      'h1 1',
      'h2 1',
      ...Array.from({ length: 5 }, () => 'h3 0'),
      ' 0',
    ]);
  });
});
