// Risk: a store that came back older sends again what the provider has, or stays closed without saying why.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditBench } from '../testing/audit-bench.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';
import { createRecoverStore } from './recover-store.ts';

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  provider = createScriptedProvider();
  bench = await benches.createBench({ provider: provider.adapter });
});
afterAll(() => benches.close());

const recoverer = (
  adapterOf = bench.adapters.adapterOf,
  lookForLoss = (): Promise<void> => Promise.resolve(),
) =>
  createRecoverStore({
    lookForLoss,
    session: bench.session,
    lifecycle: bench.lifecycle,
    actions: bench.actions,
    batches: bench.batches,
    adapterOf,
    logger: bench.log.logger,
  });
const recover = (adapterOf = bench.adapters.adapterOf) => recoverer(adapterOf)();
/** What a store remembers that was copied from another run. */
const comeBackOlder = () => bench.redis.hset(bench.keys.store, 'runId', 'the run before');
const present = async (
  actionId: string,
  part: { mailed?: boolean; contentDigest?: string } = {},
): Promise<void> => {
  const contentDigest = (await bench.actions.read(actionId))?.digest ?? '';
  provider.findings.set(actionId, {
    ...{ state: 'present', providerMessageId: 'provider-7', mailed: false, attemptId: null, contentDigest },
    ...part,
  });
};
const statusOf = async (actionId: string) => (await bench.receiptOf(actionId))?.outcome;

test('a store that is the run it was is sound, and no provider is asked', async () => {
  await bench.executing();
  provider.script.otherwise = () => {
    throw new Error('nobody should ask');
  };
  expect(await recover()).toBe('sound');
});

describe('a store that came back', () => {
  test('admits nothing until every open action was compared, and then goes on', async () => {
    const { job } = await bench.executing();
    await comeBackOlder();
    await bench.session.refresh();
    await bench.dispatch(job);
    expect(provider.handovers).toEqual([]);
    expect(await bench.receiptOf(job.actionId)).toMatchObject({
      outcome: 'queued',
      reason: 'store_recovering',
    });
    expect(await recover()).toBe('recovered');
    expect(await bench.lifecycle.isRecovering()).toBe(false);
    await bench.dispatch(job);
    expect(await statusOf(job.actionId)).toBe('handed_over');
    expect(await recover()).toBe('sound');
  });

  test('settles what the provider has, in whatever state it forgot it, and never sends that again', async () => {
    const { jobs } = await bench.executing(3);
    const [queued, sending, lost] = jobs;
    if (queued === undefined || sending === undefined || lost === undefined) throw new Error('three jobs');
    provider.script.send = () => Promise.resolve({ outcome: 'unknown', code: 'timeout', message: '' });
    await bench.dispatch(sending);
    await bench.dispatch(lost);
    await bench.redis.hset(bench.keys.action(sending.actionId), 'status', 'sending');
    await bench.redis.zrem(bench.keys.actionsUnknown, sending.actionId);
    await bench.redis.zadd(bench.keys.actionsSending, Date.now() + 60_000, sending.actionId);
    await bench.redis.hincrby(bench.keys.batch(sending.batchId), 'n:unknown', -1);
    await bench.redis.hincrby(bench.keys.batch(sending.batchId), 'n:sending', 1);
    for (const { actionId } of jobs) await present(actionId);
    await comeBackOlder();
    expect(await recover()).toBe('recovered');
    for (const { actionId } of jobs) expect(await statusOf(actionId)).toBe('handed_over');
    for (const job of jobs) await bench.dispatch(job);
    expect(provider.handovers).toHaveLength(2);
    expect(await bench.batches.read(queued.batchId)).toMatchObject({
      status: 'executed',
      counts: { handed_over: 3 },
    });
    const rows = await bench.auditRows();
    expect(rows.filter(({ kind }) => kind === 'action.adopted')).toHaveLength(3);
  });

  test('holds the person of what the provider holds, so that no other channel writes to them', async () => {
    const { job } = await bench.executing();
    const { email } = (await bench.actions.read(job.actionId)) ?? { email: '' };
    await present(job.actionId);
    await comeBackOlder();
    await recover();
    expect(await bench.actions.whichInFlight('sandbox', [[`email:${email}`]])).toEqual([true]);
  });

  test('counts what was mailed already as left', async () => {
    const { job } = await bench.executing();
    await present(job.actionId, { mailed: true });
    await comeBackOlder();
    await recover();
    expect(await statusOf(job.actionId)).toBe('left');
  });

  test.each(['pending', 'approved'] as const)(
    'compares a batch that is %s: it may have been executed in what the store forgot',
    async (status) => {
      const { batchId, previewHash, preview } = await bench.approvedBatch(2);
      if (status === 'pending') {
        await bench.redis.hset(
          bench.keys.batch(batchId),
          'status',
          'pending',
          'approvedBy',
          '',
          'approvalSeal',
          '',
        );
      }
      const [first, second] = preview.actions.map(({ actionId }) => actionId);
      if (first === undefined || second === undefined) throw new Error('two actions');
      await present(first);
      await comeBackOlder();
      expect(await recover()).toBe('recovered');
      expect(await statusOf(first)).toBe('handed_over');
      if (status === 'pending') await bench.approveBatch(batchId, previewHash);
      expect(await bench.executeBatch({ ...bench.by, batchId })).toMatchObject({ outcome: 'claimed' });
      expect((await bench.actions.takeDue(10, 60_000)).map(({ actionId }) => actionId)).toEqual([second]);
    },
  );

  test('compares an approved batch however many came after it', async () => {
    const { batchId, preview } = await bench.approvedBatch();
    await bench.endedCopiesOf(batchId, 1_001);
    const actionId = preview.actions[0]?.actionId ?? '';
    await present(actionId);
    await comeBackOlder();
    expect(await recover()).toBe('recovered');
    expect(await statusOf(actionId)).toBe('handed_over');
  });

  test('does not ask about batches that cannot run any more', async () => {
    const { batchId } = await bench.approvedBatch();
    await bench.batches.change({ ...bench.by, batchId, command: 'revoke', previewHash: null, reason: 'x' });
    provider.script.otherwise = () => {
      throw new Error('nobody should ask');
    };
    await comeBackOlder();
    expect(await recover()).toBe('recovered');
  });
});

