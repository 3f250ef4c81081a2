// Risk: a batch is carried out twice, or by somebody who may not.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gate, openGate } from './testing/gate.ts';
import { compareWithProvider } from './testing/provider-comparison.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
}, 60_000);
afterAll(() => gate.close());

describe('one execution', () => {
  test('of 50 concurrent claims exactly one wins, and every message leaves once', async () => {
    const batch = await gate.rig.approvedBatch(10);
    const answers = await Promise.all(Array.from({ length: 50 }, () => gate.execute(batch.batchId)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'state_conflict')).toHaveLength(49);
    await gate.rig.finished(batch.batchId);
    expect(compareWithProvider(batch.preview.actions, gate.sentOf(batch.batchId))).toEqual({
      lost: [],
      duplicated: [],
      unapproved: [],
    });
  });

  test('an executed batch cannot be approved, executed, rejected or revoked again', async () => {
    const batch = await gate.rig.approvedBatch(1);
    await gate.execute(batch.batchId);
    await gate.rig.finished(batch.batchId);
    for (const [path, body] of [
      ['approve', { previewHash: batch.previewHash }],
      ['execute', undefined],
      ['reject', { reason: 'too late for this' }],
      ['revoke', { reason: 'too late for this' }],
    ] as const) {
      expect(await gate.rig.call('POST', `/api/batches/${batch.batchId}/${path}`, body)).toMatchObject({
        status: 409,
        code: 'state_conflict',
      });
    }
    expect(gate.sentOf(batch.batchId)).toHaveLength(1);
  });

  test('nothing approved is an empty batch, and an empty batch is refused by name', async () => {
    expect(await gate.rig.call('POST', '/api/batches', { draftIds: [] })).toMatchObject({
      status: 409,
      code: 'empty_scope',
    });
  });
});

describe('who may call', () => {
  test.each([
    ['GET', '/api/drafts'],
    ['POST', '/api/batches'],
    ['POST', '/api/halt/lift'],
    ['GET', '/internal/runs/run_01TE0000000000000000000000/intake-answers'],
    ['GET', '/api/nothing-here'],
  ] as const)('%s %s without a service token is 401', async (method, path) => {
    const answer = await fetch(`http://127.0.0.1:${gate.rig.port}${path}`, { method });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthenticated' } });
  });
});
