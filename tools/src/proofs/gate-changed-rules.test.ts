// Risk: what was approved under one policy or delivery mode is sent under another.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gate, openGate } from './testing/gate.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
}, 60_000);
afterAll(() => gate.close());

describe('another policy or delivery mode than at the freeze', () => {
  test('each is refused by name at the claim', async () => {
    const batch = await gate.rig.approvedBatch(1);
    gate.rig.usePolicy({ revision: 2 });
    await gate.restart();
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'policy_changed' });
    gate.rig.usePolicy({});
    await gate.restart({ DELIVERY_MODE_EMAIL: 'log-only' });
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'mode_changed' });
    await gate.restart();
    expect((await gate.execute(batch.batchId)).status).toBe(202);
    await gate.rig.finished(batch.batchId);
    expect(gate.sentOf(batch.batchId)).toHaveLength(1);
  });

  test('an action already claimed is blocked at its admission', async () => {
    const { batchId } = await gate.rig.approvedBatch(1);
    await gate.restart({ EMERGENCY_STOP: 'true' });
    // The variable stops every admission of this process, and the claim with it.
    expect(await gate.execute(batchId)).toMatchObject({ status: 409, code: 'halted' });
    await gate.restart({ FAULT_PLAN: 'kill:after-claim:1' });
    await gate.execute(batchId).catch(() => null);
    await gate.rig.running().exit;
    gate.rig.usePolicy({ revision: 3 });
    await gate.rig.start();
    await gate.rig.finished(batchId);
    expect((await gate.rig.receipts(batchId))[0]).toMatchObject({
      outcome: 'blocked',
      reason: 'policy_changed',
    });
    expect(gate.sentOf(batchId)).toEqual([]);
  });
});
