// Risk: somebody recalls what was approved, is told that it is stopped, and it goes out all the same.
import { permissionSchema } from '@caio/contracts';
import { retryBackoff } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { type HeldAtInstantly, type HeldBench, openHeldAtInstantly } from '../testing/held-at-instantly.ts';

let benches: GateBenches;
let vendor: HeldAtInstantly;
let rig: HeldBench;
beforeAll(async () => {
  benches = await openGateBenches();
  vendor = await openHeldAtInstantly(benches);
});
beforeEach(async () => {
  rig = await vendor.create();
});
afterAll(async () => {
  await vendor.close();
  await benches.close();
});

const recall = (id: string) => rig.recall(id, permissionSchema.options);
const nothingElse = { takenBack: 0, takingBack: 0, inFlight: 0, alreadyLeft: [] };

describe('before anything is handed over', () => {
  test('an approved draft waits for a review again', async () => {
    const draft = await rig.bench.approvedDraft();
    expect(await recall(draft.draftId)).toMatchObject({
      outcome: 'recalled',
      answer: { stage: 'draft', stopped: 1, ...nothingElse },
    });
    expect((await rig.bench.draftOf(draft.draftId)).status).toBe('pending');
    expect(await recall(draft.draftId)).toMatchObject({ outcome: 'state_conflict', status: 'pending' });
  });

  test.each([
    ['pending', 'rejected'],
    ['approved', 'revoked'],
  ])('a %s batch is %s and its drafts are approved again', async (from, to) => {
    const batchId =
      from === 'approved'
        ? (await rig.bench.approvedBatch(2)).batchId
        : (await rig.bench.approvedDrafts(2), (await rig.bench.freeze()).frozen.batchId);
    expect(await recall(batchId)).toMatchObject({
      outcome: 'recalled',
      answer: { stage: 'batch', stopped: 2, ...nothingElse },
    });
    expect((await rig.bench.batches.read(batchId))?.status).toBe(to);
    expect(await recall(batchId)).toMatchObject({ outcome: 'state_conflict', status: to });
  });

  test('a draft in a batch that is not executed names the batch to recall', async () => {
    const draft = await rig.bench.approvedDraft();
    const { frozen } = await rig.bench.freeze();
    expect(await recall(draft.draftId)).toMatchObject({
      outcome: 'state_conflict',
      message: expect.stringContaining(frozen.batchId),
    });
  });
});

describe('an execution', () => {
  test('ends for good: what is queued never leaves, what is held comes back, what had left is listed', async () => {
    const { batchId, jobs } = await rig.bench.executing(4);
    const [left, held, ...queued] = jobs;
    const dispatch = rig.bench.dispatchWith({ now: Date.now });
    if (left === undefined || held === undefined) throw new Error('four jobs');
    await dispatch(left);
    await dispatch(held);
    const lead = (await rig.leads()).find(({ payload }) => payload['actionId'] === left.actionId);
    await rig.mail(lead?.id ?? '');
    expect(await recall(batchId)).toMatchObject({
      outcome: 'recalled',
      answer: {
        ...{ stage: 'execution', stopped: 2, takenBack: 1, takingBack: 0, inFlight: 0 },
        alreadyLeft: [{ actionId: left.actionId, proof: expect.stringContaining('as mailed') }],
      },
    });
    expect(await rig.outcomesOf(jobs)).toEqual(['left', 'taken_back', 'blocked', 'blocked']);
    for (const job of queued) expect(await dispatch(job)).toBe(null);
    expect(rig.simulator.log()).toHaveLength(2);
    expect((await rig.bench.batches.read(batchId))?.status).toBe('partially_executed');
    expect(await recall(batchId)).toMatchObject({
      answer: { stage: 'hand_over', stopped: 2, takenBack: 1, alreadyLeft: [{ actionId: left.actionId }] },
    });
  });

  test('takes back what was on its way as soon as it arrives, and sends again nothing that was released', async () => {
    const { batchId, jobs } = await rig.bench.executing(2);
    const [arriving, released] = jobs;
    if (arriving === undefined || released === undefined) throw new Error('two jobs');
    const dispatch = rig.bench.dispatchWith({ now: Date.now });
    rig.simulator.setFaults([
      { endpoint: 'POST /leads', hit: 1, effect: { kind: 'cut', when: 'after_acceptance' } },
    ]);
    await dispatch(arriving);
    expect(await rig.outcomesOf(jobs)).toEqual(['unknown', 'queued']);
    expect(await recall(batchId)).toMatchObject({ answer: { stopped: 1, inFlight: 1, takenBack: 0 } });
    // Found at the provider after all, as the reconciler would.
    const action = await rig.bench.actions.read(arriving.actionId);
    await rig.bench.redis.hset(rig.bench.keys.action(arriving.actionId), 'reason', '');
    await rig.bench.actions.settle({
      ...{ actionId: arriving.actionId, batchId, attemptId: action?.attemptId ?? '', ledger: 'sandbox' },
      ...{ to: 'handed_over', providerMessageId: 'lead', proof: 'found', code: '', retryAfterMs: 0 },
      ...{ backoff: retryBackoff(rig.bench.rules.policy), stillHeld: true, actor: 'reconciler', heard: null },
      correlationId: 'correlation-1',
    });
    await rig.findBarredHeld();
    await rig.takeBacks.sweep();
    expect(await rig.outcomesOf(jobs)).toEqual(['taken_back', 'blocked']);
    expect(await rig.leads()).toEqual([]);
  });

  test('is over for an action that comes back into line after the recall', async () => {
    const { batchId, job } = await rig.bench.executing();
    await rig.bench.redis.hset(rig.bench.keys.batch(batchId), 'recallReason', 'the price is wrong');
    expect(await rig.bench.dispatchWith({ now: Date.now })(job)).toBe('batch_not_executing');
    expect(rig.simulator.log()).toEqual([]);
  });
});

