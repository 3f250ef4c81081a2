import { isDeepStrictEqual } from 'node:util';
import type { AuditCheck, AuditVerdict } from '@caio/contracts';
import {
  type AuditLog,
  type AuditLook,
  type AuditSeal,
  checkpointMacOf,
  isLater,
  keyMarkOf,
  macOf,
  momentOf,
  unsealedAgeMaxMs,
} from '@caio/state-store';
import type { PublishedHeads } from '../published-heads.ts';
import { comparePublished, createHeadReader, type HeadReader, lose, noteOther } from './compare-published.ts';
import { createRowReader, type ReadRow, type RowReader } from './audit-row-reader.ts';
import { type AuditCursor, readCursor, writeCursor } from './verify-audit-cursor.ts';

type FirstBroken = NonNullable<AuditVerdict['firstBroken']>;
type Problems = AuditVerdict['problems'];

const sealsPerRead = 20;
/** Some tenths of a second of work; the other requests of this process get their turn between reads. */
const rowsPerAnswer = 20_000;

const kindOf = (fields: readonly string[]): string => {
  for (let at = 0; at + 1 < fields.length; at += 2) if (fields[at] === 'kind') return fields[at + 1] ?? '';
  return '';
};

/** The first thing about the end of the chain that is not as it was sealed. */
const endDamage = async (audit: AuditLog, cursor: AuditCursor): Promise<FirstBroken | null> => {
  const { start, sealed, lastRowId, mac } = cursor;
  const atEnd = { index: Math.max(0, sealed - 1), id: lastRowId };
  if (sealed === 0 && start.count > 0) return { index: 0, id: start.genesisId, why: 'seals_missing' };
  if (sealed > 0 && start.head === '') return { ...atEnd, why: 'head_missing' };
  if (start.head !== mac || start.lastId !== lastRowId || start.count !== sealed)
    return { ...atEnd, why: 'head_changed' };
  // Sealed rows were all there; the first one may not have been among them.
  if (start.genesisId !== '' && !cursor.genesisSeen && !(await audit.isStored(start.genesisId)))
    return { index: 0, id: start.genesisId, why: 'row_missing' };
  return null;
};

/** The place that a row had, among the rows that are not sealed. */
const unsealedPlaceOf = async (audit: AuditLog, id: string, cursor: AuditCursor): Promise<number> => {
  const reader = createRowReader(audit, cursor.lastRowId);
  let index = cursor.sealed;
  for (let row = await reader.next(); row !== undefined && isLater(id, row.id); row = await reader.next())
    index += 1;
  return index;
};

const wholeProblems = (cursor: AuditCursor, now: AuditLook, keyMark: string): Problems => {
  const { start } = cursor;
  const problems: Problems = [];
  const add = (why: Problems[number]['why'], message: string): void => void problems.push({ why, message });
  if (start.keyMark !== '' && start.keyMark !== keyMark)
    add('seal_key_changed', 'The audit was sealed with another AUDIT_SEAL_KEY than the gatekeeper has now.');
  if (start.storeId === '' || start.genesisId === '')
    add('store_unnamed', 'The store has no name: its own record was taken away.');
  if (cursor.secondName !== null)
    add(
      'store_named_twice',
      `The store was named again in row ${cursor.secondName}: its own record was taken away.`,
    );
  if (start.rowsAdded !== null && start.rowsAdded > start.rows)
    add(
      'rows_removed',
      start.rowsAdded - start.rows === 1
        ? '1 row that was written is not there any more.'
        : `${start.rowsAdded - start.rows} rows that were written are not there any more.`,
    );
  if (cursor.otherStore !== null)
    add(
      'store_replaced',
      `Heads were published for the store ${cursor.otherStore.storeId} (${cursor.otherStore.rows} rows at ${cursor.otherStore.at}); this is the store ${start.storeId}.`,
    );
  if (cursor.lostHead !== null)
    add(
      'published_head_missing',
      `The head over ${cursor.lostHead.rows} rows that was published at ${cursor.lostHead.at} is not in this chain.`,
    );
  if (cursor.wanted !== '' && !cursor.wantedSeen)
    add('published_head_missing', 'The head that was asked for is not in this chain.');
  const since = unsealedSince(now);
  if (since !== null && now.nowMs - since > unsealedAgeMaxMs)
    add(
      'tail_not_sealed',
      `${unsealedOf(now)} rows are not sealed since ${new Date(since).toISOString()}: no sealer is at work.`,
    );
  return problems;
};

