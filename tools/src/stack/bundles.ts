import { z } from 'zod';
import { loadPlainFunction } from './plain-module.ts';

const targetsSchema = z.array(z.object({ name: z.string(), entry: z.string() }));
const builtSchema = z.object({ file: z.string(), outcome: z.enum(['built', 'fresh']) });

const deskSchema = z.object({ outcome: z.enum(['built', 'fresh']) });

/**
 * Bundles the desk and every program whose sources changed; returns each one's file by name. `onBuild` is called once
 * if there is something to build, before it begins.
 */
export const bundlePrograms = async (
  root: string,
  onBuild: () => void = () => undefined,
): Promise<ReadonlyMap<string, string>> => {
  let isTold = false;
  const tellOnce = (): void => {
    if (!isTold) onBuild();
    isTold = true;
  };
  const findTargets = await loadPlainFunction(root, 'build/targets.mjs', 'findTargets');
  const bundleTarget = await loadPlainFunction(root, 'build/bundle.mjs', 'bundleTarget');
  const buildDashboard = await loadPlainFunction(root, 'build/dashboard.mjs', 'buildDashboard');
  const targets = targetsSchema.parse(findTargets(root)).filter(({ name }) => name !== 'caio');
  const built = await Promise.all(
    targets.map(async (target) => ({
      name: target.name,
      ...builtSchema.parse(await bundleTarget({ root, target, mode: 'when-stale', onBuild: tellOnce })),
    })),
  );
  const desk = deskSchema.parse(await buildDashboard({ root, mode: 'when-stale', onBuild: tellOnce }));
  if ([...built, desk].some(({ outcome }) => outcome === 'built')) {
    await (
      await loadPlainFunction(root, 'build/bundle.mjs', 'releaseBundler')
    )();
  }
  return new Map(built.map(({ name, file }) => [name, file]));
};
