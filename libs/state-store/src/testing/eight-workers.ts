import type { DispatchActionJob } from '@caio/contracts';
import type { AdmissionRules, SendingClock } from '@caio/dispatch-core';
import { createActionStore } from '../action-store.ts';
import { createStoreSession } from '../store-session.ts';
import { admissible, openClock, settleAs } from './admission-request.ts';
import type { Gate, GateFixture } from './gate-fixture.ts';

const workersMax = 8;
export type After = 'handed_over' | 'released' | 'stays_in_hand';

export interface Work {
  readonly rules?: Partial<AdmissionRules>;
  readonly clock?: (nowMs: number) => SendingClock;
  /** Which of two mailboxes and which domain an action is for; one of each by default. */
  readonly senderOf?: (actionId: string) => string;
  readonly domainOf?: (actionId: string) => string;
  /** What becomes of the n-th admission of all. */
  readonly after?: (admission: number, job: DispatchActionJob) => After | Promise<After>;
  /** True when the workers may stop. */
  readonly isDone?: (kept: number) => boolean | Promise<boolean>;
}

/** Eight workers, each on a connection of its own, take what is due until there is nothing left for them. */
export const workAll = async (
  fixture: GateFixture,
  gate: Gate,
  digests: ReadonlyMap<string, string>,
  work: Work,
) => {
  const kept: { actionId: string; sender: string; atMs: number; clock: SendingClock }[] = [];
  const refusals: string[] = [];
  let admissions = 0;
  const clockOf = work.clock ?? openClock;
  const base = admissible(gate, firstJob(gate, digests), '').rules;
  const rules: AdmissionRules = {
    ...base,
    ...work.rules,
    caps: { ...base.caps, ...work.rules?.caps },
  };

  const carryOut = async (actions: ReturnType<typeof createActionStore>, job: DispatchActionJob) => {
    const now = Date.now();
    const sender = work.senderOf?.(job.actionId) ?? 'email:sam@outreach.example';
    const clock = clockOf(now);
    const request = admissible(gate, job, digests.get(job.actionId) ?? '', {
      ...{ rules, clock, callerNowMs: now, senderKey: sender },
      recipientDomain: work.domainOf?.(job.actionId) ?? 'acme.example',
    });
    const answer = await actions.admit(request);
    if (!answer.admitted) return void refusals.push(answer.code);
    admissions += 1;
    const after = (await work.after?.(admissions, job)) ?? 'handed_over';
    if (after === 'released') return void (await settleAs(gate, job, request.attemptId, 'released'));
    const atMs = Number(await gate.redis.hget(gate.keys.action(job.actionId), 'admittedAt'));
    kept.push({ actionId: job.actionId, sender, atMs, clock });
    if (after === 'handed_over') await settleAs(gate, job, request.attemptId, 'handed_over');
  };

  const worker = async (): Promise<void> => {
    const session = createStoreSession({ redis: fixture.open(), keys: gate.keys });
    await session.refresh();
    const actions = createActionStore(session);
    for (;;) {
      const jobs = await actions.takeDue(1, 60_000);
      for (const job of jobs) await carryOut(actions, job);
      if (jobs.length > 0) continue;
      const [next] = (await gate.redis.zrange(gate.keys.actionsQueued, '0', '0', 'WITHSCORES')).slice(1);
      const nothingSoon = next === undefined || Number(next) > Date.now() + 30_000;
      if ((await work.isDone?.(kept.length)) ?? nothingSoon) return;
    }
  };
  await Promise.all(Array.from({ length: workersMax }, worker));
  return { kept, refusals, admissions };
};

const firstJob = (gate: Gate, digests: ReadonlyMap<string, string>): DispatchActionJob => ({
  actionId: gate.ids.actionId(),
  ...{ attempt: 1, batchId: gate.ids.batchId(), executionId: gate.ids.executionId(), fence: 1 },
  correlationId: `correlation-${digests.size}`,
});

/** A claimed batch whose actions are due. */
export const claimed = async (fixture: GateFixture, count: number) => {
  const gate = await fixture.createGate();
  const batch = await gate.approvedBatch(count);
  await gate.claim(batch);
  return { gate, digests: new Map(batch.actions.map((action) => [action.actionId, action.contentDigest])) };
};

/** Caps out of reach but one. */
export const capsWith = (cap: keyof AdmissionRules['caps'], max: number): AdmissionRules['caps'] => ({
  ...{ hour: 1_000, day: 1_000, month: 1_000, domain: 1_000, mailbox: 1_000 },
  [cap]: max,
});
