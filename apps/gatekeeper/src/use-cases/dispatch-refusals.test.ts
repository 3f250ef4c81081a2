// Risk: what the gate forbids leaves, because the worker asked with something else than what it would send.
import type { DispatchActionJob } from '@caio/contracts';
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
