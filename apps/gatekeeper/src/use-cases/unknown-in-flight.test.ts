// Risk: a message nobody knows the fate of is sent again, over another channel or in another batch.
import type { DispatchActionJob, DraftId, Motion } from '@caio/contracts';
import { identityKeysOf } from '@caio/outreach-core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFreezeRequests } from '../testing/freeze-requests.ts';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { openReconcileRig } from '../testing/reconcile-rig.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
beforeAll(async () => {
  benches = await openGateBenches();
});
afterAll(() => benches.close());

const linkedinUrl = 'https://www.linkedin.com/in/ada-holm';

test('a person with an unknown e-mail gets nothing over LinkedIn: not admitted, and not frozen again', async () => {
  const linkedin = createScriptedProvider();
  const rig = await openReconcileRig(
    benches,
    { idempotency: 'none' },
    { linkedin: { ...linkedin.adapter, name: 'heyreach' } },
  );
  const { bench } = rig;
  const requests = createFreezeRequests(benches, () => bench);
  rig.provider.script.send = () => Promise.resolve({ outcome: 'unknown', code: 'timeout', message: 'x' });
  const lead = benches.leadOf({ linkedinUrl });
  const jobOf = async (draftId: DraftId, motion: Motion): Promise<DispatchActionJob> => {
    const { frozen } = await requests.freeze({ motion, draftIds: [draftId] });
    await bench.approveBatch(frozen.batchId, frozen.previewHash);
    await bench.executeBatch({ ...bench.by, batchId: frozen.batchId });
    const [job] = await bench.actions.takeDue(1, 60_000);
    if (job === undefined) throw new Error('one job');
    return job;
  };
  const mail = await jobOf((await bench.approvedDraft(lead)).draftId, 'outbound');
  // Frozen and executed while nothing was in flight yet.
  const overLinkedin = { channel: 'linkedin', subject: '' } as const;
  const submission = await benches.submissionOf(lead, { ...overLinkedin, motion: 'revival' });
  const note = await jobOf((await requests.approvedAnyway(submission)).draftId, 'revival');

  await rig.dispatch(mail);
  expect(await rig.outcomeOf(mail)).toBe('unknown');
  await rig.dispatch(note);
  expect(await bench.receiptOf(note.actionId)).toMatchObject({
    ...{ channel: 'linkedin', outcome: 'blocked', reason: 'person_in_flight' },
  });
  expect(linkedin.handovers).toEqual([]);

  // Both names of the person stay held, also for a freeze.
  const held = await bench.redis.hgetall(bench.keys.inFlight('sandbox'));
  const keys = identityKeysOf({ email: lead.email, linkedinUrl });
  expect(keys.map((key) => held[key])).toEqual([mail.actionId, mail.actionId]);
  const colleague = benches.leadOf({ linkedinUrl });
  const again = await requests.approvedAnyway(
    await benches.submissionOf(colleague, { ...overLinkedin, motion: 'cadence' }),
  );
  expect(await requests.leftOut({ motion: 'cadence' })).toMatchObject([
    { draftId: again.draftId, reason: 'person_in_flight' },
  ]);
});
