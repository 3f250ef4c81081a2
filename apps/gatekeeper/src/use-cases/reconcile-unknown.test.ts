// Risk: a message whose fate nobody knows is sent a second time, or never, because somebody guessed.
import type { DispatchActionJob } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProviderAdapter } from '../provider-port.ts';
import {
  type BenchOptions,
  type GateBench,
  type GateBenches,
  openGateBenches,
} from '../testing/gate-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';
import { createReconcileUnknown, type ReconcileDependencies } from './reconcile-unknown.ts';

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
type Traits = Parameters<typeof createScriptedProvider>[0];
const open = async (traits: Traits = {}, options: BenchOptions = {}): Promise<void> => {
  provider = createScriptedProvider(traits);
  bench = await benches.createBench({ provider: provider.adapter, ...options });
};
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(() => open());
afterAll(() => benches.close());

const reconciler = (part: Partial<ReconcileDependencies> = {}) =>
  createReconcileUnknown({
    actions: bench.actions,
    rules: bench.rules,
    adapterOf: bench.adapters.adapterOf,
    logger: bench.log.logger,
    isAttemptOver: () => false,
    now: bench.now,
    ...part,
  });
/** By the clock on the wall, which does not run ahead of the store's. */
const dispatch = (job: DispatchActionJob) => bench.dispatchWith({ now: Date.now })(job);
/** Longer than any byte of the last attempt could have been on its way. */
const passQuietTime = async (milliseconds = 10_001): Promise<void> => {
  for (const actionId of await bench.actions.unknownIds(1_000))
    await bench.redis.hincrby(bench.keys.action(actionId), 'unknownSince', -milliseconds);
};

const unknown = async (count = 1): Promise<DispatchActionJob[]> => {
  const { jobs } = await bench.executing(count);
  provider.script.send = () => Promise.resolve({ outcome: 'unknown', code: 'timeout', message: 'x' });
  for (const job of jobs) await dispatch(job);
  return jobs;
};
const oneUnknown = async (): Promise<DispatchActionJob> => {
  const [job] = await unknown();
  if (job === undefined) throw new Error('one job');
  return job;
};
const outcomeOf = async (job: DispatchActionJob) => (await bench.receiptOf(job.actionId))?.outcome;
const digestOf = async (job: DispatchActionJob) => (await bench.actions.read(job.actionId))?.digest ?? '';
const nothing = { found: 0, released: 0, waiting: 0, needsPerson: 0 };

describe('a message that the provider has', () => {
  const present = async (
    job: DispatchActionJob,
    mailed: boolean,
    contentDigest?: string | null,
  ): Promise<void> => {
    const digest = contentDigest === undefined ? await digestOf(job) : contentDigest;
    provider.findings.set(job.actionId, {
      ...{ state: 'present', providerMessageId: 'provider-7', mailed, attemptId: null },
      contentDigest: digest,
    });
  };

  test.each([
    ['sandbox', true, false, 'handed_over'],
    ['sandbox', true, true, 'left'],
    ['sandbox', false, false, 'left'],
    ['log-only', false, true, 'handed_over'],
  ] as const)(
    'in the ledger %s (held before mailing: %s, mailed: %s) is %s',
    async (ledger, holdsBeforeMailing, mailed, outcome) => {
      await open({ holdsBeforeMailing });
      const job = await oneUnknown();
      await bench.redis.hset(bench.keys.action(job.actionId), 'ledger', ledger);
      await present(job, mailed);
      expect(await reconciler()()).toEqual({ ...nothing, found: 1 });
      expect(await bench.receiptOf(job.actionId)).toMatchObject({
        outcome,
        providerMessageId: 'provider-7',
        proof: expect.stringContaining('found'),
      });
      expect(await bench.batches.read(job.batchId)).toMatchObject({ status: 'executed' });
    },
  );

  test('holds its person while the provider holds it', async () => {
    const job = await oneUnknown();
    const { email } = (await bench.actions.read(job.actionId)) ?? { email: '' };
    await present(job, false);
    await reconciler()();
    expect(await bench.actions.personInFlight('sandbox', [`email:${email}`])).toBe(true);
  });

  test.each([
    ['other content', 'f'.repeat(64)],
    ['content that it cannot show', null],
  ])('with %s waits for a person, each time, and is never sent again', async (_, digest) => {
    const job = await oneUnknown();
    await present(job, false, digest);
    const reconcile = reconciler({ isAttemptOver: () => true });
    await passQuietTime();
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, needsPerson: 1 });
    expect(await outcomeOf(job)).toBe('unknown');
    expect(bench.log.lines().filter(({ code }) => code === 'content_differs_at_provider')).toHaveLength(1);
  });
});

