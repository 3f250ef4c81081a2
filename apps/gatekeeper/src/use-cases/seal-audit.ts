import { createHmac } from 'node:crypto';
import { canonicalJson } from '@caio/dispatch-core';
import type { AuditLog } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';

const rowsPerSeal = 500;
const sealsPerRead = 100;

/** The code that binds one stored row to everything before it. The key lives outside the store. */
const macOf = (key: string, before: string, id: string, fields: readonly string[]): string =>
  createHmac('sha256', key)
    .update(canonicalJson([before, id, fields]), 'utf8')
    .digest('hex');

/** In groups, because the log's redactor takes one long hexadecimal word for a secret, which a head is not. */
const publishedHead = (head: string): string => head.match(/.{8}/g)?.join('-') ?? head;

/**
 * Extends the chain over rows that are not sealed yet and publishes each new head in the log, where whoever
 * can write the store cannot reach it. Two sealers cannot fork the chain: the second one's append is refused.
 */
export const createSealAudit = (deps: { audit: AuditLog; key: string; logger: Logger }) => {
  return async (): Promise<number> => {
    let sealed = 0;
    for (;;) {
      const { head, lastId, count } = await deps.audit.head();
      const rows = await deps.audit.rowsAfter(lastId, rowsPerSeal);
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
      deps.logger.info({ auditHead: publishedHead(mac), rows: total, lastRow: last.id }, 'audit sealed');
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

const looksMax = 5;

/** Recomputes the whole chain and names the first row that does not hold, and how much is not sealed yet. */
export const createVerifyAudit = (deps: { audit: AuditLog; key: string }) => {
  const look = async (): Promise<AuditVerdict> => {
    const stored = await deps.audit.head();
    const unsealedRows = await deps.audit.countAfter(stored.lastId);
    let mac = '';
    let sealedRows = 0;
    let lastRowId = '';
    const broken = (
      problem: Extract<AuditVerdict, { ok: false }>['problem'],
      rowId: string,
    ): AuditVerdict => ({
      ok: false,
      problem,
      rowId,
      sealedRows,
      unsealedRows,
    });
    for (let cursor = ''; ;) {
      const seals = await deps.audit.sealsAfter(cursor, sealsPerRead);
      if (seals.length === 0) break;
      for (const seal of seals) {
        const first = seal.rows[0]?.[0];
        const last = seal.rows.at(-1)?.[0];
        if (first === undefined || last === undefined) return broken('head_changed', seal.id);
        const start = lastRowId === '' ? '-' : `(${lastRowId}`;
        const rows = await deps.audit.rawRows(start, last);
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
        if (seal.head !== mac) return broken('head_changed', lastRowId);
        cursor = seal.id;
      }
    }
    if (stored.head !== mac || stored.lastId !== lastRowId || stored.count !== sealedRows)
      return broken('head_changed', lastRowId);
    return { ok: true, sealedRows, unsealedRows, head: mac };
  };

  return async (): Promise<AuditVerdict> => {
    for (let number = 1; ; number += 1) {
      const before = await deps.audit.head();
      const verdict = await look();
      // A seal that was added meanwhile makes a sound chain look broken; only a quiet look counts.
      if (verdict.ok || number >= looksMax || (await deps.audit.head()).head === before.head) return verdict;
    }
  };
};

export type VerifyAudit = ReturnType<typeof createVerifyAudit>;
