import { createHmac } from 'node:crypto';
import { canonicalJson } from '@caio/dispatch-core';
import { z } from 'zod';

/** The code that binds one stored row to everything before it. The key lives outside the store. */
export const macOf = (key: string, before: string, id: string, fields: readonly string[]): string =>
  createHmac('sha256', key)
    .update(canonicalJson([before, id, fields]), 'utf8')
    .digest('hex');

/** Says which key a chain was sealed with without telling the key, so that another one can be named. */
export const keyMarkOf = (key: string): string =>
  createHmac('sha256', key).update('which key seals this audit', 'utf8').digest('hex').slice(0, 16);

/** The moment in a row's id, which the store gives it: milliseconds since 1970. */
export const momentOf = (rowId: string): number => Number(rowId.split('-')[0]);

/** Whether one stream id comes after another. */
export const isLater = (one: string, other: string): boolean => {
  const [oneMs = '0', oneNumber = '0'] = one.split('-');
  const [otherMs = '0', otherNumber = '0'] = other.split('-');
  return oneMs === otherMs ? BigInt(oneNumber) > BigInt(otherNumber) : BigInt(oneMs) > BigInt(otherMs);
};

/** Rows younger than this wait for the sealer's next round; older ones mean that it does not work. */
export const unsealedAgeMaxMs = 10_000;

/**
 * Stands for the rows that were retired: how many they were, what they came to, and where the chain goes on. Whoever does
 * not have the key cannot make one.
 */
export const auditCheckpointSchema = z.object({
  /** Rows retired so far, and the code that the next row was chained to. */
  count: z.number().int().positive(),
  head: z.string(),
  lastId: z.string(),
  lastSealId: z.string(),
  /** SHA-256 over every retired row, each checkpoint's over the one before. */
  digest: z.string(),
  /** How often the retired rows name the store; see verify-audit. */
  names: z.number().int().nonnegative(),
  storeId: z.string(),
  retiredAt: z.string(),
  mac: z.string(),
});
export type AuditCheckpoint = z.infer<typeof auditCheckpointSchema>;

export const checkpointMacOf = (key: string, { mac: _, ...checkpoint }: AuditCheckpoint): string =>
  createHmac('sha256', key)
    .update(`audit checkpoint 1\0${canonicalJson(checkpoint)}`, 'utf8')
    .digest('hex');

/** The code of what an export says of itself: from where to where it goes, and of which store. */
export const exportMacOf = (key: string, facts: unknown): string =>
  createHmac('sha256', key)
    .update(`audit export 1\0${canonicalJson(facts)}`, 'utf8')
    .digest('hex');