describe('a single message', () => {
  test('that is queued is blocked, and the others go on', async () => {
    const { jobs } = await rig.bench.executing(2);
    expect(await recall(jobs[0]?.actionId ?? '')).toMatchObject({
      answer: { stage: 'execution', stopped: 1 },
    });
    expect(await rig.outcomesOf(jobs)).toEqual(['blocked', 'queued']);
  });

  test('that is held comes back, named by its draft as well', async () => {
    const { jobs } = await rig.handedOver();
    const action = await rig.bench.actions.read(jobs[0]?.actionId ?? '');
    expect(await recall(action?.draftId ?? '')).toMatchObject({
      outcome: 'recalled',
      answer: { id: action?.actionId, stage: 'hand_over', takenBack: 1 },
    });
    expect(await rig.leads()).toEqual([]);
  });

  test('that was mailed is said to have left, with the proof', async () => {
    const { jobs } = await rig.handedOver();
    await rig.mail((await rig.leads())[0]?.id ?? '');
    expect(await recall(jobs[0]?.actionId ?? '')).toMatchObject({
      outcome: 'recalled',
      answer: { stage: 'hand_over', takenBack: 0, alreadyLeft: [{ actionId: jobs[0]?.actionId }] },
    });
  });

  test('that the provider does not give back now is asked for again by itself', async () => {
    const { jobs } = await rig.handedOver();
    rig.simulator.setFaults([{ endpoint: 'DELETE /leads/:id', effect: { kind: 'status', status: 500 } }]);
    expect(await recall(jobs[0]?.actionId ?? '')).toMatchObject({
      answer: { done: expect.stringContaining('asked again by itself'), takingBack: 1, takenBack: 0 },
    });
  });
});

test('each stage needs the permission of whoever may undo it', async () => {
  const draft = await rig.bench.approvedDraft();
  expect(await rig.recall(draft.draftId, ['read'])).toEqual({
    outcome: 'forbidden',
    permission: 'drafts:review',
  });
  const { frozen } = await rig.bench.freeze();
  expect(await rig.recall(frozen.batchId, ['read'])).toEqual({
    outcome: 'forbidden',
    permission: 'batches:approve',
  });
  const { batchId, job } = await rig.bench.executing();
  for (const id of [batchId, job.actionId])
    expect(await rig.recall(id, ['read', 'batches:approve'])).toEqual({
      ...{ outcome: 'forbidden', permission: 'batches:execute' },
    });
  expect(await rig.outcomesOf([job])).toEqual(['queued']);
  expect(await recall(benches.ids.batch())).toEqual({ outcome: 'not_found' });
});
