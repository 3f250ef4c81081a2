import { createHmac } from 'node:crypto';
import { canonicalJson } from '@caio/dispatch-core';

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
