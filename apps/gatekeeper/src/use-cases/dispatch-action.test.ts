// Risk: a message leaves without the gate's leave, twice, or with an outcome that is a guess.
import type { DispatchActionJob, DispatchOutcome } from '@caio/contracts';
import { createFaultPoints } from '@caio/service-kit';
import { createActionStore } from '@caio/state-store';
import { buildPolicy } from '@caio/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
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
const answer = (outcome: DispatchOutcome): void => {
  provider.script.send = () => Promise.resolve(outcome);
};

describe('what the provider says', () => {
  const outcomes: [string, DispatchOutcome][] = [
    ['handed_over', { outcome: 'accepted', providerMessageId: 'm', holdsBeforeMailing: true, proof: 'p' }],
    ['left', { outcome: 'accepted', providerMessageId: 'm', holdsBeforeMailing: false, proof: 'p' }],
    ['refused no_such_mailbox', { outcome: 'refused', code: 'no_such_mailbox', message: 'x' }],
    ['queued rate_limited', { outcome: 'released', code: 'rate_limited', retryAfterMs: 60_000 }],
    ['unknown timeout', { outcome: 'unknown', code: 'timeout', message: 'x' }],
  ];
  test.each(outcomes)('is what is recorded: %s', async (expected, outcome) => {
    const { job } = await bench.executing();
    answer(outcome);
    await bench.dispatch(job);
    expect(await outcomeOf(job)).toBe(expected);
    expect(provider.handovers).toHaveLength(1);
  });

  test('is asked with exactly the approved bytes, message, digest and ids', async () => {
    const { job, batchId } = await bench.executing();
    const action = await bench.actions.read(job.actionId);
    await bench.dispatch(job);
    expect(provider.handovers).toEqual([
      expect.objectContaining({
        actionId: job.actionId,
        batchId,
        bytes: action?.bytes,
        message: JSON.parse(action?.bytes ?? ''),
        contentDigest: sha256Hex(action?.bytes ?? ''),
        tier: 'tier_1',
        correlationId: action?.cid,
        attemptId: (await bench.actions.read(job.actionId))?.attemptId,
      }),
    ]);
  });

  test('is not asked again: an action that was released goes out under another attempt, up to the allowed number', async () => {
    const { job } = await bench.executing();
    answer({ outcome: 'released', code: 'busy', retryAfterMs: 0 });
    for (let attempt = 0; attempt < 5; attempt += 1) await bench.dispatch(job);
    expect(provider.handovers).toHaveLength(3);
    expect(new Set(provider.handovers.map(({ attemptId }) => attemptId)).size).toBe(3);
    expect(await outcomeOf(job)).toBe('blocked attempts_exhausted');
  });
});

