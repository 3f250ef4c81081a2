// Risk: an answer that is lost or comes late makes a message leave twice, or counts for another attempt.
import type { DispatchActionJob, DispatchOutcome } from '@caio/contracts';
import { createActionStore } from '@caio/state-store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type BenchOptions,
  type GateBench,
  type GateBenches,
  openGateBenches,
} from '../testing/gate-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
const open = async (options: BenchOptions = {}): Promise<void> => {
  provider = createScriptedProvider();
  bench = await benches.createBench({ provider: provider.adapter, ...options });
};
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(() => open());
afterAll(() => benches.close());

const outcomeOf = async (job: DispatchActionJob) => {
  const receipt = await bench.receiptOf(job.actionId);
  return `${receipt?.outcome ?? 'missing'} ${receipt?.reason ?? ''}`.trim();
};
const logged = (message: string) => bench.log.lines().filter(({ msg }) => msg === message);

describe('a reply of the store that was lost', () => {
  /** Carries the command out and loses the answer, as a connection that closes at that moment does. */
  const losing = (command: 'admit' | 'settle', times = 1) => {
    const actions = createActionStore(bench.session);
    let left = times;
    const lose = async <T>(work: Promise<T>): Promise<T> => {
      const reply = await work;
      if (left-- > 0) throw new Error('the connection was closed');
      return reply;
    };
    return command === 'admit'
      ? { ...actions, admit: (...args: Parameters<typeof actions.admit>) => lose(actions.admit(...args)) }
      : { ...actions, settle: (...args: Parameters<typeof actions.settle>) => lose(actions.settle(...args)) };
  };

  test('to the admission is never followed by a send; what was reserved is given back', async () => {
    const { job } = await bench.executing();
    await bench.dispatchWith({ actions: losing('admit') })(job);
    expect(provider.handovers).toEqual([]);
    expect(await outcomeOf(job)).toBe('queued admit_reply_lost');
    expect(await bench.redis.hlen(bench.keys.inFlight('sandbox'))).toBe(0);
    await bench.redis.zadd(bench.keys.actionsQueued, 1, job.actionId);
    await bench.dispatch(job);
    expect(await outcomeOf(job)).toBe('handed_over');
    expect(provider.handovers).toHaveLength(1);
  });

  test('of an admission that was refused changes nothing', async () => {
    const { job } = await bench.executing();
    await bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1');
    await bench.dispatchWith({ actions: losing('admit') })(job);
    expect(provider.handovers).toEqual([]);
    expect(await outcomeOf(job)).toBe('queued halted');
  });

  test('to the settlement fails the job after the settlement stands, and nothing is sent again', async () => {
    const { job } = await bench.executing();
    await expect(bench.dispatchWith({ actions: losing('settle') })(job)).rejects.toThrow('closed');
    expect(await outcomeOf(job)).toBe('handed_over');
    await bench.dispatch(job);
    expect(provider.handovers).toHaveLength(1);
  });
});

describe('an answer that comes when the lease is over', () => {
  const lateAnswer = async (outcome: DispatchOutcome) => {
    const { job } = await bench.executing();
    provider.script.send = async () => {
      await bench.redis.zadd(bench.keys.actionsSending, 1, job.actionId);
      expect(await bench.actions.loseExpired(10)).toEqual([job.actionId]);
      return outcome;
    };
    await bench.dispatch(job);
    return job;
  };
  const accepted = {
    outcome: 'accepted',
    providerMessageId: 'm',
    holdsBeforeMailing: true,
    proof: 'p',
  } as const;

  test('still counts while nobody found another truth', async () => {
    expect(await outcomeOf(await lateAnswer(accepted))).toBe('handed_over');
    expect(await outcomeOf(await lateAnswer({ outcome: 'unknown', code: 'timeout', message: '' }))).toBe(
      'unknown lease_expired',
    );
  });

  test('changes nothing and is logged when the action was settled or sent anew meanwhile', async () => {
    const { job } = await bench.executing();
    provider.script.send = async ({ attemptId }) => {
      await bench.actions.settle({
        ...{ actionId: job.actionId, batchId: job.batchId, attemptId, ledger: 'sandbox', to: 'released' },
        ...{ providerMessageId: '', proof: '', code: 'absent_at_provider', retryAfterMs: 0 },
        backoff: { firstMs: 1, maxMs: 1, attemptsMax: 100 },
        heard: null,
        ...{ stillHeld: false, actor: 'reconciler', correlationId: 'correlation-1' },
      });
      return accepted;
    };
    await bench.dispatch(job);
    expect(await outcomeOf(job)).toBe('queued absent_at_provider');
    expect(logged('an answer came for an attempt that is over')).toMatchObject([
      { actionId: job.actionId, status: 'queued', outcome: 'accepted' },
    ]);
  });
});

test('has the time to send that was there before the gate was asked, however slow the gate', async () => {
  const { job } = await bench.executing();
  let clock = 1_000;
  const actions = createActionStore(bench.session);
  const slow = {
    ...actions,
    admit: (...args: Parameters<typeof actions.admit>) => {
      clock += 4_000;
      return actions.admit(...args);
    },
  };
  await bench.dispatchWith({ actions: slow, monotonicMs: () => clock })(job);
  expect(provider.handovers[0]?.sendDeadlineMs).toBe(1_000 + bench.rules.policy.dispatch.sendDeadlineMs);
});