describe('stays closed and says why while', () => {
  const stuck = async (reason: string): Promise<void> => {
    await comeBackOlder();
    for (let look = 0; look < 2; look += 1) expect(await recover()).toBe('waiting');
    expect(await bench.lifecycle.isRecovering()).toBe(true);
    expect(
      bench.log.lines().some(({ level, msg }) => level === 'error' && String(msg).includes(reason)),
    ).toBe(true);
  };

  test('a provider does not answer', async () => {
    const { job } = await bench.executing();
    provider.findings.set(job.actionId, { state: 'unreadable', message: '503' });
    await stuck('did not answer');
    provider.findings.delete(job.actionId);
    expect(await recover()).toBe('recovered');
  });

  test('a provider does not answer for long: said when it begins and when it is over, not at every look', async () => {
    const { job } = await bench.executing();
    provider.findings.set(job.actionId, { state: 'unreadable', message: '503' });
    await comeBackOlder();
    const again = recoverer();
    for (let look = 0; look < 5; look += 1) expect(await again()).toBe('waiting');
    const said = () => bench.log.lines().map(({ level, code, rounds }) => ({ level, code, rounds }));
    expect(said()).toEqual([
      { level: 'warn', code: undefined, rounds: undefined },
      { level: 'error', code: 'provider_silent', rounds: undefined },
    ]);
    provider.findings.delete(job.actionId);
    expect(await again()).toBe('recovered');
    expect(said().slice(2)).toEqual([
      { level: 'info', code: 'provider_silent', rounds: 5 },
      { level: 'warn', code: undefined, rounds: undefined },
    ]);
  });

  test('a provider has other content than was approved', async () => {
    const { job } = await bench.executing();
    await present(job.actionId, { contentDigest: 'f'.repeat(64) });
    await stuck('other content');
    expect(await statusOf(job.actionId)).toBe('queued');
  });

  test('the store is yet another run by the end of the comparison', async () => {
    await bench.executing();
    await comeBackOlder();
    provider.script.otherwise = () => {
      void bench.redis.hset(bench.keys.store, 'runId', 'yet another');
      return { state: 'absent' };
    };
    expect(await recover()).toBe('waiting');
    expect(await bench.lifecycle.isRecovering()).toBe(true);
  });
});

test('an action that nobody serves any more holds up nothing, and is refused when it is asked for', async () => {
  const { job } = await bench.executing();
  await comeBackOlder();
  expect(await recover(() => null)).toBe('recovered');
  const other = await benches.createBench({ session: bench.session, mode: 'log-only' });
  await other.dispatch(job);
  expect(await bench.receiptOf(job.actionId)).toMatchObject({ outcome: 'blocked', reason: 'mode_changed' });
});

test('more actions than are compared at once are all compared', async () => {
  const { preview } = await bench.approvedBatch(205);
  const last = preview.actions.at(-1)?.actionId ?? '';
  await present(last);
  await comeBackOlder();
  expect(await recover()).toBe('recovered');
  expect(await statusOf(last)).toBe('handed_over');
  expect(bench.log.lines().at(-1)).toMatchObject({ compared: 205, adopted: 1, done: true });
});

test('an older copy that forgot a stop and an opt-out sends nothing when it is compared, until a person lifts the stop', async () => {
  const { job } = await bench.executing();
  const chain = createAuditBench(bench);
  await chain.seal();
  const copy = await bench.redis.hgetall(bench.keys.auditHead);
  await bench.lists.setHalt('stop', 'ada', 'somebody complained', 'correlation-1');
  await chain.seal();
  // Everything of after the copy is gone, the stop among it.
  await bench.redis.del(bench.keys.halt);
  await bench.redis.hset(bench.keys.auditHead, copy);
  await comeBackOlder();
  await bench.session.refresh();
  const { lookForLoss } = chain.sealer;
  expect(await recoverer(undefined, lookForLoss)()).toBe('recovered');
  await bench.dispatch(job);
  expect(provider.handovers).toEqual([]);
  expect(await bench.receiptOf(job.actionId)).toMatchObject({ outcome: 'queued', reason: 'halted' });
  await bench.lists.setHalt('lift', 'ada', 'the lists are back', 'correlation-1');
  await bench.dispatch(job);
  expect(provider.handovers).toHaveLength(1);
});
