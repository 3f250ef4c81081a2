// Risk: a message that still goes out is shown as taken back, or nobody knows who took it back.
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

const takeBack = (actionId: string, body: unknown = { reason: 'she asked us to stop' }) =>
  http.post(`/api/actions/${actionId}/take-back`, body);
const handedOver = async () => {
  const { job } = await bench.executing();
  await bench.dispatch(job);
  return job;
};

test('what the provider gave back is shown with its receipt, and who took it back is kept', async () => {
  const { actionId } = await handedOver();
  const answer = await takeBack(actionId);
  expect(answer.status).toBe(200);
  expect(answer.body.receipt).toMatchObject({
    actionId,
    outcome: 'taken_back',
    reason: 'she asked us to stop',
  });
  expect((await bench.auditRows()).at(-1)).toMatchObject({ kind: 'action.taken_back', actor: userName });
});

test('an action that is not handed over is 409 with its state', async () => {
  const { job } = await bench.executing();
  const answer = await takeBack(job.actionId);
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error.details).toEqual({ status: 'queued' });
});

test('what the provider does not give back is 409 with its reason', async () => {
  const created = await routes.create();
  ({ bench, http } = created);
  const { actionId } = await handedOver();
  created.provider.script.takeBack = () =>
    Promise.resolve({ ok: false, code: 'already_mailed', message: 'It was mailed already.' });
  const answer = await takeBack(actionId);
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error).toMatchObject({
    message: 'It was mailed already.',
    details: { reason: 'already_mailed' },
  });
});

describe('a request that does not fit', () => {
  test('of an unknown action is 404, of no id 400', async () => {
    expect(codeOf(await takeBack(routes.benches.ids.action()))).toBe('not_found');
    expect(codeOf(await takeBack('act_1'))).toBe('bad_request');
  });

  test.each<[unknown, string]>([
    [{}, 'reason'],
    [{ reason: 'x' }, 'reason'],
    [{ reason: 'fine', actor: 'somebody' }, 'not known'],
  ])('(%j) is 400 naming %s, and nothing is taken back', async (body, named) => {
    const { actionId } = await handedOver();
    const answer = await takeBack(actionId, body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.receiptOf(actionId)).toMatchObject({ outcome: 'handed_over' });
  });
});
