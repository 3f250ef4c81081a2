// Risk: everything is stopped here while a provider goes on mailing what it holds, and nobody is told.
import { createProviderPauses } from '@caio/state-store';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { openHttp } from '../testing/http-bench.ts';
import { type InstantlyWorkbench, openInstantlyWorkbench } from '../testing/instantly-workbench.ts';
import { createPauseProviders } from './pause-providers.ts';

let benches: GateBenches;
let bench: GateBench;
let vendor: InstantlyWorkbench;
let later: number;
beforeAll(async () => {
  [benches, vendor] = await Promise.all([openGateBenches(), openInstantlyWorkbench(77)]);
});
beforeEach(async () => {
  bench = await benches.createBench();
  later = 0;
});
afterEach(() => vendor.clear());
afterAll(() => Promise.all([benches.close(), vendor.close()]));

const stop = () => bench.lists.setHalt('stop', 'ann', 'a wrong price', 'correlation-stop');
const lift = () => bench.lists.setHalt('lift', 'ann', 'mended', 'correlation-lift');
const answers = async () => (await bench.lists.readHalt(false)).providers;
/** One gatekeeper's part in it; each remembers nothing of the others but what is stored. */
const pauserOf = (adapters: Parameters<typeof createPauseProviders>[0]['adapters'], emergencyStop = false) =>
  createPauseProviders({
    ...{ lists: bench.lists, pauses: createProviderPauses(bench.session), adapters },
    ...{ rules: { emergencyStop }, logger: bench.log.logger },
    ...{ now: () => Date.now() + later, newCorrelationId: () => 'correlation-pause' },
  });

/** An adapter with one campaign that mails. */
const mailing = async () => {
  const { adapter, batchId } = vendor.setUp();
  await adapter.send(vendor.handoverTo(batchId, 'ann'));
  const [campaign] = await vendor.campaignsAt();
  const activate = () => vendor.api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
  await activate();
  return { adapter, activate, status: async () => (await vendor.campaignsAt())[0]?.status };
};
const [active, paused] = [1, 2];

test('a stop pauses what mails, keeps the provider’s confirmation with its audit row, and asks nobody twice', async () => {
  const { adapter, status } = await mailing();
  const pause = pauserOf([adapter]);
  await pause();
  expect([await status(), await answers()]).toEqual([active, []]);
  await stop();
  await pause();
  expect(await status()).toBe(paused);
  const confirmed = { provider: 'instantly', mode: 'sandbox', paused: 1, failed: [], asked: 1 };
  expect(await answers()).toMatchObject([confirmed]);
  await pauserOf([adapter])();
  expect(await answers()).toMatchObject([confirmed]);
  expect((await bench.auditRows()).map(({ kind, ref }) => `${kind} ${ref}`)).toEqual([
    'halt.set halt',
    'provider.paused instantly sandbox',
  ]);
});

test('what a provider did not pause is named, and asked for again until it is', async () => {
  const { adapter, status } = await mailing();
  vendor.simulator.setFaults([
    { endpoint: 'POST /campaigns/:id/pause', hit: 1, effect: { kind: 'status', status: 500 } },
  ]);
  await stop();
  await pauserOf([adapter])();
  expect(await status()).toBe(active);
  expect(await answers()).toMatchObject([
    { paused: 0, failed: [{ message: expect.stringContaining('500') }] },
  ]);
  // Another process goes on where the first one died.
  later = 3_000;
  await pauserOf([adapter])();
  expect([await status(), await answers()]).toMatchObject([paused, [{ paused: 1, failed: [], asked: 2 }]]);
  expect((await bench.auditRows()).map(({ kind }) => kind)).toEqual([
    'halt.set',
    'provider.pause_failed',
    'provider.paused',
  ]);
});

test('a campaign that somebody sets going at the provider during the stop is paused again', async () => {
  const { adapter, activate, status } = await mailing();
  await stop();
  await pauserOf([adapter])();
  await activate();
  later = 61_000;
  await pauserOf([adapter])();
  expect([await status(), await answers()]).toMatchObject([paused, [{ paused: 2, asked: 2 }]]);
});

test('an answer to an earlier stop is none to this one, and EMERGENCY_STOP pauses as well', async () => {
  const { adapter, activate, status } = await mailing();
  await stop();
  await pauserOf([adapter])();
  await lift();
  expect(await answers()).toEqual([]);
  await activate();
  await pauserOf([adapter])();
  expect(await status()).toBe(active);
  await pauserOf([adapter], true)();
  expect(await status()).toBe(paused);
  expect((await bench.lists.readHalt(true)).providers).toMatchObject([{ paused: 1, asked: 1 }]);
  expect(await answers()).toEqual([]);
});

test('an adapter that throws is an answer too, and holds up no other', async () => {
  const { adapter, status } = await mailing();
  const broken = {
    name: 'log',
    mode: 'log-only',
    pauseAll: () => Promise.reject(new Error('bug')),
  } as const;
  await stop();
  await pauserOf([broken, adapter])();
  expect(await status()).toBe(paused);
  expect(await answers()).toMatchObject([
    { paused: 1, failed: [] },
    { provider: 'log', paused: 0 },
  ]);
  expect((await answers())[1]?.failed).toHaveLength(1);
});

test('the call that stops is answered before any provider is asked, and one that hangs holds nobody up', async () => {
  const { adapter } = await mailing();
  let answer = (): void => undefined;
  const slow = {
    ...{ name: adapter.name, mode: adapter.mode },
    pauseAll: async (request: { correlationId: string }) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return adapter.pauseAll(request);
    },
  };
  const http = await openHttp(benches, bench, { pausing: [slow] });
  try {
    const stopped = await http.post('/api/halt', { reason: 'a wrong price' });
    expect(stopped.body).toMatchObject({ changed: true, halt: { active: true, providers: [] } });
    answer();
    const asked = pauserOf([adapter]);
    await asked();
    expect((await http.get('/api/halt')).body.halt.providers).toMatchObject([
      { provider: 'instantly', failed: [] },
    ]);
  } finally {
    answer();
    await http.close();
  }
});
