import { timingSafeEqual } from 'node:crypto';
import type { ExportedLine, ExportedPage } from '@caio/contracts';
import { type AuditLog, exportMacOf, isLater, momentOf } from '@caio/state-store';
import { z } from 'zod';
import type { PublishedHeads } from '../published-heads.ts';
import { createRowReader } from './audit-row-reader.ts';

const sealsPerPage = 8;

const cursorSchema = z.object({
  sealId: z.string(),
  lastSealId: z.string(),
  rowId: z.string(),
  fromMs: z.number(),
  toMs: z.number().nullable(),
  start: z.object({ rows: z.number(), head: z.string() }).nullable(),
  at: z.object({ rows: z.number(), head: z.string() }),
  storeId: z.string(),
});
type Cursor = z.infer<typeof cursorSchema>;

/**
 * The sealed audit as lines that can be verified anywhere: rows with their codes, seals, published heads, and a frame that
 * says from where to where it goes. Exported as stored, damage included: the verification names it. A cursor carries a
 * code of ours, so that nobody can have a frame signed that the store does not hold.
 */
export const createExportAudit = (deps: {
  audit: AuditLog;
  key: string;
  environment: string;
  published: PublishedHeads;
  now: () => number;
  sealsPerPage?: number;
}) => {
  const { audit, key } = deps;
  const writeCursor = (cursor: Cursor): string =>
    `${Buffer.from(JSON.stringify(cursor), 'utf8').toString('base64url')}.${exportMacOf(key, ['cursor', cursor])}`;
  const readCursor = (text: string): Cursor | null => {
    const [body = '', mac = ''] = text.split('.');
    try {
      const cursor = cursorSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
      const expected = Buffer.from(exportMacOf(key, ['cursor', cursor]));
      const given = Buffer.from(mac);
      return given.length === expected.length && timingSafeEqual(given, expected) ? cursor : null;
    } catch {
      return null;
    }
  };

  const begin = async (fromMs: number, toMs: number | null): Promise<Cursor> => {
    const { checkpoint, lastSealId, storeId } = await audit.look();
    const retired = checkpoint === null || checkpoint === 'damaged' ? null : checkpoint;
    return {
      ...{
        sealId: retired?.lastSealId ?? '',
        lastSealId,
        rowId: retired?.lastId ?? '',
        fromMs,
        toMs,
        storeId,
      },
      ...{ start: null, at: { rows: retired?.count ?? 0, head: retired?.head ?? '' } },
    };
  };

  const frame = async (cursor: Cursor): Promise<ExportedLine[]> => {
    const start = cursor.start ?? cursor.at;
    const lines: ExportedLine[] = [];
    const end = await deps.published.end();
    for (let place = 0; place < end;) {
      const { heads, next } = await deps.published.read(place, end);
      for (const { head } of heads)
        if (head.storeId === cursor.storeId && head.rows > start.rows && head.rows <= cursor.at.rows)
          lines.push({ published: { at: head.at, rows: head.rows, head: head.head } });
      place = next;
    }
    const facts = {
      ...{ export: 1 as const, environment: deps.environment, storeId: cursor.storeId },
      ...{ exportedAt: new Date(deps.now()).toISOString(), start, end: cursor.at },
    };
    return [...lines, { ...facts, mac: exportMacOf(key, facts) }];
  };

  /** Null for a cursor that is none of ours. Times are milliseconds since 1970 and choose whole seals. */
  return async (request: {
    cursor?: string;
    fromMs?: number;
    toMs?: number;
  }): Promise<ExportedPage | null> => {
    const cursor =
      request.cursor === undefined
        ? await begin(request.fromMs ?? 0, request.toMs ?? null)
        : readCursor(request.cursor);
    if (cursor === null) return null;
    const lines: ExportedLine[] = [];
    const rows = createRowReader(audit, cursor.rowId);
    const seals = await audit.sealsAfter(cursor.sealId, deps.sealsPerPage ?? sealsPerPage);
    let ended = cursor.lastSealId === '' || seals.length === 0;
    for (const seal of seals) {
      const [firstId = '0-0'] = seal.rows[0] ?? [];
      const [lastId = '0-0'] = seal.rows.at(-1) ?? [];
      const isPast = cursor.toMs !== null && momentOf(firstId) > cursor.toMs;
      if (isLater(seal.id, cursor.lastSealId) || isPast) {
        ended = true;
        break;
      }
      const included = momentOf(lastId) >= cursor.fromMs;
      if (included) cursor.start ??= { ...cursor.at };
      let row = await rows.next();
      for (const [id, mac] of seal.rows) {
        // Rows that no seal names are exported too: they were put in.
        for (; row !== undefined && isLater(id, row.id); row = await rows.next())
          if (included) lines.push({ row: row.id, fields: [...row.fields], mac: '' });
        const found = row?.id === id ? row.fields : null;
        if (included) lines.push({ row: id, fields: found === null ? null : [...found], mac });
        if (found !== null && id !== lastId) row = await rows.next();
      }
      if (included) lines.push({ seal: seal.id, head: seal.head, rows: seal.rows.length });
      cursor.at = { rows: cursor.at.rows + seal.rows.length, head: seal.head };
      Object.assign(cursor, { sealId: seal.id, rowId: lastId });
      if (seal.id === cursor.lastSealId) ended = true;
    }
    if (!ended) return { lines, nextCursor: writeCursor(cursor) };
    return { lines: [...lines, ...(await frame(cursor))], nextCursor: null };
  };
};

export type ExportAudit = ReturnType<typeof createExportAudit>;
