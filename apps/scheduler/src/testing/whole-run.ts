import { expect } from '@jest/globals';
import type { Imported, PipelineRig } from './pipeline-rig.ts';

/** `line verdict` of every row. */
export const verdicts = ({ rows }: Imported): string[] =>
  rows.map(({ line, verdict }) => `${line} ${verdict}`);

/** What two imports of one file have in common. */
export const comparable = ({ run, rows }: Imported): unknown => ({
  ...run,
  runId: '',
  correlationId: '',
  rows,
});

/** Every row has one verdict, the counts are those of the rows, and nothing of the upload is left. */
export const expectWhole = async (
  rig: PipelineRig,
  { run, rows }: Imported,
  expected: number,
): Promise<void> => {
  expect(rows).toHaveLength(expected);
  expect(new Set(rows.map(({ line }) => line)).size).toBe(expected);
  expect([run.rowsRead, run.rowsDone]).toEqual([expected, expected]);
  const counted: Record<string, number> = {};
  for (const { verdict } of rows) counted[verdict] = (counted[verdict] ?? 0) + 1;
  expect(run.counts).toEqual(counted);
  expect(run.finishedAt).not.toBeNull();
  expect(await rig.hasUpload(run.runId)).toBe(false);
};
