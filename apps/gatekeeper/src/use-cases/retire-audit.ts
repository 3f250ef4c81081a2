import { createHash } from 'node:crypto';
import type { AuditRetirement } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import {
  type AuditCheckpoint,
  type AuditLog,
  type AuditSeal,
  checkpointMacOf,
  macOf,
  momentOf,
} from '@caio/state-store';
import { createRowReader } from './audit-row-reader.ts';

export type RetireOutcome =
  | { readonly outcome: 'retired' | 'counted'; readonly retirement: AuditRetirement } // 200
  | { readonly outcome: 'audit_broken'; readonly rowId: string } // 409: nothing that does not hold is thrown away
  | { readonly outcome: 'retired_meanwhile' }; // 409

const sealsPerRead = 20;
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Takes rows that are older than `beforeMs` out of the audit, in whole seals, each of them verified again on the way, and
 * leaves a signed checkpoint: how many they were, what they came to, where the chain goes on. The newest seal always stays.
 * With `dryRun` it only counts.
 */
export const createRetireAudit = (deps: { audit: AuditLog; key: string; now: () => number }) => {
  const { audit, key } = deps;
  return async (request: {
    beforeMs: number;
    dryRun: boolean;
    actor: string;
    correlationId: string;
  }): Promise<RetireOutcome> => {
    const { checkpoint: before, storeId, lastSealId } = await audit.look();
    if (before === 'damaged' || (before !== null && checkpointMacOf(key, before) !== before.mac))
      return { outcome: 'audit_broken', rowId: '0-0' };
    let {
      count,
      head,
      lastId,
      lastSealId: sealId,
      digest,
      names,
    } = before ?? {
      ...{ count: 0, head: '', lastId: '', lastSealId: '', digest: '', names: 0 },
    };
    const rows = createRowReader(audit, lastId);
    const start = count;
    let stays: { readonly seal: AuditSeal; readonly firstRowId: string } | null = null;
    while (stays === null) {
      const seals = await audit.sealsAfter(sealId, sealsPerRead);
      if (seals.length === 0) break;
      for (const seal of seals) {
        const lastOfSeal = seal.rows.at(-1)?.[0] ?? '0-0';
        if (seal.id === lastSealId || momentOf(lastOfSeal) >= request.beforeMs) {
          stays = { seal, firstRowId: seal.rows[0]?.[0] ?? '' };
          break;
        }
        for (const [id, mac] of seal.rows) {
          const row = await rows.next();
          head = row === undefined ? '' : macOf(key, head, row.id, row.fields);
          if (row?.id !== id || head !== mac) return { outcome: 'audit_broken', rowId: id };
          digest = sha256(`${digest}${canonicalJson([row.id, row.fields])}`);
          const kind = row.fields[row.fields.indexOf('kind') + 1] ?? '';
          if (kind === 'store.born' || kind === 'store.identified') names += 1;
          count += 1;
          lastId = id;
        }
        sealId = seal.id;
      }
    }
    const retirement: AuditRetirement = {
      dryRun: request.dryRun,
      rows: count - start,
      retired: count,
      until: lastId === '' ? null : new Date(momentOf(lastId)).toISOString(),
      digest,
      head,
    };
    if (request.dryRun || count === start || stays === null) return { outcome: 'counted', retirement };
    const unsigned: AuditCheckpoint = {
      ...{ count, head, lastId, lastSealId: sealId, digest, names, storeId, mac: '' },
      retiredAt: new Date(deps.now()).toISOString(),
    };
    const answer = await audit.retire({
      before,
      checkpoint: { ...unsigned, mac: checkpointMacOf(key, unsigned) },
      firstRowId: stays.firstRowId,
      firstSealId: stays.seal.id,
      actor: request.actor,
      correlationId: request.correlationId,
    });
    return answer === 'retired'
      ? { outcome: 'retired', retirement }
      : answer === 'not_there'
        ? { outcome: 'audit_broken', rowId: stays.firstRowId }
        : { outcome: 'retired_meanwhile' };
  };
};

export type RetireAudit = ReturnType<typeof createRetireAudit>;
