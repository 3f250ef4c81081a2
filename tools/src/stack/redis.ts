import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const resolvedSchema = z.object({
  kind: z.string(),
  url: z.string(),
  description: z.string(),
  stop: z.custom<() => Promise<void>>((value) => typeof value === 'function'),
});
export type ResolvedRedis = z.infer<typeof resolvedSchema>;

/**
 * Finds or provides a Redis in the documented order and says which on stderr. The resolver is plain Node so that
 * `npm test` can use it before anything is built; here it is loaded from beside this program.
 */
export const resolveRedis = async (
  root: string,
  options: { noInstall: boolean; purpose: 'start' | 'check'; dataRoot?: string },
): Promise<ResolvedRedis> => {
  const module: unknown = await import(pathToFileURL(join(root, 'tools', 'redis', 'resolve-redis.mjs')).href);
  const resolve: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'resolveRedis') : null;
  if (typeof resolve !== 'function') throw new Error('tools/redis/resolve-redis.mjs offers no resolveRedis');
  return resolvedSchema.parse(
    await resolve({ noInstall: options.noInstall, purpose: options.purpose, root: options.dataRoot ?? root }),
  );
};
