import { z } from 'zod';
import { parseRecord } from './record.ts';
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
}

export interface AuditSeal {
  readonly id: string;
  readonly head: string;
  /** [row id, message authentication code] in stream order; none when they cannot be read. */
  readonly rows: readonly (readonly [string, string])[];
}

const sealRowsSchema = z.array(z.tuple([z.string(), z.string()]));

const after = (id: string): string => (id === '' ? '-' : `(${id}`);

const fieldsToObject = (fields: readonly string[]): Record<string, string> => {
  const object: Record<string, string> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) object[fields[at] ?? ''] = fields[at + 1] ?? '';
  return object;
};

/** What cannot be read is no rows: verification has to name the damage, not stop at it. */
const sealRowsOf = (text: string): AuditSeal['rows'] => {
  try {
    return sealRowsSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
};

/** The audit stream and the chain of seals over it. Rows are appended by the scripts that decide. */
export const createAuditLog = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** Appends a row for a decision that changes no other record (a refused approval, a started run). */
  append: async (row: Omit<AuditRow, 'at'>, atMs: number): Promise<void> => {
    await redis.xadd(keys.audit, '*', ...Object.entries({ at: String(atMs), ...row }).flat());
  },

  /** Rows after `afterId` (exclusive), oldest first. */
  rowsAfter: async (afterId: string, limit: number): Promise<StoredAuditRow[]> =>
    (await redis.xrange(keys.audit, after(afterId), '+', 'COUNT', limit)).map(([id, fields]) => ({
      id,
      row: parseRecord(`${keys.audit} ${id}`, auditRowSchema, fieldsToObject(fields)),
    })),

  /**
   * The same with their fields exactly as stored, up to a row (inclusive) or a number of them: sealing and
   * verifying must survive damage, and an added or renamed field must break the seal.
   */
  rawRowsAfter: async (
    afterId: string,
    to: { readonly id: string } | { readonly limit: number },
  ): Promise<{ readonly id: string; readonly fields: readonly string[] }[]> => {
    const entries =
      'id' in to
        ? await redis.xrange(keys.audit, after(afterId), to.id)
        : await redis.xrange(keys.audit, after(afterId), '+', 'COUNT', to.limit);
    return entries.map(([id, fields]) => ({ id, fields }));
  },

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
    const entries = await redis.xrange(keys.auditSeals, after(afterId), '+', 'COUNT', limit);
    return entries.map(([id, fields]) => {
      const { head = '', rows = '' } = fieldsToObject(fields);
      return { id, head, rows: sealRowsOf(rows) };
    });
  },

  countAfter: async (afterId: string): Promise<number> =>
    (await redis.xrange(keys.audit, after(afterId), '+')).length,

  length: (): Promise<number> => redis.xlen(keys.audit),
});

export type AuditLog = ReturnType<typeof createAuditLog>;
