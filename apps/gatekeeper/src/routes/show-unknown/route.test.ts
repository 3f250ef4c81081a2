// Risk: somebody decides about a message that may have been sent from a screen that hides what is known about it.
import { unknownDetailSchema, unknownListSchema, type UnknownStanding } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../../testing/gate-bench.ts';
import { type Http, openHttp } from '../../testing/http-bench.ts';
import { openReconcileRig, type ReconcileRig } from '../../testing/reconcile-rig.ts';
import { codeOf } from '../../testing/route-bench.ts';

let benches: GateBenches;
let rig: ReconcileRig;
let http: Http;
const doors: Http[] = [];
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  rig = await openReconcileRig(benches, { idempotency: 'none' });
  http = await openHttp(benches, rig.bench);
  doors.push(http);
});
afterAll(async () => {
  await Promise.all(doors.map((door) => door.close()));
  await benches.close();
});

const list = async () => unknownListSchema.parse((await http.get('/api/reconcile')).body);
const show = (actionId: string) => http.get(`/api/reconcile/${actionId}`);

test('nothing is unknown, and the list says so', async () => {
  expect(await list()).toEqual({ count: 0, actions: [], damaged: [] });
});

test('each is listed with what the system last found, and whether a person has to look', async () => {
  const [silent, other] = await rig.unknown(2);
  if (silent === undefined || other === undefined) throw new Error('two jobs');
  rig.provider.findings.set(silent.actionId, { state: 'unreadable', message: 'the provider answered 503' });
  await rig.reconciler({ isAttemptOver: () => true })();
  const { count, actions } = await list();
  expect(count).toBe(2);
  expect(new Map(actions.map((one) => [one.receipt.actionId, [one.standing, one.needsPerson]]))).toEqual(
    new Map([
      [silent.actionId, ['provider_silent', true]],
      [other.actionId, ['absent_so_far', false]],
    ]),
  );
});

test('what was found about an earlier attempt is not shown for the next one', async () => {
  const job = await rig.oneUnknown();
  const over = rig.reconciler({ isAttemptOver: () => true });
  await rig.passQuietTime();
  await over();
  await over();
  await rig.dispatch(job);
  expect((await list()).actions).toMatchObject([{ standing: null, standingSince: null, needsPerson: false }]);
});

test('a record that cannot be read is named, and hides no other', async () => {
  const [damaged, whole] = await rig.unknown(2);
  await rig.bench.redis.hdel(rig.bench.keys.action(damaged?.actionId ?? ''), 'seal');
  const { actions, damaged: named } = await list();
  expect([actions.map(({ receipt }) => receipt.actionId), named]).toEqual([
    [whole?.actionId],
    [damaged?.actionId],
  ]);
});

test('one is shown with its provider asked now, and what may be decided', async () => {
  const job = await rig.oneUnknown();
  rig.provider.findings.set(job.actionId, { state: 'unreadable', message: 'the provider answered 503' });
  const { body } = await show(job.actionId);
  expect(unknownDetailSchema.parse(body)).toMatchObject({
    found: { standing: 'provider_silent' satisfies UnknownStanding, message: 'the provider answered 503' },
    processGone: false,
    options: [
      { as: 'handed_over', allowed: 'yes' },
      { as: 'left', allowed: 'yes' },
      { as: 'released', allowed: 'despite', why: expect.stringContaining('does not say') },
    ],
  });
  expect(body.quietUntil > body.askedAt).toBe(true);
});

test('one that is settled is 409 with its state, one that is not there 404', async () => {
  const job = await rig.oneUnknown();
  const { digest } = (await rig.bench.actions.read(job.actionId)) ?? { digest: '' };
  rig.provider.findings.set(job.actionId, {
    ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null, contentDigest: digest },
  });
  await rig.reconciler()();
  const settled = await show(job.actionId);
  expect([settled.status, codeOf(settled)]).toEqual([409, 'state_conflict']);
  expect(settled.body.error.details).toEqual({ status: 'handed_over' });
  expect((await show('act_01TE0000000000000000000000')).status).toBe(404);
});
