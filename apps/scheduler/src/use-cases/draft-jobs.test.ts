// Risk: a pass made again hands on a draft in a job that the queue takes for another one, and the draft is lost.
import { expect, test } from '@jest/globals';
import { jobCatalogue, runIdSchema, submitDraftJobSchema } from '@caio/contracts';
import { buildLead, createIdSource } from '@caio/test-kit';
import type { CraftedRow } from './craft-row.ts';
import { draftJobsOf } from './draft-jobs.ts';

const runId = runIdSchema.parse(createIdSource().runId());
const rowOf = (line: number, kind: 'drafted' | 'parked' = 'drafted'): CraftedRow => ({
  outcome: {
    ...{ line, physicalLine: line, email: null, verdict: kind, tier: null, score: null, reasons: [] },
  },
  draft:
    kind === 'parked'
      ? null
      : submitDraftJobSchema.parse({
          submission: {
            ...{ sourceKey: `${runId}-${line}`, motion: 'outbound', channel: 'email', lead: buildLead() },
            ...{ subject: 'A question', body: 'Hello', claims: [], templateId: null },
          },
          origin: { kind: 'run', runId, line },
          correlationId: 'correlation-1',
        }),
  refused: null,
});
const rows = Array.from({ length: 60 }, (_, index) => rowOf(index + 2));

test('every draft is in one job, in its order, and few jobs hold many', () => {
  const jobs = draftJobsOf(runId, [rowOf(1, 'parked'), ...rows]);
  expect(jobs.map(({ payload }) => payload.drafts.length)).toEqual([25, 25, 10]);
  expect(jobs.flatMap(({ payload }) => payload.drafts)).toEqual(rows.map(({ draft }) => draft));
  expect(draftJobsOf(runId, [rowOf(1, 'parked')])).toEqual([]);
});

test('the same lines are the same jobs, and other lines are other jobs', () => {
  const ids = draftJobsOf(runId, rows).map(({ id }) => id);
  expect(draftJobsOf(runId, rows).map(({ id }) => id)).toEqual(ids);
  // The rules changed between two passes: one row in the middle got no text, and another stands in its job.
  const changed = draftJobsOf(
    runId,
    rows.filter(({ outcome }) => outcome.line !== 5),
  ).map(({ id }) => id);
  expect(new Set([...ids, ...changed]).size).toBe(ids.length + changed.length);
});

test('a job of the version before, with one draft in it, is read as a job of one', () => {
  const { draft } = rowOf(2);
  expect(jobCatalogue.drafts.schema.parse(draft)).toEqual({ drafts: [draft] });
});
