// Risk: the audit says that somebody approved a batch and not what they approved, or that it ended and not why.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const rowOf = async (kind: string) =>
  (await createAuditLog(gate).rowsAfter('', 1_000)).map(({ row }) => row).find((row) => row.kind === kind);

test.each([
  ['approve', 'batch.approved', null],
  ['reject', 'batch.rejected', 'too many at once'],
] as const)('the row of %s names who decided what, from which state', async (command, kind, reason) => {
  const batch = await gate.freeze(await gate.approvedDrafts(1));
  await gate.batches.change({
    ...{ batchId: batch.batchId, command, previewHash: batch.previewHash, approvalSeal: 'seal' },
    ...{ actor: 'ada', reason: reason ?? '', correlationId: 'correlation-7' },
  });
  expect(await rowOf(kind)).toMatchObject({
    ...{ ref: batch.batchId, batch: batch.batchId, from: 'pending', actor: 'ada', cid: 'correlation-7' },
    code: reason ?? batch.previewHash,
  });
});
