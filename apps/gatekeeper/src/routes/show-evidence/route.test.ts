// Risk: a person looks at another message than the one that would have left, or at none and is not told.
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

test('what is kept is shown as it is', async () => {
  const kept = {
    ...{ contentType: 'message/rfc822', content: 'Subject: x\r\n\r\nA text.\r\n', attemptId: 'att_1' },
    ...{ contentDigest: 'd'.repeat(64), savedAt: '2026-01-05T12:00:00.000Z' },
  };
  const actionId = routes.benches.ids.action();
  await bench.evidence.save(actionId, kept);
  const answer = await http.get(`/api/actions/${actionId}/evidence`, { user: userName });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    contentType: kept.contentType,
    content: kept.content,
    savedAt: kept.savedAt,
  });
});

describe('where nothing is kept', () => {
  test('it is 404, and of no id 400', async () => {
    expect(codeOf(await http.get(`/api/actions/${routes.benches.ids.action()}/evidence`))).toBe('not_found');
    expect(codeOf(await http.get('/api/actions/act_1/evidence'))).toBe('bad_request');
  });

  test('it says that only log-only keeps copies, and where the approved text is', async () => {
    const { batchId, job } = await bench.executing();
    const { error } = (await http.get(`/api/actions/${job.actionId}/evidence`)).body;
    expect(error.message).toContain('only log-only keeps exact copies, and this action goes by sandbox');
    expect(error.fix).toContain(batchId);
  });

  test('yet, in log-only, it says that nothing was handed over so far', async () => {
    const { job } = await bench.executing();
    await bench.redis.hset(bench.keys.action(job.actionId), 'mode', 'log-only');
    const { error } = (await http.get(`/api/actions/${job.actionId}/evidence`)).body;
    expect(error.message).toContain('this action is queued, and log-only keeps one when');
  });
});
