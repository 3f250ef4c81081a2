import { z } from 'zod';
import { parseJsonRecord, parseRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** One decision. `who` is a keyed pseudonym of the person concerned; no row ever holds an address or a text. */
export const auditRowSchema = z.object({
  at: z.string(),
  kind: z.string(),
  ref: z.string(),
  batch: z.string(),
  from: z.string(),
  to: z.string(),
  code: z.string(),
  actor: z.string(),
  who: z.string(),
  cid: z.string(),
});
export type AuditRow = z.infer<typeof auditRowSchema>;

export interface StoredAuditRow {
  readonly id: string;
  readonly row: AuditRow;
  /** The row's fields exactly as stored, for the seal: an added or renamed field must break it. */
  readonly fields: readonly string[];
}

export interface AuditSeal {
  readonly id: string;
  readonly head: string;
  /** [row id, message authentication code] in stream order. */
  readonly rows: readonly (readonly [string, string])[];
}

const sealRowsSchema = z.array(z.tuple([z.string(), z.string()]));

const fieldsToObject = (fields: readonly string[]): Record<string, string> => {
  const object: Record<string, string> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) object[fields[at] ?? ''] = fields[at + 1] ?? '';
  return object;
};

/** The audit stream and the chain of seals over it. Rows are appended by the scripts that decide. */
export const createAuditLog = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** Appends a row for a decision that changes no other record (a refused approval, a started run). */
  append: async (row: Omit<AuditRow, 'at'>, atMs: number): Promise<void> => {
    await redis.xadd(keys.audit, '*', ...Object.entries({ at: String(atMs), ...row }).flat());
  },

  /** Rows after `afterId` (exclusive), oldest first. */
  rowsAfter: async (afterId: string, limit: number): Promise<StoredAuditRow[]> => {
    const start = afterId === '' ? '-' : `(${afterId}`;
    const entries = await redis.xrange(keys.audit, start, '+', 'COUNT', limit);
    return entries.map(([id, fields]) => ({
      id,
      fields,
      row: parseRecord(`${keys.audit} ${id}`, auditRowSchema, fieldsToObject(fields)),
    }));
  },

  /** Rows as stored, unparsed, from `fromId` to `toId` inclusive: for verification, which must survive damage. */
  rawRows: async (fromId: string, toId: string): Promise<{ id: string; fields: readonly string[] }[]> =>
    (await redis.xrange(keys.audit, fromId, toId)).map(([id, fields]) => ({ id, fields })),

  head: async (): Promise<{ head: string; lastId: string; count: number }> => {
    const [head, lastId, count] = await redis.hmget(keys.auditHead, 'head', 'lastId', 'count');
    return { head: head ?? '', lastId: lastId ?? '', count: Number(count ?? 0) };
  },

  /** False when somebody else extended the chain first. */
  appendSeal: async (seal: {
    builtOn: string;
    head: string;
    lastId: string;
    rows: readonly (readonly [string, string])[];
    count: number;
  }): Promise<boolean> => {
    const [code] = replyTexts(
      scripts.appendSeal,
      await runScript(
        redis,
        scripts.appendSeal,
        [keys.auditHead, keys.auditSeals],
        [seal.builtOn, seal.head, seal.lastId, JSON.stringify(seal.rows), seal.count],
      ),
    );
    return code === '0';
  },

  sealsAfter: async (afterId: string, limit: number): Promise<AuditSeal[]> => {
    const entries = await redis.xrange(
      keys.auditSeals,
      afterId === '' ? '-' : `(${afterId}`,
      '+',
      'COUNT',
      limit,
    );
    return entries.map(([id, fields]) => {
      const { head = '', rows = '' } = fieldsToObject(fields);
      return { id, head, rows: parseJsonRecord(`${keys.auditSeals} ${id}`, sealRowsSchema, rows) };
    });
  },

  countAfter: async (afterId: string): Promise<number> =>
    (await redis.xrange(keys.audit, afterId === '' ? '-' : `(${afterId}`, '+')).length,

  length: (): Promise<number> => redis.xlen(keys.audit),
});

export type AuditLog = ReturnType<typeof createAuditLog>;
