// Risk: somebody is shown another batch than the one they approve.
import { operatorBatchSchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

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

const shown = async () => (await http.get('/api/operator/pending-batch')).body;

test('the newest that waits, with the hash that an approval has to carry', async () => {
  await bench.approvedDrafts(1);
  await bench.freeze();
  const drafts = await bench.approvedDrafts(2);
  const { batch } = await bench.freeze();
  const body = operatorBatchSchema.parse(await shown());
  expect(body).toMatchObject({
    ...{ batch_id: batch.batchId, status: 'pending', preview_hash: batch.previewHash },
    ...{ total_email_leads: 2, tier_breakdown: { tier_1: 2 }, expires_at: batch.expiresAt },
    preview_path: `/api/batches/${batch.batchId}/preview`,
  });
  expect([...body.approved_shadow_email_ids].sort()).toEqual(drafts.map(({ draftId }) => draftId).sort());
  expect(body.leads_preview.map(({ email }) => email).sort()).toEqual(
    drafts.map(({ message }) => message.recipient.email).sort(),
  );
});

test('none says so', async () => {
  await bench.approvedBatch(1);
  expect(await shown()).toEqual({
    ...{ status: 'no_pending_batch', message: 'No batch waits for an approval.' },
  });
});

test('a text that was damaged in the store costs its name, not the batch', async () => {
  await bench.approvedDrafts(1);
  const { frozen } = await bench.freeze();
  const [actionId] = await bench.batches.actionIds(frozen.batchId);
  await bench.redis.hset(bench.keys.action(actionId ?? ''), 'bytes', 'no json');
  expect((await shown()).leads_preview).toMatchObject([{ name: null }]);
});
