// Risk: the ramp or the page of a day is shown to nobody, or a day that is not known looks like a quiet one.
import { rampAnswerSchema, rampEvidenceSchema } from '@caio/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Http } from '../../testing/http-bench.ts';
import { supervised } from '../../testing/ramp-history.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
  ({ http } = await routes.create({ policy: { ramp: supervised } }));
});
afterAll(() => routes.close());

test('says what holds, what stands against ending it, and how today goes', async () => {
  const answer = await http.get('/api/ramp');
  expect(answer.status).toBe(200);
  const { ramp } = rampAnswerSchema.parse(answer.body);
  expect(ramp).toMatchObject({
    stage: 'ramp',
    holds: { emailPerDay: 5, tiers: ['tier_1'], sentToday: 0 },
    against: ['0 clean days of 3 within 45 days: 3 more needed.'],
  });
  expect(ramp.days).toMatchObject([{ status: 'open', facts: { day: ramp.today } }]);
});

test('shows the page of today, and refuses a day of which nothing is known', async () => {
  const { today } = rampAnswerSchema.parse((await http.get('/api/ramp')).body).ramp;
  const page = rampEvidenceSchema.parse((await http.get(`/api/ramp/evidence?day=${today}`)).body);
  expect(page).toMatchObject({ day: { status: 'open' }, sends: [], sendsTotal: 0 });
  const unknown = await http.get('/api/ramp/evidence?day=2001-01-05');
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'not_found']);
  expect(unknown.body.error.fix).toContain(today);
});

test.each(['yesterday', '2026-1-5', ''])('%p is no day', async (day) => {
  const answer = await http.get(`/api/ramp/evidence?day=${day}`);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
});
