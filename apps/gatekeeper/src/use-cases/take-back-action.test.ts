// Risk: a message is reported as taken back while the provider still mails it.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { openHeldMessages } from '../testing/held-rig.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
const open = async (holdsBeforeMailing = true): Promise<void> => {
  provider = createScriptedProvider({ holdsBeforeMailing });
  bench = await benches.createBench({ provider: provider.adapter });
};
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(() => open());
afterAll(() => benches.close());

const takeBack = (actionId: string) =>
  openHeldMessages(benches, bench).takeBackAction({
    ...bench.by,
    actionId,
    reason: 'she asked us to stop',
  });
const handedOver = async () => {
  const { job } = await bench.executing();
  await bench.dispatch(job);
  return job;
};

test('a message that the provider gave back is taken back, with who wanted it and why, and its person is free', async () => {
  const job = await handedOver();
  const { email } = (await bench.actions.read(job.actionId)) ?? { email: '' };
  expect(await bench.actions.whichInFlight('sandbox', [[`email:${email}`]])).toEqual([true]);
  expect(await takeBack(job.actionId)).toMatchObject({
    outcome: 'taken_back',
    receipt: { outcome: 'taken_back', reason: 'she asked us to stop' },
  });
  expect(provider.takenBack).toMatchObject([
    { actionId: job.actionId, batchId: job.batchId, tier: 'tier_1' },
  ]);
  expect(await bench.actions.whichInFlight('sandbox', [[`email:${email}`]])).toEqual([false]);
  expect((await bench.auditRows()).at(-1)).toMatchObject({ kind: 'action.taken_back', actor: 'operator' });
});

test('what the provider does not give back stays handed over, and the wish stays open with its answer', async () => {
  const job = await handedOver();
  provider.script.takeBack = () =>
    Promise.resolve({ ok: false, code: 'still_present', message: 'It is still there.' });
  expect(await takeBack(job.actionId)).toEqual({
    outcome: 'refused',
    code: 'still_present',
    message: 'It is still there.',
  });
  expect(await bench.receiptOf(job.actionId)).toMatchObject({
    outcome: 'handed_over',
    takeBack: { state: 'open', by: 'operator', tries: 1, answer: 'still_present' },
  });
});

test('a provider that fails is no success, and is asked again', async () => {
  const job = await handedOver();
  provider.script.takeBack = () => Promise.reject(new Error('the connection was cut'));
  expect(await takeBack(job.actionId)).toMatchObject({ outcome: 'refused', code: 'adapter_error' });
  expect(await bench.receiptOf(job.actionId)).toMatchObject({
    outcome: 'handed_over',
    takeBack: { state: 'open', answer: 'adapter_error' },
  });
});

test('asked for again, or by many at once, it is the same one removal', async () => {
  const job = await handedOver();
  const results = await Promise.all(Array.from({ length: 5 }, () => takeBack(job.actionId)));
  expect(results.every(({ outcome }) => outcome === 'taken_back')).toBe(true);
  expect((await bench.auditRows()).filter(({ kind }) => kind === 'action.taken_back')).toHaveLength(1);
  expect(await takeBack(job.actionId)).toEqual({ outcome: 'state_conflict', status: 'taken_back' });
});

test('what is not handed over, not held or not known is refused without asking the provider', async () => {
  const { job } = await bench.executing();
  expect(await takeBack(job.actionId)).toEqual({ outcome: 'state_conflict', status: 'queued' });
  expect(await takeBack(benches.ids.action())).toEqual({ outcome: 'not_found' });
  await open(false);
  const sent = await handedOver();
  expect(await takeBack(sent.actionId)).toEqual({ outcome: 'state_conflict', status: 'left' });
  await bench.redis.hset(bench.keys.action(sent.actionId), 'status', 'handed_over');
  expect(await takeBack(sent.actionId)).toMatchObject({ outcome: 'refused', code: 'not_held' });
  expect(provider.takenBack).toEqual([]);
});
