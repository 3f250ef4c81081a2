// Risk: somebody is told that messages leave, or came back, and they did not; or who ordered it is not kept.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../../testing/gate-bench.ts';
import {
  type HeldAtInstantly,
  type HeldBench,
  openHeldAtInstantly,
} from '../../testing/held-at-instantly.ts';
import { type Http, openHttp, userName } from '../../testing/http-bench.ts';
import { codeOf } from '../../testing/route-bench.ts';

let benches: GateBenches;
let vendor: HeldAtInstantly;
let rig: HeldBench;
let http: Http;
beforeAll(async () => {
  benches = await openGateBenches();
  vendor = await openHeldAtInstantly(benches);
});
beforeEach(async () => {
  if (http !== undefined) await http.close();
  rig = await vendor.create();
  http = await openHttp(benches, rig.bench);
});
afterAll(async () => {
  await http.close();
  await vendor.close();
  await benches.close();
});

const why = { reason: 'the price is wrong' };

test('an activation answers with each campaign and its proof, and the audit keeps who ordered it', async () => {
  const { batchId } = await rig.handedOver(2);
  const answer = await http.post(`/api/batches/${batchId}/activate`);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    batch: { batchId, activation: { state: 'active', by: userName } },
    campaigns: [{ provider: 'instantly', messages: 2 }],
  });
  expect(rig.simulator.mailed()).toHaveLength(2);
  const rows = (await rig.bench.auditRows()).filter(({ kind }) => kind.startsWith('batch.activat'));
  expect(rows).toMatchObject([
    { kind: 'batch.activating', actor: userName },
    { kind: 'batch.activation', to: 'active', actor: userName },
  ]);
});

test('what speaks against it is 409 naming each message with its reason', async () => {
  const { batchId, jobs } = await rig.handedOver(2);
  await rig.bench.redis.hset(rig.bench.keys.optOutsPending, `email:${await rig.emailOf(jobs[0])}`, 'x');
  const answer = await http.post(`/api/batches/${batchId}/activate`);
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error.details.problems).toMatchObject([
    { actionId: jobs[0]?.actionId, code: 'suppressed' },
  ]);
  expect(answer.body.error.message).toContain(jobs[0]?.actionId ?? 'missing');
  expect(rig.simulator.mailed()).toEqual([]);
});

test('a stop, a batch that is not executed and an unknown one are refused by name', async () => {
  const { batchId } = await rig.handedOver();
  await http.post('/api/halt', why);
  expect(codeOf(await http.post(`/api/batches/${batchId}/activate`))).toBe('halted');
  expect(codeOf(await http.post(`/api/batches/${benches.ids.batch()}/activate`))).toBe('not_found');
});

test('a campaign that the provider does not start is 502 and says so', async () => {
  const { batchId } = await rig.handedOver();
  rig.simulator.setFaults([
    { endpoint: 'POST /campaigns/:id/activate', effect: { kind: 'status', status: 500 } },
  ]);
  const answer = await http.post(`/api/batches/${batchId}/activate`);
  expect([answer.status, codeOf(answer)]).toEqual([502, 'provider_failed']);
  expect(answer.body.error.details.failures).toMatchObject([{ provider: 'instantly' }]);
});

test('campaigns are removed once nothing is held, not before', async () => {
  const { batchId } = await rig.handedOver();
  const early = await http.post(`/api/batches/${batchId}/remove-campaigns`, why);
  expect([early.status, early.body.error.details]).toEqual([409, { held: 1 }]);
  expect(await rig.campaigns()).toHaveLength(1);
  const recalled = await http.post('/api/recall', { id: batchId, ...why });
  expect(recalled.body).toMatchObject({ id: batchId, stage: 'hand_over', takenBack: 1, alreadyLeft: [] });
  const removed = await http.post(`/api/batches/${batchId}/remove-campaigns`, why);
  expect(removed.body).toMatchObject({ batchId, campaigns: [{ provider: 'instantly' }] });
  expect(await rig.campaigns()).toEqual([]);
  expect((await http.post(`/api/batches/${batchId}/remove-campaigns`, why)).body.campaigns).toEqual([]);
});

test('every provider is paused with its own confirmation, and one that does not confirm is named', async () => {
  const { batchId } = await rig.handedOver();
  await http.post(`/api/batches/${batchId}/activate`);
  rig.simulator.setFaults([{ endpoint: 'POST /campaigns/:id/pause', effect: { kind: 'ignore' } }]);
  const ignored = await http.post('/api/providers/pause', why);
  expect(ignored.body.providers).toMatchObject([{ provider: 'instantly', paused: 0, failed: [{}] }]);
  rig.simulator.setFaults([]);
  const paused = await http.post('/api/providers/pause', why);
  expect(paused.body.providers).toMatchObject([{ provider: 'instantly', paused: 1, failed: [] }]);
  const rows = (await rig.bench.auditRows()).filter(({ kind }) => kind.startsWith('provider.'));
  expect(rows.map(({ kind, actor }) => [kind, actor])).toEqual([
    ['provider.pause_asked', userName],
    ['provider.pause_failed', userName],
    ['provider.pause_asked', userName],
    ['provider.paused', userName],
  ]);
});

test('a recall needs a reason, an id of ours and the permission of its stage', async () => {
  const { batchId } = await rig.bench.approvedBatch();
  expect(codeOf(await http.post('/api/recall', { id: batchId }))).toBe('bad_request');
  expect(codeOf(await http.post('/api/recall', { id: 'run_1', ...why }))).toBe('bad_request');
  const refused = await http.post('/api/recall', { id: batchId, ...why }, { permissions: ['read'] });
  expect([refused.status, refused.body.error.details]).toEqual([403, { permission: 'batches:approve' }]);
  expect((await http.post('/api/recall', { id: batchId, ...why })).body).toMatchObject({ stage: 'batch' });
  const again = await http.post('/api/recall', { id: batchId, ...why });
  expect([again.status, again.body.error.details]).toEqual([409, { status: 'revoked' }]);
});
