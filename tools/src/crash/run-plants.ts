import { z } from 'zod';
import { loadPlainFunction } from '../stack/plain-module.ts';
import { isClean } from './comparison.ts';
import type { Plant } from './plant.ts';
import { brokenOutcome, type Outcome, runScenario } from './run-scenario.ts';

interface PlantResult {
  readonly plant: string;
  /** Null when nobody noticed: then the comparison is blind for it. */
  readonly caughtBy: string | null;
  readonly runs: number;
  /** Why it could not even be planted. */
  readonly problem?: string;
}

const fileSchema = z.string();
/** Chance is in every run; a bug that shows in none of these is not caught. */
const runsMax = 3;
/** What hangs is caught too, and need not be waited for as long as a sound system is. */
const quietMs = 20_000;

const firstOf = ({ verdict }: Outcome): string => {
  const kinds = ['duplicated', 'unapproved', 'lost', 'contradictions'] as const;
  for (const kind of kinds) {
    const [line] = verdict[kind];
    if (line !== undefined) return `${kind}: ${line}`;
  }
  return '';
};

/** Bundles the gatekeeper with the bug in it and lets its scenario find that out. */
export const runPlant = async (plant: Plant, root: string): Promise<PlantResult> => {
  const bundlePlanted = await loadPlainFunction(root, 'build/planted-bundle.mjs', 'bundlePlanted');
  let bundle: string;
  try {
    bundle = fileSchema.parse(await bundlePlanted(root, plant.name, plant));
  } catch (error) {
    return { plant: plant.name, caughtBy: null, runs: 0, problem: String(error) };
  }
  for (let runs = 1; ; runs += 1) {
    const scenario = { ...plant.scenario, seed: runs };
    const outcome = await runScenario(scenario, { root, bundle, quietMs }).catch((error: unknown) =>
      brokenOutcome(scenario, error),
    );
    if (!isClean(outcome.verdict)) return { plant: plant.name, caughtBy: firstOf(outcome), runs };
    if (runs === runsMax) return { plant: plant.name, caughtBy: null, runs };
  }
};
