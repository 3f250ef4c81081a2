// Risk: what a person says about a message overtakes its sending, or cannot be traced to them.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { PersonsDecision } from './action-settlement.ts';
import { createAuditLog } from './audit-log.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';
import { lose, sending, settle, setsWith, storedAction } from './testing/sending.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const decision: PersonsDecision = {
  ...{ as: 'left', reason: 'seen in their log', evidence: 'ticket 4711', despite: null },
  digest: 'd'.repeat(64),
};
const decide = { decision, actor: 'jo.kent', code: 'decided_by_person' };

test('nobody decides about a message that is being sent', async () => {
  const { job, attemptId } = await sending(gate);
  expect(await settle(gate, job, attemptId, 'left', decide)).toEqual({ settled: false, status: 'sending' });
  expect((await storedAction(gate, job)).status).toBe('sending');
});

test('the decision, its settlement and both rows of the audit are one step, once', async () => {
  const { job, attemptId } = await sending(gate);
  await lose(gate, job);
  const answers = await Promise.all(
    ['left', 'left', 'released'].map((to) =>
      settle(gate, job, attemptId, to === 'left' ? 'left' : 'released', {
        ...decide,
        actor: `person of ${to}`,
      }),
    ),
  );
  expect(answers.filter(({ settled }) => settled)).toHaveLength(1);
  const rows = (await createAuditLog(gate.session).rowsAfter('', 1_000)).map(({ row }) => row);
  expect(rows.filter(({ kind }) => kind === 'action.decided')).toMatchObject([
    { from: 'unknown', to: 'left', actor: 'person of left', code: decision.digest, ref: job.actionId },
  ]);
  const stored = await gate.redis.hgetall(gate.keys.action(job.actionId));
  expect(JSON.parse(stored['decision'] ?? '')).toEqual(decision);
  expect(await setsWith(gate, job)).toEqual([]);
});

test('how an action stands is written down for the attempt it is about, and for none that is settled', async () => {
  const { job, attemptId } = await sending(gate);
  const note = (attempt: string) =>
    gate.actions.noteStandings([{ actionId: job.actionId, attemptId: attempt, standing: 'provider_silent' }]);
  await note(attemptId);
  expect((await storedAction(gate, job)).standing).toBeUndefined();
  await lose(gate, job);
  await note('att_of_another');
  expect((await storedAction(gate, job)).standing).toBeUndefined();
  await note(attemptId);
  expect(await storedAction(gate, job)).toMatchObject({ standing: 'provider_silent', standingOf: attemptId });
});
