import { type AuditLog, type AuditLook, keyMarkOf, macOf, rowsPerSealMax } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { PublishedHead, PublishedHeads } from '../published-heads.ts';

/** What a sealer found that no sealer can put right. */
export type SealingProblem = 'seal_key_changed' | 'store_replaced' | 'audit_cut_back';

export type Sealing =
  | { readonly outcome: 'sealed'; readonly rows: number }
  | { readonly outcome: 'refused'; readonly why: 'seal_key_changed' };

/** What a person reads who asks why everything is stopped. */
const cutBack =
  'This store is older than the audit that was published (audit_cut_back): suppressions, exclusions and stops may be lost.';

const meanings: Readonly<Record<SealingProblem, string>> = {
  seal_key_changed:
    'the audit was sealed with another AUDIT_SEAL_KEY; nothing is sealed until it is set again',
  store_replaced: 'the store is not the one whose heads were published before',
  audit_cut_back: 'the audit is shorter than, or other than, the head that was published last',
};

/** Whether the chain can still lead on from what was published last. */
const compare = (look: AuditLook, last: PublishedHead | null): SealingProblem | null => {
  if (last === null) return null;
  if (last.storeId !== look.storeId) return 'store_replaced';
  if (look.count < last.rows) return 'audit_cut_back';
  return look.count === last.rows && look.head !== last.head ? 'audit_cut_back' : null;
};

/**
 * Extends the chain over rows that are not sealed yet and publishes each new head outside the store, where
 * whoever can write the store cannot reach it. Two sealers cannot fork the chain: the second one's append is
 * refused, and so is one with another key. A head that another sealer made, or one that died before publishing
 * it, is published by the next to come by.
 */
export const createSealAudit = (deps: {
  audit: AuditLog;
  key: string;
  environment: string;
  published: PublishedHeads;
  logger: Logger;
}) => {
  const keyMark = keyMarkOf(deps.key);
  const found = new Set<SealingProblem>();
  let answeredHead: string | null = null;

  const note = (why: SealingProblem, look: AuditLook): void => {
    if (found.has(why)) return;
    found.add(why);
    const last = deps.published.last();
    deps.logger.error(
      { code: why, rows: look.count, publishedRows: last?.rows ?? 0, publishedHeadDigest: last?.head ?? '' },
      meanings[why],
    );
  };

  /**
   * Compares the audit with the head that was published last. A shorter one is a store that came back older, and what it
   * forgot may be who must not be written to: everything stops until a person lifts it, as for another store.
   */
  const compareWithPublished = async (look: AuditLook): Promise<void> => {
    const last = deps.published.last();
    const difference = compare(look, last);
    if (difference === null || last === null) return;
    note(difference, look);
    if (difference !== 'audit_cut_back' || answeredHead === last.head) return;
    await deps.audit.stopSending(cutBack, 'audit-sealer');
    answeredHead = last.head;
  };

  const publish = async (look: Pick<AuditLook, 'storeId' | 'head' | 'lastId' | 'count' | 'nowMs'>) => {
    if (look.head === '' || deps.published.last()?.head === look.head) return;
    // The log cuts long random words as secrets unless their name says that they are a digest.
    deps.logger.info(
      { auditHeadDigest: look.head, rows: look.count, lastRow: look.lastId, storeId: look.storeId },
      'audit sealed',
    );
    await deps.published.publish({
      at: new Date(look.nowMs).toISOString(),
      environment: deps.environment,
      storeId: look.storeId,
      rows: look.count,
      lastRow: look.lastId,
      head: look.head,
    });
  };

  const seal = async (): Promise<Sealing> => {
    let sealed = 0;
    for (;;) {
      const look = await deps.audit.look();
      if (look.keyMark !== '' && look.keyMark !== keyMark) {
        note('seal_key_changed', look);
        return { outcome: 'refused', why: 'seal_key_changed' };
      }
      found.delete('seal_key_changed');
      await compareWithPublished(look);
      await publish(look);
      const rows = await deps.audit.rawRowsAfter(look.lastId, rowsPerSealMax);
      const last = rows.at(-1);
      if (last === undefined) return { outcome: 'sealed', rows: sealed };
      let mac = look.head;
      const sealedRows = rows.map(({ id, fields }) => {
        mac = macOf(deps.key, mac, id, fields);
        return [id, mac] as const;
      });
      const next = { ...look, head: mac, lastId: last.id, count: Math.max(0, look.count) + rows.length };
      const answer = await deps.audit.appendSeal({ ...next, builtOn: look.head, rows: sealedRows, keyMark });
      if (answer === 'head_moved') return { outcome: 'sealed', rows: sealed };
      // Named by the next look.
      if (answer === 'other_key') continue;
      sealed += rows.length;
      await publish(next);
    }
  };

  return {
    seal,
    /** Before anything is admitted: stops everything when the store is older than what was published. */
    lookForLoss: async (): Promise<void> => compareWithPublished(await deps.audit.look()),
    /** What was found since this process started; a restart forgets it, a verification finds it again. */
    problems: (): readonly { readonly why: SealingProblem; readonly message: string }[] =>
      [...found].map((why) => ({ why, message: meanings[why] })),
  };
};

export type AuditSealer = ReturnType<typeof createSealAudit>;
