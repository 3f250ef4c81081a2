import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const targetsSchema = z.array(z.object({ name: z.string(), entry: z.string() }));
const builtSchema = z.object({ file: z.string() });

const load = async (root: string, file: string, name: string): Promise<(...args: unknown[]) => unknown> => {
  const module: unknown = await import(pathToFileURL(join(root, 'tools', 'build', file)).href);
  const found: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, name) : null;
  if (typeof found !== 'function') throw new Error(`tools/build/${file} offers no ${name}`);
  return (...args) => Reflect.apply(found, null, args) as unknown;
};

/** Bundles every program whose sources changed; returns each one's file by name. */
export const bundlePrograms = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const findTargets = await load(root, 'targets.mjs', 'findTargets');
  const bundleTarget = await load(root, 'bundle.mjs', 'bundleTarget');
  const targets = targetsSchema.parse(findTargets(root)).filter(({ name }) => name !== 'caio');
  const built = await Promise.all(
    targets.map(async (target): Promise<[string, string]> => {
      const { file } = builtSchema.parse(await bundleTarget({ root, target, mode: 'when-stale' }));
      return [target.name, file];
    }),
  );
  return new Map(built);
};
