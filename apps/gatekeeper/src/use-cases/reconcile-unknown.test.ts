// Risk: a message whose fate nobody knows is sent a second time, or never, because somebody guessed.
import type { DispatchActionJob } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProviderAdapter } from '../provider-port.ts';
import { type BenchOptions, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import {
  nothingFound as nothing,
  openReconcileRig,
  type ReconcileRig,
  type Traits,
} from '../testing/reconcile-rig.ts';
import type { ReconcileDependencies } from './reconcile-unknown.ts';

let benches: GateBenches;
let bench: ReconcileRig['bench'];
let provider: ReconcileRig['provider'];
let rig: ReconcileRig;
const open = async (traits: Traits = {}, options: BenchOptions = {}): Promise<void> => {
  rig = await openReconcileRig(benches, traits, options);
  ({ bench, provider } = rig);
};
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(() => open());
afterAll(() => benches.close());

const reconciler = (part: Partial<ReconcileDependencies> = {}) => rig.reconciler(part);

describe('a message that the provider has', () => {
  const present = async (
    job: DispatchActionJob,
    mailed: boolean,
    contentDigest?: string | null,
  ): Promise<void> => {
    const digest = contentDigest === undefined ? await rig.digestOf(job) : contentDigest;
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
      const job = await rig.oneUnknown();
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
    const job = await rig.oneUnknown();
    const { email } = (await bench.actions.read(job.actionId)) ?? { email: '' };
    await present(job, false);
    await reconciler()();
    expect(await bench.actions.whichInFlight('sandbox', [[`email:${email}`]])).toEqual([true]);
  });

  test.each([
    ['other content', 'f'.repeat(64)],
    ['content that it cannot show', null],
  ])('with %s waits for a person, each time, and is never sent again', async (_, digest) => {
    const job = await rig.oneUnknown();
    await present(job, false, digest);
    const reconcile = reconciler({ isAttemptOver: () => true });
    await rig.passQuietTime();
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, needsPerson: 1 });
    expect(await rig.outcomeOf(job)).toBe('unknown');
    expect(bench.log.lines().filter(({ code }) => code === 'content_differs_at_provider')).toHaveLength(1);
  });
});

describe('a message that the provider does not have', () => {
  test('is released at the second look after the quiet time, not before, and can be sent again', async () => {
    const job = await rig.oneUnknown();
    const reconcile = reconciler();
    for (let look = 0; look < 4; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    await rig.passQuietTime();
    expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await rig.outcomeOf(job)).toBe('unknown');
    expect(await reconcile()).toEqual({ ...nothing, released: 1 });
    expect(await bench.receiptOf(job.actionId)).toMatchObject({
      outcome: 'queued',
      reason: 'absent_at_provider',
    });
    expect(await reconcile()).toEqual(nothing);
    await rig.dispatch(job);
    expect(provider.handovers).toHaveLength(2);
  });

  test('has to be absent for as long as the provider may be slow to show it', async () => {
    await open({ visibilityLagMaxMs: 60_000 });
    await rig.oneUnknown();
    const reconcile = reconciler();
    await rig.passQuietTime(59_000);
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    await rig.passQuietTime(2_000);
    await reconcile();
    expect(await reconcile()).toEqual({ ...nothing, released: 1 });
  });

  test('is not released any sooner by a clock of this process that runs ahead', async () => {
    await rig.oneUnknown();
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
    const job = await rig.oneUnknown();
    const { owner, attemptId } = (await bench.actions.read(job.actionId)) ?? {};
    const asked: [string, string][] = [];
    const reconcile = reconciler({
      isAttemptOver: (one, attempt) => {
        asked.push([one, attempt]);
        return over;
      },
    });
    await rig.passQuietTime();
    await reconcile();
    expect(await reconcile()).toEqual({ ...nothing, ...expected });
    expect(asked).toContainEqual([owner, attemptId]);
    expect(owner).toBe('test-process');
  });

  test('counts no look of an earlier attempt for the next one', async () => {
    const job = await rig.oneUnknown();
    const reconcile = reconciler();
    await rig.passQuietTime();
    await reconcile();
    await reconcile();
    await rig.dispatch(job);
    await rig.passQuietTime(86_400_000);
    expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await rig.outcomeOf(job)).toBe('unknown');
  });

  test('is tried again however often it got lost, each time later, as long as its batch lives', async () => {
    const job = await rig.oneUnknown();
    const reconcile = reconciler();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await rig.passQuietTime(86_400_000);
      await reconcile();
      await reconcile();
      expect(await bench.receiptOf(job.actionId)).toMatchObject({
        ...{ outcome: 'queued', reason: 'absent_at_provider', attempts: attempt + 1 },
      });
      await rig.dispatch(job);
    }
    expect(provider.handovers).toHaveLength(6);
    expect(await bench.batches.read(job.batchId)).toMatchObject({ status: 'executing' });
  });

  test('was asked for before anybody could still have written: who ends during the question is not over', async () => {
    await open({ idempotency: 'none' });
    await rig.oneUnknown();
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
    await rig.passQuietTime();
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
    const job = await rig.oneUnknown();
    silence(job);
    const reconcile = reconciler({ isAttemptOver: () => true });
    await rig.passQuietTime();
    for (let look = 0; look < 5; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await rig.outcomeOf(job)).toBe('unknown');
  });

  test('because nobody serves the action is waited for, too', async () => {
    const job = await rig.oneUnknown();
    const reconcile = reconciler({ adapterOf: () => null, isAttemptOver: () => true });
    await rig.passQuietTime();
    for (let look = 0; look < 3; look += 1) expect(await reconcile()).toEqual({ ...nothing, waiting: 1 });
    expect(await rig.outcomeOf(job)).toBe('unknown');
  });
});

test('an action that settled while the provider was asked stays as it settled', async () => {
  const job = await rig.oneUnknown();
  const { attemptId = '', digest } = (await bench.actions.read(job.actionId)) ?? {};
  const slow: ProviderAdapter = {
    ...provider.adapter,
    find: async (queries) => {
      await bench.actions.settle({
        ...{ actionId: job.actionId, batchId: job.batchId, attemptId, ledger: 'sandbox', to: 'refused' },
        ...{ providerMessageId: '', proof: '', code: 'no_such_mailbox', retryAfterMs: 0 },
        backoff: { firstMs: 1, maxMs: 1, attemptsMax: 100 },
        heard: null,
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