const unsealedOf = (look: AuditLook): number => Math.max(0, look.rows - Math.max(0, look.count));
const unsealedSince = (look: AuditLook): number | null =>
  look.oldestUnsealedId === '' ? null : momentOf(look.oldestUnsealedId);

const checking = (cursor: AuditCursor): AuditCheck => ({
  state: 'checking',
  rows: cursor.start.rows,
  sealed: cursor.sealed,
  cursor: writeCursor(cursor),
});

/**
 * Computes the chain again, as it was when the first answer was asked for, and names the first row that does not
 * hold; compares it with what is known outside the rows: what the store says of itself and of its stream, and the
 * heads that were published. Rows and seals may be added all the while: what came during the look is the next
 * look's. Memory does not grow with the audit.
 */
export const createVerifyAudit = (deps: {
  audit: AuditLog;
  key: string;
  published: PublishedHeads;
  rowsPerAnswer?: number;
}) => {
  const { audit, key, published } = deps;

  const begin = async (wanted: string): Promise<AuditCursor> => {
    // Before the look: what is published was sealed before.
    const publishedEnd = await published.end();
    const start = await audit.look();
    const { checkpoint } = start;
    const nothing = { count: 0, head: '', lastId: '', lastSealId: '', names: 0 };
    const { count, head, lastId, lastSealId, names } =
      checkpoint === null || checkpoint === 'damaged' ? nothing : checkpoint;
    return {
      start,
      ...{ mac: head, sealed: count, lastRowId: lastId, sealId: lastSealId, publishedAt: 0, publishedEnd },
      // Of retired rows the checkpoint says whether the first one was among them.
      ...{ genesisSeen: names > 0, names, secondName: null, otherStore: null, lostHead: null },
      ...{ wanted, wantedSeen: wanted !== '' && wanted === head },
    };
  };

  /** Whether rows without a seal are in the chain of the sealed one after them: then it is their seal that is gone. */
  const leadsTo = async (
    ...[id, sealedMac, first, rows, head]: [string, string, ReadRow, RowReader, string]
  ): Promise<boolean> => {
    let mac = head;
    let row: ReadRow | undefined = first;
    for (; row !== undefined && !isLater(row.id, id); row = await rows.next()) {
      mac = macOf(key, mac, row.id, row.fields);
      if (row.id === id) return mac === sealedMac;
    }
    return false;
  };

  const follow = async (
    cursor: AuditCursor,
    seal: AuditSeal,
    rows: RowReader,
  ): Promise<FirstBroken | null> => {
    const brokenAt = (id: string, why: FirstBroken['why']): FirstBroken => ({
      index: cursor.sealed,
      id,
      why,
    });
    if (seal.rows.length === 0) return brokenAt(seal.id, 'seal_damaged');
    for (const [id, sealedMac] of seal.rows) {
      const row = await rows.next();
      if (row === undefined) return brokenAt(id, 'row_missing');
      if (row.id !== id) {
        if (isLater(row.id, id)) return brokenAt(id, 'row_missing');
        const isSealGone = await leadsTo(id, sealedMac, row, rows, cursor.mac);
        return brokenAt(row.id, isSealGone ? 'seal_missing' : 'row_added');
      }
      const mac = macOf(key, cursor.mac, id, row.fields);
      if (mac !== sealedMac) return brokenAt(id, 'row_changed');
      cursor.mac = mac;
      cursor.sealed += 1;
      cursor.lastRowId = id;
      if (id === cursor.start.genesisId) cursor.genesisSeen = true;
      if (['store.born', 'store.identified'].includes(kindOf(row.fields))) {
        cursor.names += 1;
        if (cursor.names === 2) cursor.secondName = id;
      }
    }
    if (seal.head !== cursor.mac)
      return { index: cursor.sealed - 1, id: cursor.lastRowId, why: 'head_changed' };
    if (seal.head === cursor.wanted) cursor.wantedSeen = true;
    return null;
  };

  const verdict = async (
    cursor: AuditCursor,
    heads: HeadReader,
    broken: FirstBroken | null,
  ): Promise<AuditVerdict> => {
    let firstBroken = broken ?? (await endDamage(audit, cursor));
    const { start } = cursor;
    const removed = start.rowsAdded !== null && start.rowsAdded > start.rows && start.lastDeletedId !== '0-0';
    if (firstBroken === null && removed)
      firstBroken = {
        index: await unsealedPlaceOf(audit, start.lastDeletedId, cursor),
        id: start.lastDeletedId,
        why: 'row_missing',
      };
    if (broken === null) {
      await comparePublished(cursor, heads, cursor.sealed);
      // What is left speaks of more rows than there are.
      for (let one = await heads.peek(); one !== null; one = await heads.peek()) {
        if (one.storeId === cursor.start.storeId) lose(cursor, one);
        else noteOther(cursor, one);
        heads.skip();
      }
    }
    const now = await audit.look();
    const problems = wholeProblems(cursor, now, keyMarkOf(key));
    const since = unsealedSince(now);
    return {
      state: 'checked',
      ok: firstBroken === null && problems.length === 0,
      rows: now.rows,
      sealed: cursor.sealed,
      unsealed: unsealedOf(now),
      unsealedSince: since === null ? null : new Date(since).toISOString(),
      head: cursor.mac,
      storeId: start.storeId,
      retired:
        start.checkpoint === null || start.checkpoint === 'damaged'
          ? null
          : {
              rows: start.checkpoint.count,
              until: new Date(momentOf(start.checkpoint.lastId)).toISOString(),
              digest: start.checkpoint.digest,
              at: start.checkpoint.retiredAt,
            },
      firstBroken,
      problems,
    };
  };

  const isCheckpointOurs = ({ checkpoint, storeId }: AuditLook): boolean =>
    checkpoint === null ||
    (checkpoint !== 'damaged' &&
      checkpoint.storeId === storeId &&
      checkpointMacOf(key, checkpoint) === checkpoint.mac);

  /** One part of the look; the cursor knows where it goes on. */
  const look = async (cursor: AuditCursor): Promise<AuditCheck> => {
    if (!isCheckpointOurs(cursor.start))
      return verdict(cursor, createHeadReader(published, cursor), {
        index: Math.max(0, cursor.sealed - 1),
        id: cursor.lastRowId,
        why: 'checkpoint_changed',
      });
    const rows = createRowReader(audit, cursor.lastRowId);
    const heads = createHeadReader(published, cursor);
    const enough = cursor.sealed + (deps.rowsPerAnswer ?? rowsPerAnswer);
    const { lastSealId } = cursor.start;
    while (lastSealId !== '' && isLater(lastSealId, cursor.sealId === '' ? '0-0' : cursor.sealId)) {
      const seals = (await audit.sealsAfter(cursor.sealId, sealsPerRead)).filter(
        ({ id }) => !isLater(id, lastSealId),
      );
      if (seals.length === 0) break;
      for (const seal of seals) {
        const before = cursor.sealed;
        const broken = await follow(cursor, seal, rows);
        if (broken !== null) return verdict(cursor, heads, broken);
        cursor.sealId = seal.id;
        await comparePublished(cursor, heads, before);
        if (cursor.sealed >= enough && seal.id !== lastSealId) return checking(cursor);
      }
    }
    return verdict(cursor, heads, null);
  };

  /** `cursor` is the one of the answer before; null when it is none of ours. */
  return async (request: { cursor?: string; head?: string }): Promise<AuditCheck | null> => {
    const cursor =
      request.cursor === undefined ? await begin(request.head ?? '') : readCursor(request.cursor);
    if (cursor === null) return null;
    const check = await look(cursor);
    if (check.state === 'checking' || check.ok) return check;
    // Rows that were retired while they were looked at are not missing: the look begins anew.
    const { checkpoint } = await audit.look();
    return isDeepStrictEqual(checkpoint, cursor.start.checkpoint) ? check : look(await begin(cursor.wanted));
  };
};

export type VerifyAudit = ReturnType<typeof createVerifyAudit>;
