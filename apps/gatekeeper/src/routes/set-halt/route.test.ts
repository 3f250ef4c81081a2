// Risk: everything is stopped and nobody knows by whom, or somebody lifts a stop they cannot lift.
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

test('a stop says who set it and why, keeps the first, and says whether this call changed anything', async () => {
  const first = await http.post('/api/halt', { reason: 'a wrong list' }, { user: 'ann' });
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({
    changed: true,
    halt: { active: true, stored: true, environment: false, by: 'ann', reason: 'a wrong list' },
  });
  const second = await http.post('/api/halt', { reason: 'me too, please' }, { user: 'ben' });
  expect(second.body).toMatchObject({ changed: false, halt: { by: 'ann', reason: 'a wrong list' } });
  expect(second.body.halt.also).toMatchObject([{ by: 'ben', reason: 'me too, please' }]);
  expect((await http.get('/api/halt')).body).toMatchObject({
    changed: false,
    halt: { active: true, by: 'ann' },
  });
});

test('lifting names who lifted it, and lifting nothing changes nothing', async () => {
  expect((await http.post('/api/halt/lift', { reason: 'nothing to lift' })).body).toMatchObject({
    changed: false,
  });
  await http.post('/api/halt', { reason: 'a wrong list' });
  const lifted = await http.post('/api/halt/lift', { reason: 'the list was mended' });
  expect(lifted.body).toMatchObject({ changed: true, halt: { active: false, by: userName } });
  expect((await bench.auditRows()).map(({ kind, actor }) => `${kind} ${actor}`)).toEqual([
    `halt.set ${userName}`,
    `halt.lifted ${userName}`,
  ]);
});

test('a stop of the environment stays after the stored one was lifted, and says so', async () => {
  ({ bench, http } = await routes.create({ emergencyStop: true }));
  await http.post('/api/halt', { reason: 'both of them' });
  const lifted = await http.post('/api/halt/lift', { reason: 'only the stored one' });
  expect(lifted.body.halt).toMatchObject({ active: true, stored: false, environment: true });
});

describe.each(['/api/halt', '/api/halt/lift'])('%s', (path) => {
  test.each<[unknown, string]>([
    [{}, 'reason'],
    [{ reason: 'x' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ reason: 'fine', by: 'somebody else' }, 'not known'],
  ])('with %j is 400 naming %s and changes nothing', async (body, named) => {
    const answer = await http.post(path, body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect((await http.get('/api/halt')).body.halt).toMatchObject({ active: false, by: null });
  });
});
