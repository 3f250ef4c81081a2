// Risk: what a person stopped, excluded or left to expire goes on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { type Gate, openGate } from './testing/gate.ts';
import { compareWithProvider } from './testing/provider-comparison.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
}, 60_000);
afterAll(() => gate.close());

const stop = () => gate.rig.must('POST', '/api/halt', { reason: 'a test stops everything' });
const lift = () => gate.rig.must('POST', '/api/halt/lift', { reason: 'the test goes on' });

beforeEach(async () => {
  await gate.rig.call('POST', '/api/halt/lift', { reason: 'every test starts unstopped' });
});

describe('stop means stop', () => {
  test('a stop refuses the claim by name, and after it was lifted the batch runs', async () => {
    const batch = await gate.rig.approvedBatch(2);
    await stop();
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'halted' });
    expect(gate.sentOf(batch.batchId)).toEqual([]);
    await lift();
    expect((await gate.execute(batch.batchId)).status).toBe(202);
    await gate.rig.finished(batch.batchId);
    expect(gate.sentOf(batch.batchId)).toHaveLength(2);
  });

  test('a stop in the middle of an execution stops the next admission, and nothing is lost when it is lifted', async () => {
    const batch = await gate.rig.approvedBatch(120);
    await gate.execute(batch.batchId);
    await waitFor(() => gate.sentOf(batch.batchId).length > 5, {
      timeoutMs: 20_000,
      describe: () => 'some messages to leave',
    });
    await stop();
    // Admitted before the stop may still arrive; wait until nothing is in flight.
    await waitFor(async () => ((await gate.rig.batchOf(batch.batchId)).counts['sending'] ?? 0) === 0, {
      timeoutMs: 10_000,
      describe: () => 'nothing in flight',
    });
    const atStop = gate.sentOf(batch.batchId).length;
    expect(atStop).toBeLessThan(120);
    const deferred = await waitFor(
      async () => (await gate.rig.receipts(batch.batchId)).filter(({ reason }) => reason === 'halted').length,
      {
        timeoutMs: 10_000,
        describe: () => 'admissions to be deferred by the stop',
      },
    );
    expect(deferred).toBeGreaterThan(0);
    expect(gate.sentOf(batch.batchId)).toHaveLength(atStop);
    await lift();
    expect((await gate.rig.finished(batch.batchId)).status).toBe('executed');
    expect(compareWithProvider(batch.preview.actions, gate.sentOf(batch.batchId))).toEqual({
      lost: [],
      duplicated: [],
      unapproved: [],
    });
  });

  test('somebody who opts out after the approval is not written to, the others are', async () => {
    const batch = await gate.rig.approvedBatch(3);
    const [first] = batch.preview.actions;
    await gate.rig.must('POST', '/api/suppressions', {
      person: first?.recipientKey ?? '',
      reason: 'unsubscribed',
    });
    await gate.execute(batch.batchId);
    expect((await gate.rig.finished(batch.batchId)).status).toBe('partially_executed');
    expect(
      gate
        .sentOf(batch.batchId)
        .map(({ actionId }) => actionId)
        .sort(),
    ).toEqual(
      batch.preview.actions
        .slice(1)
        .map(({ actionId }) => actionId)
        .sort(),
    );
    expect(
      (await gate.rig.receipts(batch.batchId)).find(({ actionId }) => actionId === first?.actionId),
    ).toMatchObject({ reason: 'suppressed' });
  });

  test('a customer excluded after the approval is not written to', async () => {
    const batch = await gate.rig.approvedBatch(2);
    const domain = batch.preview.actions[0]?.recipientKey.split('@')[1] ?? '';
    await gate.rig.must('POST', '/api/exclusions', {
      add: [{ key: domain, kind: 'customer', note: 'signed yesterday' }],
    });
    await gate.execute(batch.batchId);
    await gate.rig.finished(batch.batchId);
    expect(gate.sentOf(batch.batchId)).toHaveLength(1);
  });

  test('a wish that still waits in the queue wins over a message that is ready to go', async () => {
    const batch = await gate.rig.approvedBatch(2);
    const [first] = batch.preview.actions;
    // What the webhooks service stores the moment somebody clicks; its job has not been worked on.
    await gate.rig.redis().hset(gate.rig.keys.optOutsPending, first?.recipientKey ?? '', 'unsubscribe-test');
    await gate.execute(batch.batchId);
    await gate.rig.finished(batch.batchId);
    expect(gate.sentOf(batch.batchId)).toHaveLength(1);
    expect(
      (await gate.rig.receipts(batch.batchId)).find(({ actionId }) => actionId === first?.actionId),
    ).toMatchObject({
      outcome: 'blocked',
      reason: 'suppressed',
    });
  });

  test('a plus-tag does not get around an opt-out, and a.b@ and a_b@ are two people', async () => {
    const domain = `people-${gate.rig.environment}.example`;
    const lead = (local: string) =>
      gate.rig.leadOf({ email: `${local}@${domain}`, companyDomain: domain, linkedinUrl: null });
    await gate.rig.must('POST', '/api/suppressions', { person: `a.b@${domain}` });
    const submissions = await Promise.all(
      [lead('a.b+news'), lead('a_b'), lead('a.b')].map((person) => gate.rig.submissionOf(person)),
    );
    const { results } = await gate.rig.submit(submissions);
    expect(
      results.map((result) =>
        result.ok ? [result.answer.outcome, result.answer.reasons.at(-1)] : result.error,
      ),
    ).toEqual([
      ['excluded', 'suppressed'],
      ['accepted', expect.any(String)],
      ['excluded', 'suppressed'],
    ]);
    for (const draft of await gate.rig.pending())
      await gate.rig.must('POST', `/api/drafts/${draft.draftId}/reject`, {
        tag: 'other',
        reason: 'cleaning up after the test',
      });
  });
});

