// Risk: a run waits for ever for answers that are there, or somebody else reads who was in it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const path = (runId: string, view = 'all'): string => `/internal/runs/${runId}/intake-answers?view=${view}`;
const scheduler = { from: 'scheduler', user: null } as const;

test('the scheduler is told what became of every row', async () => {
  const runId = routes.benches.testIds.runId();
  for (const [line, body] of [
    [2, undefined],
    [3, ' '],
  ] as const) {
    const submission = await routes.benches.submissionOf(routes.benches.leadOf());
    await bench.submitDraft({
      ...{ submission: { ...submission, ...(body === undefined ? {} : { body }) }, actor: 'run' },
      ...{ origin: { kind: 'run', runId, line }, correlationId: 'correlation-1' },
    });
  }
  const answer = await http.get(path(runId), scheduler);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    count: 2,
    answers: [
      { line: 2, answer: { outcome: 'accepted' } },
      { line: 3, answer: { outcome: 'parked' } },
    ],
  });
  expect((await http.get(path(runId, 'count'), scheduler)).body).toEqual({ count: 2, answers: [] });
});

test('a run that nobody handed a draft in for has none', async () => {
  expect((await http.get(path(routes.benches.testIds.runId()), scheduler)).body).toEqual({
    count: 0,
    answers: [],
  });
});

describe('somebody else', () => {
  test('is refused, whatever their permissions', async () => {
    const answer = await http.get(path(routes.benches.testIds.runId()), { user: userName });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden']);
  });
});

test.each([
  ['run_1', 'all', 'runId'],
  ['run_01TE0000000000000000000000', 'some', 'view'],
])('a question about %s in view %s is 400 naming %s', async (runId, view, named) => {
  const answer = await http.get(path(runId, view), scheduler);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain(named);
});
