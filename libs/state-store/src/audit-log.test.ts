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
    await Promise.all(Array.from({ length: 120 }, (_, number) => audit.append(row(`r${number}`), number)));
    const all = await audit.rowsAfter('', 1_000);
    expect(all).toHaveLength(120);
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
    const [first] = await audit.rowsAfter('', 10);
    expect(first?.row).toEqual({ at: '5', ...row('one') });
    expect(await audit.rawRowsAfter(first?.id ?? '', { id })).toEqual([{ id, fields }]);
    expect(await audit.rawRowsAfter(first?.id ?? '', { limit: 1 })).toEqual([{ id, fields }]);
    expect(await audit.rawRowsAfter('', { limit: 10 })).toHaveLength(3);
  });

  test('that lack a field are an error that names the row, and can still be read raw', async () => {
    const id = await gate.redis.xadd(gate.keys.audit, '*', 'kind', 'forged');
    await expect(audit.rowsAfter('', 10)).rejects.toThrow(CorruptRecordError);
    await expect(audit.rowsAfter('', 10)).rejects.toThrow(id ?? 'an id');
    expect(await audit.rawRowsAfter('', { limit: 10 })).toEqual([{ id, fields: ['kind', 'forged'] }]);
  });

  test('after the last sealed one are counted', async () => {
    for (const ref of ['a', 'b', 'c']) await audit.append(row(ref), 1);
    const [first] = await audit.rowsAfter('', 1);
    expect(await audit.countAfter('')).toBe(3);
    expect(await audit.countAfter(first?.id ?? '')).toBe(2);
    expect(await audit.rowsAfter(first?.id ?? '', 10)).toHaveLength(2);
  });
});

describe('seals', () => {
  const seal = (builtOn: string, head: string, count = 1) =>
    audit.appendSeal({ builtOn, head, lastId: `${count}-0`, rows: [[`${count}-0`, head]], count });

  test('a chain that nobody started is empty', async () => {
    expect(await audit.head()).toEqual({ head: '', lastId: '', count: 0 });
    expect(await audit.sealsAfter('', 10)).toEqual([]);
  });

  test('of many that build on one head exactly one is appended, and nothing of the others stays', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => seal('', `head-${number}`)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const winner = `head-${answers.indexOf(true)}`;
    expect(await audit.head()).toEqual({ head: winner, lastId: '1-0', count: 1 });
    expect((await audit.sealsAfter('', 100)).map(({ head }) => head)).toEqual([winner]);
    expect(await seal('', 'too-late', 2)).toBe(false);
    expect(await seal(winner, 'next', 2)).toBe(true);
    expect((await audit.sealsAfter('', 100)).map(({ head }) => head)).toEqual([winner, 'next']);
  });

  test('are read page by page, and a damaged one has no rows that could be believed', async () => {
    await seal('', 'h1', 1);
    await seal('h1', 'h2', 2);
    const [first] = await audit.sealsAfter('', 1);
    expect((await audit.sealsAfter(first?.id ?? '', 10)).map(({ head }) => head)).toEqual(['h2']);
    for (const rows of ['[["1-0"]]', '[["broken', '']) {
      await gate.redis.xadd(gate.keys.auditSeals, '*', 'head', 'h3', 'rows', rows);
    }
    await gate.redis.xadd(gate.keys.auditSeals, '*', 'other', 'fields');
    expect((await audit.sealsAfter('', 10)).map(({ head, rows }) => `${head} ${rows.length}`)).toEqual([
      'h1 1',
      'h2 1',
      'h3 0',
      'h3 0',
      'h3 0',
      ' 0',
    ]);
  });
});