describe('an adapter that fails in a way nobody foresaw', () => {
  test.each([
    ['rejects', () => Promise.reject(new Error('a bug'))],
    [
      'throws at once',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('and %s leaves the action unknown: it may have written', async (_, send) => {
    const { job } = await bench.executing();
    provider.script.send = send;
    await bench.dispatch(job);
    expect(await outcomeOf(job)).toBe('unknown adapter_error');
    await bench.dispatch(job);
    expect(provider.handovers).toHaveLength(1);
    expect(
      await bench.redis.hget(
        bench.keys.inFlight('sandbox'),
        provider.handovers[0]?.message.recipientKey ?? '',
      ),
    ).toBe(job.actionId);
  });
});

describe('nobody who serves the action', () => {
  test('refuses it by name instead of handing it to somebody else', async () => {
    const { job } = await bench.executing();
    await bench.dispatchWith({ adapterOf: () => null })(job);
    expect(await outcomeOf(job)).toBe('refused no_provider');
    expect(provider.handovers).toEqual([]);
  });
});

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
        ...{ providerMessageId: '', proof: '', code: 'absent_at_provider', retryAfterMs: 0, attemptsMax: 3 },
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

describe('what the gate refuses', () => {
  test('is not sent, stays what the gate made of it, and says so in the log', async () => {
    const { jobs } = await bench.executing(3);
    const [suppressed, changed, waiting] = jobs;
    if (suppressed === undefined || changed === undefined || waiting === undefined)
      throw new Error('three jobs');
    const { email } = (await bench.actions.read(suppressed.actionId)) ?? { email: '' };
    await bench.redis.hset(bench.keys.suppressions, benches.pseudonym(`email:${email}`), '{}');
    await bench.dispatch(suppressed);
    expect(await outcomeOf(suppressed)).toBe('blocked suppressed');
    expect(logged('admission denied')).toMatchObject([{ code: 'suppressed', actionId: suppressed.actionId }]);
    const key = bench.keys.action(changed.actionId);
    await bench.redis.hset(
      key,
      'bytes',
      ((await bench.redis.hget(key, 'bytes')) ?? '').replace('Ada', 'Eve'),
    );
    await bench.dispatch(changed);
    expect(await outcomeOf(changed)).toBe('blocked content_mismatch');
    expect(logged('admission refused with an alarm')).toMatchObject([
      { code: 'content_mismatch', level: 'error' },
    ]);
    await bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1');
    await bench.dispatch(waiting);
    expect(await outcomeOf(waiting)).toBe('queued halted');
    expect(provider.handovers).toEqual([]);
  });

  test.each([
    ['the mode', { mode: 'live' }],
    ['the recipient shown', { email: 'eve@evil.example' }],
    ['the tier', { tier: 'tier_2' }],
    ['the exclusion keys', { exclusionKeys: '[]' }],
    ['the provider', { provider: 'smtp' }],
    ['the ledger', { ledger: 'log-only' }],
    ['the draft', { draftId: 'drf_01TE0000000000000000000000' }],
    ['the seal itself', { seal: 'f'.repeat(64) }],
    ['digest and bytes together', { bytes: '{}', digest: sha256Hex('{}') }],
  ])('includes an action whose record was changed in the store: %s', async (_, change) => {
    const { job } = await bench.executing();
    await bench.redis.hset(bench.keys.action(job.actionId), change);
    await bench.dispatch(job);
    expect(provider.handovers).toEqual([]);
    expect(await outcomeOf(job)).toBe('blocked content_mismatch');
  });

  test('includes bytes that are no message, under a seal that fits them', async () => {
    const { job } = await bench.executing();
    const action = await bench.actions.read(job.actionId);
    if (action === null) throw new Error('the action can be read');
    const forged = { ...action, bytes: '{"version":1}', digest: sha256Hex('{"version":1}') };
    const { bytes, digest } = forged;
    await bench.redis.hset(bench.keys.action(job.actionId), {
      bytes,
      digest,
      seal: benches.seals.action(forged),
    });
    await bench.dispatch(job);
    expect(provider.handovers).toEqual([]);
    expect(await outcomeOf(job)).toBe('blocked route_forbidden');
  });

  test.each([
    ['emergency stop of this process', { emergencyStop: true }, 'queued halted'],
    ['another policy', { policy: { nurtureDomains: ['harborpine.example'] } }, 'blocked route_forbidden'],
    [
      'a closed window',
      { policy: { window: { days: [1], from: '00:00', to: '00:01' } } },
      'queued outside_window',
    ],
    [
      'a full day',
      { policy: { caps: { ...buildPolicy().caps, email: { ...buildPolicy().caps.email, perDay: 1 } } } },
      'queued cap_day',
    ],
  ])('includes what this process forbids now: %s', async (_, options, expected) => {
    const { jobs } = await bench.executing(2);
    const [first, second] = jobs;
    if (first === undefined || second === undefined) throw new Error('two jobs');
    await bench.dispatch(first);
    const other = await benches.createBench({
      ...options,
      session: bench.session,
      provider: provider.adapter,
    });
    await other.dispatch(second);
    expect(await outcomeOf(second)).toBe(expected);
    expect(provider.handovers).toHaveLength(1);
  });
});

describe('a job', () => {
  test('for an action that is settled, or that nobody knows, does nothing', async () => {
    const { job } = await bench.executing();
    await bench.dispatch(job);
    await bench.dispatch(job);
    await bench.dispatch({ ...job, actionId: benches.ids.action() });
    expect(provider.handovers).toHaveLength(1);
  });

  test('delivered to many workers at once sends once', async () => {
    const { job } = await bench.executing();
    await Promise.all(Array.from({ length: 20 }, () => bench.dispatch(job)));
    expect(provider.handovers).toHaveLength(1);
    expect(await outcomeOf(job)).toBe('handed_over');
  });

  test('of an earlier execution does nothing', async () => {
    const { job } = await bench.executing();
    await bench.dispatch({ ...job, fence: job.fence + 1 });
    await bench.dispatch({ ...job, executionId: benches.ids.execution() });
    expect(provider.handovers).toEqual([]);
    expect(await outcomeOf(job)).toBe('queued');
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
});

test('an attempt is in hand from the gate to the settlement and not a moment longer', async () => {
  const { job } = await bench.executing();
  const seen: boolean[] = [];
  let attemptId = '';
  provider.script.send = (handover) => {
    ({ attemptId } = handover);
    seen.push(bench.attempts.has(attemptId));
    return Promise.reject(new Error('a bug'));
  };
  const faults = createFaultPoints([{ point: 'before-settle', hit: 1 }], () => {
    seen.push(bench.attempts.has(attemptId));
    throw new Error('the process fails here');
  });
  await expect(bench.dispatchWith({ faults })(job)).rejects.toThrow('fails here');
  expect(seen).toEqual([true, true]);
  expect(bench.attempts.has(attemptId)).toBe(false);
});
