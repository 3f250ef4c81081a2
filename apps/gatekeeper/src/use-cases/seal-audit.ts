import { createHmac } from 'node:crypto';
import { canonicalJson } from '@caio/dispatch-core';
import type { AuditLog, AuditSeal } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';

const rowsPerSeal = 500;
const sealsPerRead = 100;

/** The code that binds one stored row to everything before it. The key lives outside the store. */
const macOf = (key: string, before: string, id: string, fields: readonly string[]): string =>
  createHmac('sha256', key)
    .update(canonicalJson([before, id, fields]), 'utf8')
    .digest('hex');

/**
 * Extends the chain over rows that are not sealed yet and publishes each new head in the log, where whoever
 * can write the store cannot reach it. Two sealers cannot fork the chain: the second one's append is refused.
 */
export const createSealAudit = (deps: { audit: AuditLog; key: string; logger: Logger }) => {
  return async (): Promise<number> => {
    let sealed = 0;
    for (;;) {
      const { head, lastId, count } = await deps.audit.head();
      const rows = await deps.audit.rawRowsAfter(lastId, { limit: rowsPerSeal });
      const last = rows.at(-1);
      if (last === undefined) return sealed;
      let mac = head;
      const sealedRows = rows.map(({ id, fields }) => {
        mac = macOf(deps.key, mac, id, fields);
        return [id, mac] as const;
      });
      const total = count + rows.length;
      if (
        !(await deps.audit.appendSeal({
          builtOn: head,
          head: mac,
          lastId: last.id,
          rows: sealedRows,
          count: total,
        }))
      )
        return sealed;
      // The log cuts long random words as secrets unless their name says that they are a digest.
      deps.logger.info({ auditHeadDigest: mac, rows: total, lastRow: last.id }, 'audit sealed');
      sealed += rows.length;
    }
  };
};

export type AuditVerdict =
  | { readonly ok: true; readonly sealedRows: number; readonly unsealedRows: number; readonly head: string }
  | {
      readonly ok: false;
      readonly problem: 'row_changed' | 'row_missing' | 'row_added' | 'head_changed';
      readonly rowId: string;
      readonly sealedRows: number;
      readonly unsealedRows: number;
    };

/**
 * Recomputes the whole chain and names the first row that does not hold, and how much is not sealed yet. Rows and
 * seals may be added all the while: what came during the look is the next look's.
 */
export const createVerifyAudit = (deps: { audit: AuditLog; key: string }) => {
  return async (): Promise<AuditVerdict> => {
    let mac = '';
    let sealedRows = 0;
    let lastRowId = '';
    const broken = async (
      problem: Extract<AuditVerdict, { ok: false }>['problem'],
      rowId: string,
    ): Promise<AuditVerdict> => {
      const { lastId } = await deps.audit.head();
      return { ok: false, problem, rowId, sealedRows, unsealedRows: await deps.audit.countAfter(lastId) };
    };

    const follow = async (seal: AuditSeal): Promise<AuditVerdict | null> => {
      const last = seal.rows.at(-1)?.[0];
      if (last === undefined) return broken('head_changed', seal.id);
      const rows = await deps.audit.rawRowsAfter(lastRowId, { id: last });
      const sealedIds = new Set(seal.rows.map(([id]) => id));
      for (const [position, [id, sealedMac]] of seal.rows.entries()) {
        const row = rows[position];
        if (row === undefined) return broken('row_missing', id);
        if (row.id !== id)
          return sealedIds.has(row.id) ? broken('row_missing', id) : broken('row_added', row.id);
        mac = macOf(deps.key, mac, id, row.fields);
        if (mac !== sealedMac) return broken('row_changed', id);
        sealedRows += 1;
        lastRowId = id;
      }
      const extra = rows[seal.rows.length];
      if (extra !== undefined) return broken('row_added', extra.id);
      return seal.head === mac ? null : broken('head_changed', lastRowId);
    };

    // Up to the head as it is now: every seal that it counts is there to be read after it.
    const stored = await deps.audit.head();
    let cursor = '';
    while (sealedRows < stored.count) {
      const seals = await deps.audit.sealsAfter(cursor, sealsPerRead);
      if (seals.length === 0) break;
      for (const seal of seals) {
        if (sealedRows >= stored.count) break;
        const damage = await follow(seal);
        if (damage !== null) return damage;
        cursor = seal.id;
      }
    }
    if (stored.head !== mac || stored.lastId !== lastRowId || stored.count !== sealedRows)
      return broken('head_changed', lastRowId);
    // A seal that came meanwhile moved the head with it.
    const later = await deps.audit.sealsAfter(cursor, 1);
    const now = await deps.audit.head();
    if (later.length > 0 && now.head === stored.head) return broken('head_changed', lastRowId);
    return { ok: true, sealedRows, unsealedRows: await deps.audit.countAfter(now.lastId), head: mac };
  };
};

export type VerifyAudit = ReturnType<typeof createVerifyAudit>;
