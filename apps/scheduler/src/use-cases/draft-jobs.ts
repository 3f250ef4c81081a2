import { createHash } from 'node:crypto';
import type { QueuedJob } from '@caio/state-store';
import type { CraftedRow } from './craft-row.ts';

const draftsPerJob = 25;

/**
 * The drafts of some rows as jobs for the gate. A job is named after the lines in it: a pass made again adds none that
 * is there, and lines that come in another company, because the rules changed meanwhile, are handed on again.
 */
export const draftJobsOf = (runId: string, rows: readonly CraftedRow[]): QueuedJob<'drafts'>[] => {
  const drafts = rows.flatMap(({ outcome, draft }) =>
    draft === null ? [] : [{ line: outcome.line, draft }],
  );
  const jobs: QueuedJob<'drafts'>[] = [];
  for (let start = 0; start < drafts.length; start += draftsPerJob) {
    const group = drafts.slice(start, start + draftsPerJob);
    const lines = createHash('sha256')
      .update(group.map(({ line }) => line).join(','))
      .digest('hex');
    jobs.push({
      id: `${runId}-${lines.slice(0, 20)}`,
      payload: { drafts: group.map(({ draft }) => draft) },
    });
  }
  return jobs;
};