describe('a message that the provider does not have', () => {
  test('is released at the second look after the quiet time, not before, and can be sent again', async () => {
    const job = await oneUnknown();
    const reconcile = reconciler();
    for (let look = 0; look < 4; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    await passQuietTime();
    expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await outcomeOf(job)).toBe('unknown');
    expect(await reconcile()).toEqual({ ...nothing, released: 1 });
    expect(await bench.receiptOf(job.actionId)).toMatchObject({
      outcome: 'queued',
      reason: 'absent_at_provider',
    });
    expect(await reconcile()).toEqual(nothing);
    await dispatch(job);
    expect(provider.handovers).toHaveLength(2);
  });

  test('has to be absent for as long as the provider may be slow to show it', async () => {
    await open({ visibilityLagMaxMs: 60_000 });
    await oneUnknown();
    const reconcile = reconciler();
    await passQuietTime(59_000);
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    await passQuietTime(2_000);
    await reconcile();
    expect(await reconcile()).toEqual({ ...nothing, released: 1 });
  });

  test('is not released any sooner by a clock of this process that runs ahead', async () => {
    await oneUnknown();
    bench.advance(86_400_000);
    const reconcile = reconciler();
    for (let look = 0; look < 4; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
  });

  test.each<[string, Traits, boolean, object]>([
    ['drops a second one by its key', { idempotency: 'keyed' }, false, { released: 1 }],
    ['drops none, but whoever sent it is certainly done', { idempotency: 'none' }, true, { released: 1 }],
    ['drops none, and whoever sent it may still write', { idempotency: 'none' }, false, { needsPerson: 1 }],
  ])('of a provider that %s', async (_, traits, over, expected) => {
    await open(traits);
    const job = await oneUnknown();
    const { owner, attemptId } = (await bench.actions.read(job.actionId)) ?? {};
    const asked: [string, string][] = [];
    const reconcile = reconciler({
      isAttemptOver: (one, attempt) => {
        asked.push([one, attempt]);
        return over;
      },
    });
    await passQuietTime();
    await reconcile();
    expect(await reconcile()).toEqual({ ...nothing, ...expected });
    expect(asked).toContainEqual([owner, attemptId]);
    expect(owner).toBe('test-process');
  });

  test('counts no look of an earlier attempt for the next one', async () => {
    const job = await oneUnknown();
    const reconcile = reconciler();
    await passQuietTime();
    await reconcile();
    await reconcile();
    await dispatch(job);
    await bench.redis.hset(bench.keys.action(job.actionId), 'unknownSince', '1');
    expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await outcomeOf(job)).toBe('unknown');
  });

  test('is tried again however often it got lost, each time later, as long as its batch lives', async () => {
    const job = await oneUnknown();
    const reconcile = reconciler();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await bench.redis.hset(bench.keys.action(job.actionId), 'unknownSince', '1');
      await reconcile();
      await reconcile();
      expect(await bench.receiptOf(job.actionId)).toMatchObject({
        ...{ outcome: 'queued', reason: 'absent_at_provider', attempts: attempt + 1 },
      });
      await dispatch(job);
    }
    expect(provider.handovers).toHaveLength(6);
    expect(await bench.batches.read(job.batchId)).toMatchObject({ status: 'executing' });
  });

  test('was asked for before anybody could still have written: who ends during the question is not over', async () => {
    await open({ idempotency: 'none' });
    await oneUnknown();
    let over = false;
    const slow: ProviderAdapter = {
      ...provider.adapter,
      find: async (queries) => {
        const answer = await provider.adapter.find(queries);
        over = true;
        return answer;
      },
    };
    const reconcile = reconciler({ adapterOf: () => slow, isAttemptOver: () => over });
    await passQuietTime();
    expect(await reconcile()).toEqual({ ...nothing, needsPerson: 1 });
    await reconcile();
    expect(await reconcile()).toEqual({ ...nothing, released: 1 });
  });
});

