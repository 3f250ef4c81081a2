// Risk: old rows leave the audit and nobody can tell any more whether the rest is the record, or an export leaves rows out.
import type { ExportedLine } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditBench, createAuditBench } from '../testing/audit-bench.ts';
import { type GateBench, type GateBenches, openGateBenches, testSecrets } from '../testing/gate-bench.ts';
import { createExportAudit } from './export-audit.ts';
import { createRetireAudit } from './retire-audit.ts';

let benches: GateBenches;
let bench: GateBench;
let audit: AuditBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
  audit = createAuditBench(bench);
  await audit.chain();
});
afterAll(() => benches.close());

const key = testSecrets.auditSeal;
const by = { actor: 'operator', correlationId: 'correlation-1' } as const;
const retire = async (beforeMs = Date.now() + 3_600_000, dryRun = false) =>
  createRetireAudit({ audit: bench.audit, key, now: Date.now })({ ...by, beforeMs, dryRun });
const exportAll = async (request: { fromMs?: number; toMs?: number } = {}): Promise<ExportedLine[]> => {
  const facts = { audit: bench.audit, key, environment: 'test', published: audit.published, now: Date.now };
  const exportAudit = createExportAudit({ ...facts, sealsPerPage: 1 });
  const lines: ExportedLine[] = [];
  for (let next: { cursor?: string; fromMs?: number; toMs?: number } = request; ;) {
    const page = await exportAudit(next);
    if (page === null) throw new Error('a cursor of ours is refused');
    lines.push(...page.lines);
    if (page.nextCursor === null) return lines;
    next = { cursor: page.nextCursor };
  }
};
const rowsIn = (lines: readonly ExportedLine[]): string[] =>
  lines.flatMap((line) => ('row' in line ? [line.row] : []));