describe('expiry', () => {
  const expire = (batchId: string) =>
    gate.rig.redis().hset(gate.rig.keys.batch(batchId), 'expiresAtMs', '1000');

  test('a batch past its expiry cannot be approved; its drafts can be frozen again', async () => {
    const drafts = await gate.rig.approvedDrafts(1);
    const batch = await gate.rig.freeze();
    await expire(batch.batchId);
    expect(
      await gate.rig.call('POST', `/api/batches/${batch.batchId}/approve`, {
        previewHash: batch.previewHash,
      }),
    ).toMatchObject({ status: 409, code: 'batch_expired' });
    expect((await gate.rig.batchOf(batch.batchId)).status).toBe('expired');
    const again = await gate.rig.freeze();
    expect(again.preview.actions).toHaveLength(drafts.length);
    await gate.rig.must('POST', `/api/batches/${again.batchId}/reject`, {
      reason: 'cleaning up after the test',
    });
  });

  test('an approved batch past its expiry cannot be claimed', async () => {
    const batch = await gate.rig.approvedBatch(1);
    await expire(batch.batchId);
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'batch_expired' });
    expect(gate.sentOf(batch.batchId)).toEqual([]);
  });

  test('a batch that expires while it runs stops at the next admission', async () => {
    const batch = await gate.rig.approvedBatch(120);
    await gate.execute(batch.batchId);
    await waitFor(() => gate.sentOf(batch.batchId).length > 5, {
      timeoutMs: 20_000,
      describe: () => 'some messages to leave',
    });
    await expire(batch.batchId);
    expect((await gate.rig.finished(batch.batchId)).status).toBe('partially_executed');
    const receipts = await gate.rig.receipts(batch.batchId);
    const blocked = receipts.filter(({ reason }) => reason === 'batch_expired');
    expect(blocked.length).toBeGreaterThan(0);
    expect(blocked.length + gate.sentOf(batch.batchId).length).toBe(batch.preview.actions.length);
  });
});
