// Risk: drafts that are taken in together share a fate: one that fails loses the others, or a second try doubles them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunId, runIdSchema, type SubmitDraftsJob } from '@caio/contracts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import type { SubmitDraft } from './submit-draft.ts';
import { createTakeDrafts } from './take-drafts.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
  bench = await benches.createBench();
});
afterAll(() => benches.close());

const jobOf = async (runId: RunId, count: number): Promise<SubmitDraftsJob> => ({
  drafts: await Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      submission: await benches.submissionOf(benches.leadOf(), { sourceKey: `${runId}-${index + 2}` }),
      origin: { kind: 'run' as const, runId, line: index + 2 },
      correlationId: 'correlation-1',
    })),
  ),
});

test('each draft has its own answer; when one fails the others have theirs, and the next try adds only what is missing', async () => {
  const runId = runIdSchema.parse(benches.testIds.runId());
  const job = await jobOf(runId, 5);
  const outage = new Error('the store was away');
  const failing: SubmitDraft = (request) =>
    request.submission.sourceKey === `${runId}-4` ? Promise.reject(outage) : bench.submitDraft(request);
  await expect(createTakeDrafts({ submitDraft: failing })(job)).rejects.toThrow(outage);
  const first = await bench.drafts.answersOfRun(runId);
  expect([...first.keys()].map(Number).sort()).toEqual([2, 3, 5, 6]);

  await createTakeDrafts(bench)(job);
  const second = await bench.drafts.answersOfRun(runId);
  expect([...second.values()].map(({ outcome }) => outcome)).toEqual(Array(5).fill('accepted'));
  for (const [line, answer] of first) expect(second.get(line)).toEqual(answer);
  expect((await bench.drafts.counts()).pending).toBe(5);
});

test('two drafts for one person in one job are one draft', async () => {
  const runId = runIdSchema.parse(benches.testIds.runId());
  const { drafts } = await jobOf(runId, 2);
  const [one, other] = drafts;
  if (one === undefined || other === undefined) throw new Error('two drafts were made');
  const twin = { ...other, submission: { ...one.submission, sourceKey: other.submission.sourceKey } };
  await createTakeDrafts(bench)({ drafts: [one, twin] });
  const answers = [...(await bench.drafts.answersOfRun(runId)).values()].map(({ outcome }) => outcome);
  expect(answers.sort()).toEqual(['accepted', 'duplicate']);
});
