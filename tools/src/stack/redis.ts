import { z } from 'zod';
import { loadPlainFunction } from './plain-module.ts';

const resolvedSchema = z.object({
  kind: z.string(),
  url: z.string(),
  description: z.string(),
  stop: z.custom<() => Promise<void>>((value) => typeof value === 'function'),
});
export type ResolvedRedis = z.infer<typeof resolvedSchema>;

/** Finds or provides a Redis in the documented order and says which on stderr. */
export const resolveRedis = async (
  root: string,
  options: { noInstall: boolean; purpose: 'start' | 'check'; dataDir?: string },
): Promise<ResolvedRedis> => {
  const resolve = await loadPlainFunction(root, 'redis/resolve-redis.mjs', 'resolveRedis');
  return resolvedSchema.parse(await resolve(options));
};
