import { z } from 'zod';
import { loadPlainFunction } from './plain-module.ts';

const targetsSchema = z.array(z.object({ name: z.string(), entry: z.string() }));
const builtSchema = z.object({ file: z.string() });

/** Bundles every program whose sources changed; returns each one's file by name. */
export const bundlePrograms = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const findTargets = await loadPlainFunction(root, 'build/targets.mjs', 'findTargets');
  const bundleTarget = await loadPlainFunction(root, 'build/bundle.mjs', 'bundleTarget');
  const targets = targetsSchema.parse(findTargets(root)).filter(({ name }) => name !== 'caio');
  const built = await Promise.all(
    targets.map(async (target): Promise<[string, string]> => {
      const { file } = builtSchema.parse(await bundleTarget({ root, target, mode: 'when-stale' }));
      return [target.name, file];
    }),
  );
  return new Map(built);
};
