// Risk: one message that stays unknown hides the others, or fills the log until nobody reads it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { nothingFound, openReconcileRig, type ReconcileRig } from '../testing/reconcile-rig.ts';

let benches: GateBenches;
let rig: ReconcileRig;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  rig = await openReconcileRig(benches);
});
afterAll(() => benches.close());

describe('what stands for long', () => {
  const said = () =>
    rig.bench.log
      .lines()
      .filter(({ code }) => code === 'provider_silent')
      .map(({ level, provider: name, count, rounds }) => ({ level, name, count, rounds }));

  test('is said when it begins, with how many it is about, and when it is over, not at every look', async () => {
    const jobs = await rig.unknown(3);
    const silence = (): void =>
      jobs.forEach(({ actionId }) =>
        rig.provider.findings.set(actionId, { state: 'unreadable', message: '503' }),
      );
    silence();
    const reconcile = rig.reconciler();
    for (let look = 0; look < 5; look += 1) await reconcile();
    const name = rig.provider.adapter.name;
    expect(said()).toEqual([{ level: 'error', name, count: 3, rounds: undefined }]);
    rig.provider.findings.clear();
    for (let look = 0; look < 2; look += 1) await reconcile();
    const over = { level: 'info', name, count: 3, rounds: 5 };
    expect(said().slice(1)).toEqual([over]);
    silence();
    await reconcile();
    expect(said().slice(2)).toEqual([{ level: 'error', name, count: 3, rounds: undefined }]);
  });

  test('is one line for each action that a person has to decide', async () => {
    const jobs = await rig.unknown(2);
    for (const { actionId } of jobs)
      rig.provider.findings.set(actionId, {
        ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
        contentDigest: 'f'.repeat(64),
      });
    const reconcile = rig.reconciler();
    for (let look = 0; look < 3; look += 1) await reconcile();
    const lines = rig.bench.log.lines().filter(({ code }) => code === 'content_differs_at_provider');
    expect(lines.map(({ actionId }) => actionId).sort()).toEqual(jobs.map(({ actionId }) => actionId).sort());
  });
});

test('actions that wait for a person do not hide the ones behind them', async () => {
  rig = await openReconcileRig(benches, { idempotency: 'none' });
  const jobs = await rig.unknown(130);
  const last = jobs.at(-1);
  if (last === undefined) throw new Error('many jobs');
  rig.provider.findings.set(last.actionId, {
    ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
    contentDigest: await rig.digestOf(last),
  });
  expect(await rig.reconciler()()).toEqual({ ...nothingFound, needsPerson: 129, found: 1 });
  expect(await rig.outcomeOf(last)).toBe('handed_over');
});

test('an action that cannot be read is named, waits for a person, and does not hold up the others', async () => {
  const [damaged, whole] = await rig.unknown(2);
  if (damaged === undefined || whole === undefined) throw new Error('two jobs');
  rig.provider.findings.set(whole.actionId, {
    ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
    contentDigest: await rig.digestOf(whole),
  });
  await rig.bench.redis.hset(rig.bench.keys.action(damaged.actionId), 'digest', 'damaged');
  expect(await rig.reconciler()()).toEqual({ ...nothingFound, needsPerson: 1, found: 1 });
  expect(rig.bench.log.lines().filter(({ level }) => level === 'error')).toMatchObject([
    { actionId: damaged.actionId },
  ]);
});
