// Risk: a message leaves without the gate's leave, twice, or with an outcome that is a guess.
import type { DispatchActionJob, DispatchOutcome } from '@caio/contracts';
import { createFaultPoints } from '@caio/service-kit';
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

  test('is not asked again: an action that was released goes out under another attempt', async () => {
    const { job } = await bench.executing();
    answer({ outcome: 'released', code: 'busy', retryAfterMs: 0 });
    for (let attempt = 0; attempt < 3; attempt += 1) await bench.dispatch(job);
    expect(provider.handovers).toHaveLength(3);
    expect(new Set(provider.handovers.map(({ attemptId }) => attemptId)).size).toBe(3);
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
  const faults = createFaultPoints([{ kind: 'kill', point: 'before-settle', hit: 1 }], () => {
    seen.push(bench.attempts.has(attemptId));
    throw new Error('the process fails here');
  });
  await expect(bench.dispatchWith({ faults })(job)).rejects.toThrow('fails here');
  expect(seen).toEqual([true, true]);
  expect(bench.attempts.has(attemptId)).toBe(false);
});