describe('a provider that tells nothing', () => {
  test.each<[string, (job: DispatchActionJob) => void]>([
    [
      'cannot be read',
      ({ actionId }) => void provider.findings.set(actionId, { state: 'unreadable', message: '503' }),
    ],
    ['leaves the action out of its answer', () => (provider.script.otherwise = () => null)],
  ])('(%s) is waited for, however long', async (_, silence) => {
    const job = await oneUnknown();
    silence(job);
    const reconcile = reconciler({ isAttemptOver: () => true });
    await passQuietTime();
    for (let look = 0; look < 5; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await outcomeOf(job)).toBe('unknown');
  });

  test('because nobody serves the action is waited for, too', async () => {
    const job = await oneUnknown();
    const reconcile = reconciler({ adapterOf: () => null, isAttemptOver: () => true });
    await passQuietTime();
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await outcomeOf(job)).toBe('unknown');
  });
});

describe('what stands for long', () => {
  const said = () =>
    bench.log
      .lines()
      .filter(({ code }) => code === 'provider_silent')
      .map(({ level, provider: name, count, rounds }) => ({ level, name, count, rounds }));

  test('is said when it begins, with how many it is about, and when it is over, not at every look', async () => {
    const jobs = await unknown(3);
    const silence = (): void =>
      jobs.forEach(({ actionId }) =>
        provider.findings.set(actionId, { state: 'unreadable', message: '503' }),
      );
    silence();
    const reconcile = reconciler();
    for (let look = 0; look < 5; look += 1) await reconcile();
    const name = provider.adapter.name;
    expect(said()).toEqual([{ level: 'error', name, count: 3, rounds: undefined }]);
    provider.findings.clear();
    for (let look = 0; look < 2; look += 1) await reconcile();
    const over = { level: 'info', name, count: 3, rounds: 5 };
    expect(said().slice(1)).toEqual([over]);
    silence();
    await reconcile();
    expect(said().slice(2)).toEqual([{ level: 'error', name, count: 3, rounds: undefined }]);
  });

  test('is one line for each action that a person has to decide', async () => {
    const jobs = await unknown(2);
    for (const { actionId } of jobs)
      provider.findings.set(actionId, {
        ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
        contentDigest: 'f'.repeat(64),
      });
    const reconcile = reconciler();
    for (let look = 0; look < 3; look += 1) await reconcile();
    const lines = bench.log.lines().filter(({ code }) => code === 'content_differs_at_provider');
    expect(lines.map(({ actionId }) => actionId).sort()).toEqual(jobs.map(({ actionId }) => actionId).sort());
  });
});

test('actions that wait for a person do not hide the ones behind them', async () => {
  await open({ idempotency: 'none' });
  const jobs = await unknown(130);
  const last = jobs.at(-1);
  if (last === undefined) throw new Error('many jobs');
  provider.findings.set(last.actionId, {
    ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
    contentDigest: await digestOf(last),
  });
  expect(await reconciler()()).toEqual({ ...nothing, needsPerson: 129, found: 1 });
  expect(await outcomeOf(last)).toBe('handed_over');
});

test('an action that cannot be read is named, waits for a person, and does not hold up the others', async () => {
  const [damaged, whole] = await unknown(2);
  if (damaged === undefined || whole === undefined) throw new Error('two jobs');
  provider.findings.set(whole.actionId, {
    ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
    contentDigest: await digestOf(whole),
  });
  await bench.redis.hset(bench.keys.action(damaged.actionId), 'digest', 'damaged');
  expect(await reconciler()()).toEqual({ ...nothing, needsPerson: 1, found: 1 });
  expect(bench.log.lines().filter(({ level }) => level === 'error')).toMatchObject([
    { actionId: damaged.actionId },
  ]);
});

test('an action that settled while the provider was asked stays as it settled', async () => {
  const job = await oneUnknown();
  const { attemptId = '', digest } = (await bench.actions.read(job.actionId)) ?? {};
  const slow: ProviderAdapter = {
    ...provider.adapter,
    find: async (queries) => {
      await bench.actions.settle({
        ...{ actionId: job.actionId, batchId: job.batchId, attemptId, ledger: 'sandbox', to: 'refused' },
        ...{ providerMessageId: '', proof: '', code: 'no_such_mailbox', retryAfterMs: 0 },
        backoff: { firstMs: 1, maxMs: 1 },
        ...{ stillHeld: false, actor: 'gatekeeper', correlationId: 'correlation-1' },
      });
      provider.findings.set(job.actionId, {
        ...{ state: 'present', providerMessageId: 'm', mailed: false, attemptId: null },
        contentDigest: digest ?? '',
      });
      return provider.adapter.find(queries);
    },
  };
  await reconciler({ adapterOf: () => slow })();
  expect(await bench.receiptOf(job.actionId)).toMatchObject({
    outcome: 'refused',
    reason: 'no_such_mailbox',
  });
});
