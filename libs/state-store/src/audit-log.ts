import { canonicalJson } from '@caio/dispatch-core';
import { z } from 'zod';
import { type AuditCheckpoint, auditCheckpointSchema } from './audit-chain.ts';
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

/** How the audit stands at one moment; see look-at-audit-5.lua. Ids are empty where there is none. */
export interface AuditLook {
  /** Those that were retired included. */
  readonly rows: number;
  /** Rows ever added, deleted ones included; null where the store does not count them (before Redis 7). */
  readonly rowsAdded: number | null;
  readonly lastDeletedId: string;
  readonly head: string;
  readonly lastId: string;
  /** What the head says of itself; -1 when that is no number. */
  readonly count: number;
  readonly keyMark: string;
  readonly lastSealId: string;
  readonly oldestUnsealedId: string;
  readonly storeId: string;
  readonly genesisId: string;
  readonly nowMs: number;
  /** What stands for the rows that were retired, as stored; null when none were, `damaged` when it cannot be read. */
  readonly checkpoint: AuditCheckpoint | 'damaged' | null;
}

/** Sealed at once: verification holds that many codes and no more. */
export const rowsPerSealMax = 500;

const rowIdForm = /^\d{1,19}-\d{1,19}$/;
const rowIdSchema = z.string().regex(rowIdForm);
const sealRowsSchema = z.array(z.tuple([rowIdSchema, z.string()])).max(rowsPerSealMax);

const wholeOr = (text: string, otherwise: number): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : otherwise;

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

const checkpointOf = (text: string): AuditCheckpoint | 'damaged' => {
  try {
    return auditCheckpointSchema.parse(JSON.parse(text));
  } catch {
    return 'damaged';
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
   * The same with their fields exactly as stored: sealing and verifying must survive damage, and an added or
   * renamed field must break the seal.
   */
  rawRowsAfter: async (
    afterId: string,
    limit: number,
  ): Promise<{ readonly id: string; readonly fields: readonly string[] }[]> =>
    (await redis.xrange(keys.audit, after(afterId), '+', 'COUNT', limit)).map(([id, fields]) => ({
      id,
      fields,
    })),

  /** Rows written from one moment up to another (exclusive), by the store's clock; `afterId` goes on behind a row. */
  rowsBetween: async (
    fromMs: number,
    toMs: number,
    afterId: string,
    limit: number,
  ): Promise<StoredAuditRow[]> =>
    (
      await redis.xrange(
        keys.audit,
        afterId === '' ? String(fromMs) : after(afterId),
        `(${toMs}-0`,
        'COUNT',
        limit,
      )
    ).map(([id, fields]) => ({
      id,
      row: parseRecord(`${keys.audit} ${id}`, auditRowSchema, fieldsToObject(fields)),
    })),

  isStored: async (id: string): Promise<boolean> =>
    (await redis.xrange(keys.audit, id, id, 'COUNT', 1)).length > 0,

  look: async (): Promise<AuditLook> => {
    const reply = replyTexts(
      scripts.lookAtAudit,
      await runScript(
        redis,
        scripts.lookAtAudit,
        [keys.audit, keys.auditHead, keys.auditSeals, keys.store, keys.auditCheckpoint],
        [],
      ),
    );
    const at = (place: number): string => reply[place] ?? '';
    const checkpoint = at(12) === '' ? null : checkpointOf(at(12));
    const retired = checkpoint === null || checkpoint === 'damaged' ? 0 : checkpoint.count;
    return {
      checkpoint,
      rows: Number(at(0)) + retired,
      rowsAdded: at(1) === '' ? null : Number(at(1)),
      lastDeletedId: at(2),
      head: at(3),
      lastId: at(4),
      count: wholeOr(at(5), -1),
      keyMark: at(6),
      lastSealId: at(7),
      oldestUnsealedId: at(8),
      storeId: at(9),
      genesisId: rowIdForm.test(at(10)) ? at(10) : '',
      nowMs: Number(at(11)),
    };
  },

  /** Refused when somebody else extended the chain first, or when it was sealed with another key. */
  appendSeal: async (seal: {
    builtOn: string;
    head: string;
    lastId: string;
    rows: readonly (readonly [string, string])[];
    count: number;
    keyMark: string;
  }): Promise<'appended' | 'head_moved' | 'other_key'> => {
    const [code] = replyTexts(
      scripts.appendSeal,
      await runScript(
        redis,
        scripts.appendSeal,
        [keys.auditHead, keys.auditSeals],
        [seal.builtOn, seal.head, seal.lastId, JSON.stringify(seal.rows), seal.count, seal.keyMark],
      ),
    );
    if (code === '0') return 'appended';
    return code === '2' ? 'other_key' : 'head_moved';
  },

  /** Turns the durable stop on, because the audit shows that the store forgot what was decided. */
  stopSending: async (reason: string, correlationId: string): Promise<void> => {
    await runScript(
      redis,
      scripts.setHalt,
      [keys.halt, keys.audit],
      ['1', 'gatekeeper', reason, correlationId],
    );
  },

  sealsAfter: async (afterId: string, limit: number): Promise<AuditSeal[]> => {
    const entries = await redis.xrange(keys.auditSeals, after(afterId), '+', 'COUNT', limit);
    return entries.map(([id, fields]) => {
      const { head = '', rows = '' } = fieldsToObject(fields);
      return { id, head, rows: sealRowsOf(rows) };
    });
  },

  /** Takes the oldest sealed rows out and leaves `checkpoint` for them; `before` is the one it was built on. */
  retire: async (retirement: {
    before: AuditCheckpoint | null;
    checkpoint: AuditCheckpoint;
    firstRowId: string;
    firstSealId: string;
    actor: string;
    correlationId: string;
  }): Promise<'retired' | 'retired_meanwhile' | 'not_there'> => {
    const { before, checkpoint } = retirement;
    const [code] = replyTexts(
      scripts.retireAudit,
      await runScript(
        redis,
        scripts.retireAudit,
        [keys.audit, keys.auditSeals, keys.auditCheckpoint, keys.auditHead],
        [
          before === null ? '' : canonicalJson(before),
          canonicalJson(checkpoint),
          retirement.firstRowId,
          retirement.firstSealId,
          checkpoint.count,
          retirement.actor,
          retirement.correlationId,
          checkpoint.digest,
        ],
      ),
    );
    if (code === '0') return 'retired';
    return code === '1' ? 'retired_meanwhile' : 'not_there';
  },

  length: (): Promise<number> => redis.xlen(keys.audit),
});

export type AuditLog = ReturnType<typeof createAuditLog>;
