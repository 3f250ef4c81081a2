import type { StoreSession } from './store-session.ts';

/**
 * Suppressions are found by keyed pseudonym: another key would find none of them. The first process keeps a
 * check value; later ones compare, and refuse to start with another key.
 */
export const checkPseudonymKey = async (
  { redis, keys }: Pick<StoreSession, 'redis' | 'keys'>,
  checkValue: string,
): Promise<'same' | 'changed'> => {
  await redis.set(keys.pseudonymCheck, checkValue, 'NX');
  return (await redis.get(keys.pseudonymCheck)) === checkValue ? 'same' : 'changed';
};