describe('rows past their days', () => {
  test('are taken out in whole seals, and what stays verifies and says what was retired', async () => {
    const { head } = await bench.audit.look();
    expect(await retire(undefined, true)).toMatchObject({ outcome: 'counted', retirement: { rows: 9 } });
    expect(await audit.verifyAlone()).toMatchObject({ ok: true, sealed: 12, retired: null });
    expect(await retire()).toMatchObject({ outcome: 'retired', retirement: { rows: 9, retired: 9 } });
    expect(await audit.rows()).toHaveLength(6);
    expect(await audit.verify()).toMatchObject({
      ok: true,
      rows: 15,
      sealed: 12,
      head,
      retired: { rows: 9 },
    });
    // The newest seal stays: there is nothing more to take.
    expect(await retire()).toMatchObject({ outcome: 'counted', retirement: { rows: 0, retired: 9 } });
    await audit.append(2);
    await audit.seal();
    expect(await retire()).toMatchObject({ outcome: 'retired', retirement: { rows: 3, retired: 12 } });
    expect(await audit.verify()).toMatchObject({ ok: true, unsealed: 1, retired: { rows: 12 } });
  });

  test('stay when they are younger than what was asked for', async () => {
    expect(await retire(Date.now() - 3_600_000)).toMatchObject({
      outcome: 'counted',
      retirement: { rows: 0 },
    });
    expect(await audit.rows()).toHaveLength(14);
  });

  test('that do not hold are not taken out', async () => {
    const id = await audit.idOf(6);
    await audit.rewrite((rows) =>
      rows.map((row) => (row.id === id ? { ...row, fields: ['kind', 'forged'] } : row)),
    );
    expect(await retire()).toEqual({ outcome: 'audit_broken', rowId: id });
    expect(await audit.rows()).toHaveLength(14);
  });

  test('that are taken out by somebody else, or with a checkpoint that is not ours, are missing', async () => {
    await retire();
    const stored = (await bench.redis.get(bench.keys.auditCheckpoint)) ?? '';
    for (const forged of [
      stored.replace('"count":9', '"count":8'),
      '{"count":9}',
      stored.replace(/"digest":"./, '"digest":"x'),
    ]) {
      await bench.redis.set(bench.keys.auditCheckpoint, forged);
      expect(await audit.verifyAlone()).toMatchObject({
        ok: false,
        firstBroken: { why: 'checkpoint_changed' },
      });
    }
    await bench.redis.del(bench.keys.auditCheckpoint);
    expect(await audit.verifyAlone()).toMatchObject({ ok: false });
    await bench.redis.set(bench.keys.auditCheckpoint, stored);
    expect(await audit.verifyAlone()).toMatchObject({ ok: true });
    await bench.redis.xtrim(bench.keys.audit, 'MINID', await audit.idOf(1));
    expect(await audit.verifyAlone()).toMatchObject({ ok: false, firstBroken: { why: 'row_missing' } });
  });

  test('are taken out once when two ask at once', async () => {
    const answers = await Promise.all([retire(), retire()]);
    expect(answers.filter(({ outcome }) => outcome === 'retired')).toHaveLength(1);
    expect(await audit.verify()).toMatchObject({ ok: true, retired: { rows: 9 } });
  });
});

describe('an export', () => {
  test('has every sealed row once, in order, with seals, published heads and where it goes', async () => {
    const all = (await audit.rows()).map(({ id }) => id);
    const lines = await exportAll();
    expect(rowsIn(lines)).toEqual(all.slice(0, 12));
    expect(lines.filter((line) => 'seal' in line)).toHaveLength(3);
    expect(lines.filter((line) => 'published' in line).length).toBeGreaterThan(0);
    const { head } = await bench.audit.look();
    expect(lines.at(-1)).toMatchObject({ export: 1, start: { rows: 0, head: '' }, end: { rows: 12, head } });
  });

  test('of a time has the whole seals of that time, and of a retired audit what is left', async () => {
    const [, second] = await bench.audit.sealsAfter('', 10);
    const firstOfSecond = Number(second?.rows[0]?.[0].split('-')[0]);
    const some = await exportAll({ fromMs: firstOfSecond, toMs: firstOfSecond });
    expect(rowsIn(some)).toEqual(second?.rows.map(([id]) => id));
    expect(some.at(-1)).toMatchObject({ start: { rows: 5 }, end: { rows: 9 } });
    await retire();
    const left = await exportAll();
    expect(rowsIn(left)).toHaveLength(3);
    expect(left.at(-1)).toMatchObject({ start: { rows: 9 }, end: { rows: 12 } });
  });

  test('names rows that are gone or were put in, and takes no cursor that it did not give', async () => {
    const id = await audit.idOf(2);
    await bench.redis.xdel(bench.keys.audit, id);
    expect(await exportAll()).toContainEqual({ row: id, fields: null, mac: expect.any(String) });
    const facts = { audit: bench.audit, key, environment: 'test', published: audit.published, now: Date.now };
    const { nextCursor } = (await createExportAudit({ ...facts, sealsPerPage: 1 })({})) ?? {
      nextCursor: null,
    };
    const [body = '', mac = ''] = (nextCursor ?? '').split('.');
    const forged = Buffer.from(
      Buffer.from(body, 'base64url').toString('utf8').replace('"rows":5', '"rows":4'),
    ).toString('base64url');
    expect(await createExportAudit(facts)({ cursor: `${forged}.${mac}` })).toBeNull();
  });
});

test('any changed byte of any sealed row is named at its row', async () => {
  const rows = await audit.rows();
  let flips = 0;
  // A row within a seal and a last one but one; every byte of their names and values.
  for (const place of [6, 10]) {
    const row = rows[place];
    expect(row?.fields.join('').length).toBeGreaterThan(50);
    for (const [at, field] of (row?.fields ?? []).entries()) {
      for (let byte = 0; byte < field.length; byte += 1) {
        const changed =
          field.slice(0, byte) + String.fromCharCode(field.charCodeAt(byte) ^ 1) + field.slice(byte + 1);
        await audit.rewrite(() =>
          rows.map((one, index) =>
            index === place
              ? { ...one, fields: one.fields.map((text, other) => (other === at ? changed : text)) }
              : one,
          ),
        );
        expect(await audit.verifyAlone()).toMatchObject({
          ok: false,
          firstBroken: { index: place, id: row?.id, why: 'row_changed' },
        });
        flips += 1;
      }
    }
  }
  expect(flips).toBe([6, 10].flatMap((place) => rows[place]?.fields ?? []).join('').length);
});
