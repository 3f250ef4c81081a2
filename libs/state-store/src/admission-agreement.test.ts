// Risk: the script that admits and the decision that people read and test are not the same rules.
import type { DispatchActionJob } from '@caio/contracts';
import { type AdmissionFacts, type AdmissionRules, decideAdmission } from '@caio/dispatch-core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admissible, firstOf, openClock } from './testing/admission-request.ts';
import { createGateFixture, type Gate, type GateFixture, pseudonymOf } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

test('the script and the readable decision agree on any combination of facts', async () => {
  const gate: Gate = await fixture.createGate();
  const { batch, jobs } = await gate.executing(1);
  const job: DispatchActionJob = firstOf(jobs);
  const digest = firstOf(batch.actions).contentDigest;
  const person = `person of ${job.actionId}`;
  const limits = { hour: 2, day: 2, month: 2, domain: 2, mailbox: 2 };
  const rules: AdmissionRules = {
    tiersAllowed: ['tier_1', 'tier_2'],
    ramp: { policy: 'supervised', perDay: 1, tiers: ['tier_1'] },
    growth: { policy: 'supervised', perDayMax: 3 },
    recontactMs: 60_000,
    latenessMaxMs: 3_600_000,
    gapMs: 30_000,
    caps: limits,
  };
  // Mostly `false`, so that the late rules are reached as often as the early ones.
  const rarely = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0);
  const count = fc.integer({ min: 0, max: 12 }).map((roll) => (roll === 12 ? 2 : roll % 2));
  const world = fc.record({
    storeRecovering: rarely,
    notQueued: rarely,
    fenceLost: rarely,
    halted: rarely,
    notExecuting: rarely,
    expired: rarely,
    mismatch: rarely,
    suppressed: rarely,
    excluded: rarely,
    recent: rarely,
    inFlight: rarely,
    routeForbidden: rarely,
    modeChanged: rarely,
    policyChanged: rarely,
    wrongTier: rarely,
    secondTier: rarely,
    rampOver: fc.boolean(),
    rampSealed: fc.boolean(),
    grown: fc.integer({ min: 0, max: 5 }),
    late: rarely,
    closed: rarely,
    gap: rarely,
    skewed: rarely,
    resting: rarely,
    spent: rarely,
    customers: fc.constantFrom('not_required', 'good', 'stale', 'never'),
    hour: count,
    day: count,
    month: count,
    domain: count,
    mailbox: count,
  });
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const now = Date.now();
      const { keys, redis } = gate;
      const clock = openClock(now, { windowOpen: !w.closed });
      const counters = {
        hour: keys.sent('sandbox', 'hour', clock.hourKey),
        day: keys.sent('sandbox', 'day', clock.dayKey),
        month: keys.sent('sandbox', 'month', clock.monthKey),
        domain: keys.sent('sandbox', 'domain', clock.dayKey, 'acme.example'),
        mailbox: keys.sent('sandbox', 'mailbox', clock.dayKey, 'email:sam@outreach.example'),
      };
      const pace = {
        ...admissible(gate, job, digest).pace,
        requestsPerSend: 1,
        windows: [{ windowMs: 1_000, requestsMax: 2 }],
      };
      const set = redis.multi();
      set.del(keys.providerPace('sandbox', 'instantly'));
      if (w.resting)
        set.hset(keys.providerPace('sandbox', 'instantly'), { faults: 5, restUntil: now + 60_000 });
      if (w.spent)
        set.hset(keys.providerPace('sandbox', 'instantly'), { 'left:1000': 0, 'at:1000': now + 1_000 });
      set.hset(keys.store, { runId: gate.session.runId() ?? '', recovering: w.storeRecovering ? '1' : '0' });
      const goodUntilMs = w.customers === 'good' ? now + 60_000 : now - 1_000;
      if (w.customers === 'never') set.hdel(keys.store, 'customersGoodUntil');
      else set.hset(keys.store, 'customersGoodUntil', goodUntilMs);
      set.hset(keys.action(job.actionId), {
        status: w.notQueued ? 'handed_over' : 'queued',
        attemptId: '',
        tier: w.wrongTier ? 'tier_3' : w.secondTier ? 'tier_2' : 'tier_1',
      });
      set.hset(keys.store, {
        rampEnded: w.rampOver ? 'supervised' : '',
        grown: w.grown,
        grownFor: w.grown === 0 ? '' : 'supervised',
      });
      set.hset(keys.batch(batch.batchId), 'rampStage', w.rampSealed ? 'ramp' : 'graduated');
      set.hset(keys.halt, 'active', w.halted ? '1' : '0');
      set.hset(keys.batch(batch.batchId), {
        status: w.notExecuting ? 'revoked' : 'executing',
        expiresAtMs: w.expired ? 1 : now + 3_600_000,
        claimedAtMs: w.late ? 1 : now - 1_000,
      });
      set.del(
        keys.suppressions,
        keys.exclusions,
        keys.contacts('sandbox'),
        keys.inFlight('sandbox'),
        ...Object.values(counters),
      );
      set.del(keys.lastSend('sandbox', 'email:sam@outreach.example'));
      if (w.suppressed) set.hset(keys.suppressions, pseudonymOf(job.actionId), '{}');
      if (w.excluded) set.hset(keys.exclusions, `domain:of-${job.actionId}`, '{}');
      if (w.recent) set.hset(keys.contacts('sandbox'), person, now - 10_000);
      if (w.inFlight) set.hset(keys.inFlight('sandbox'), person, 'act_other');
      if (w.gap) set.set(keys.lastSend('sandbox', 'email:sam@outreach.example'), now - 10_000);
      for (const period of ['hour', 'day', 'month', 'domain', 'mailbox'] as const)
        set.set(counters[period], w[period]);
      await set.exec();

      const facts: AdmissionFacts = {
        storeRecovering: w.storeRecovering,
        actionStatus: w.notQueued ? 'handed_over' : 'queued',
        fenceHeld: !w.fenceLost,
        halted: w.halted,
        batchStatus: w.notExecuting ? 'revoked' : 'executing',
        expiresAtMs: w.expired ? 1 : now + 3_600_000,
        claimedAtMs: w.late ? 1 : now - 1_000,
        digestMatches: !w.mismatch,
        suppressed: w.suppressed,
        excluded: w.excluded,
        lastContactMs: w.recent ? now - 10_000 : null,
        personInFlight: w.inFlight,
        routeAllowed: !w.routeForbidden,
        modeUnchanged: !w.modeChanged,
        policyUnchanged: !w.policyChanged,
        tier: w.wrongTier ? 'tier_3' : w.secondTier ? 'tier_2' : 'tier_1',
        rampEnded: w.rampOver && !w.rampSealed,
        ...(w.grown === 0 ? {} : { dayCapGrown: w.grown }),
        allowListed: true,
        customersGoodUntilMs:
          w.customers === 'not_required' ? null : w.customers === 'never' ? 0 : goodUntilMs,
        providerResting: w.resting,
        withinRateBudget: !w.spent,
        lastSendOfMailboxMs: w.gap ? now - 10_000 : null,
        counts: { hour: w.hour, day: w.day, month: w.month, domain: w.domain, mailbox: w.mailbox },
      };
      const callerNowMs = w.skewed ? now - 10_000 : now;
      const expected = decideAdmission(facts, rules, { nowMs: now, callerNowMs, ...clock });
      const answer = await gate.actions.admit(
        admissible(
          gate,
          w.fenceLost ? { ...job, fence: job.fence + 7 } : job,
          w.mismatch ? 'f'.repeat(64) : digest,
          {
            rules,
            clock,
            callerNowMs,
            routeAllowed: !w.routeForbidden,
            pace,
            customerList: w.customers === 'not_required' ? 'not_required' : 'required',
            mode: w.modeChanged ? 'live' : 'sandbox',
            policyVersion: w.policyChanged ? 'policy-2' : 'policy-1',
          },
        ),
      );
      expect(answer.admitted ? 'admitted' : answer.code).toBe(expected);
    }),
    { numRuns: 600 },
  );
});
