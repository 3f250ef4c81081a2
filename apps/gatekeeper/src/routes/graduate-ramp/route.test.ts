// Risk: the ramp ends without clean days, without a reason, or in nobody's name.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { openRampHistory, supervised } from '../../testing/ramp-history.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
  ({ bench, http } = await routes.create({ policy: { ramp: supervised } }));
});
afterAll(() => routes.close());

test('is refused with the reasons while clean days are lacking, and without a reason of one’s own', async () => {
  const refused = await http.post('/api/ramp/graduate', { reason: 'looks good' });
  expect([refused.status, codeOf(refused)]).toEqual([409, 'ramp_not_ended']);
  expect(refused.body.error.details.against).toEqual(['0 clean days of 3 within 45 days: 3 more needed.']);
  expect((await http.post('/api/ramp/graduate', { reason: ' ' })).status).toBe(400);
});

test('is done in the name of the credential, never of the body, and once', async () => {
  await bench.redis.del(bench.keys.audit);
  const history = await openRampHistory(routes.benches.store, { session: bench.session });
  for (const ago of [3, 2, 1]) await history.send(ago, 9);
  await bench.rampParts.closeDays();
  const named = await http.post('/api/ramp/graduate', { reason: 'three good days', by: 'somebody' });
  expect(named.status).toBe(400);
  const ended = await http.post('/api/ramp/graduate', { reason: 'three good days' }, { user: 'ann' });
  expect(ended.body.ramp).toMatchObject({
    stage: 'graduated',
    graduated: { by: 'ann', reason: 'three good days' },
    cleanDays: { found: [3, 2, 1].map(history.keyOf) },
  });
  const again = await http.post('/api/ramp/graduate', { reason: 'once more' }, { user: 'ben' });
  expect(again.body.error.details.against).toEqual(['The ramp was ended already, by ann.']);
});
