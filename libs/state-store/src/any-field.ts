import type { Redis } from 'ioredis';

/**
 * For each group of fields whether the hash has any of them, in the order of the groups and in one question, however
 * many there are. A group without fields has none.
 */
export const hasAnyField = async (
  redis: Redis,
  key: string,
  groups: readonly (readonly string[])[],
): Promise<boolean[]> => {
  const fields = groups.flat();
  if (fields.length === 0) return groups.map(() => false);
  const values = await redis.hmget(key, ...fields);
  let at = 0;
  return groups.map(({ length }) => {
    const own = values.slice(at, at + length);
    at += length;
    return own.some((value) => value !== null);
  });
};
