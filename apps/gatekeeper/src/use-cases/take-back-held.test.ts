// Risk: somebody opts out after the hand-over and is written to all the same, or nobody sees that it was too late.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createFaultPoints } from '@caio/service-kit';
import { createOptOuts } from '@caio/state-store';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { type HeldRig, openHeldMessages, openHeldRig } from '../testing/held-rig.ts';
import { createApplySignal } from './apply-signal.ts';
import { createChangeExclusions } from './change-exclusions.ts';
import { createSuppressPerson } from './suppress-person.ts';

let benches: GateBenches;
let rig: HeldRig;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  rig = await openHeldRig(benches);
});
afterAll(() => benches.close());

const sweep = async (): Promise<void> => {
  await rig.findBarredHeld();
  await rig.takeBacks.sweep();
};
const by = { actor: 'operator', correlationId: 'correlation-1' } as const;
const suppress = (person: string, reason: 'unsubscribed' | 'bounced' = 'unsubscribed') =>
  createSuppressPerson({ lists: rig.bench.lists, pseudonym: benches.pseudonym, now: Date.now })({
    ...{ ...by, person, reason, source: 'test' },
  });
const exclude = (key: string) =>
  createChangeExclusions({ lists: rig.bench.lists, pseudonym: benches.pseudonym, now: Date.now })({
    ...{
      ...by,
      add: [{ key, kind: 'customer', note: 'a customer' }],
      remove: [],
      source: 'test',
      dryRun: false,
    },
  });
const signal = (kind: 'unsubscribed' | 'bounced' | 'complained', email: string) =>
  createApplySignal({
    ...{ lists: rig.bench.lists, drafts: rig.bench.drafts, pseudonym: benches.pseudonym },
    optOuts: createOptOuts(rig.bench.session),
  })({
    ...{ kind, personKeys: [`email:${email}`], source: 'instantly', deliveryId: 'delivery-1' },
    ...{ occurredAt: new Date().toISOString(), correlationId: 'correlation-signal' },
  });

describe('whoever may not be written to any more is taken back, whatever wrote it down', () => {
  test.each<[string, string, (email: string, batchId: string) => Promise<unknown>]>([
    [
      'an opt-out link, the moment it is stored',
      'suppressed',
      (email) => createOptOuts(rig.bench.session).record([`email:${email}`], 'delivery-1'),
    ],
    [
      'an opt-out of another tag of the mailbox',
      'suppressed',
      (email) => suppress(email.replace('@', '+news@')),
    ],
    ['a suppression by hand', 'suppressed', (email) => suppress(email)],
    ['a bounce', 'suppressed', (email) => signal('bounced', email)],
    ['a complaint', 'suppressed', (email) => signal('complained', email)],
    ['an excluded address', 'excluded', (email) => exclude(email)],
    ['an excluded domain', 'excluded', (email) => exclude(email.slice(email.indexOf('@') + 1))],
    ['the expiry of its batch', 'batch_expired', (_, batchId) => rig.expire(batchId)],
  ])('%s', async (_, reason, cause) => {
    const { batchId, jobs } = await rig.handedOver(2);
    const [one, other] = jobs;
    await sweep();
    expect(rig.provider.takenBack).toEqual([]);
    await cause(await rig.emailOf(one), batchId);
    await sweep();
    expect(await rig.receipt(one)).toMatchObject({
      outcome: 'taken_back',
      reason,
      takeBack: { state: 'done', reason, by: 'gatekeeper' },
    });
    expect((await rig.receipt(other))?.outcome).toBe(
      reason === 'batch_expired' ? 'taken_back' : 'handed_over',
    );
    expect(rig.provider.holding.has(one?.actionId ?? '')).toBe(false);
    const kinds = (await rig.bench.auditRows())
      .filter(({ ref }) => ref === one?.actionId)
      .map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['action.taking_back', 'action.taken_back']);
    expect(await rig.held.takingBackCount()).toBe(0);
  });
});

describe('a message that does not come back', () => {
  const cases: [string, () => void, string][] = [
    [
      'is still shown',
      () => {
        rig.provider.script.takeBack = () =>
          Promise.resolve({ ok: false, code: 'still_present', message: 'x' });
      },
      'still_present',
    ],
    [
      'cannot be read',
      () => {
        rig.provider.script.takeBack = () => Promise.resolve({ ok: false, code: 'unreadable', message: 'x' });
      },
      'unreadable',
    ],
    [
      'is at a provider that fails',
      () => {
        rig.provider.script.takeBack = () => Promise.reject(new Error('cut'));
      },
      'adapter_error',
    ],
  ];
  test.each(cases)(
    'and %s stays visible as being taken back, and comes back later',
    async (_, fail, code) => {
      const { jobs } = await rig.handedOver();
      const working = rig.provider.script.takeBack;
      fail();
      await suppress(await rig.emailOf(jobs[0]));
      await sweep();
      await rig.passWait();
      await sweep();
      expect(await rig.receipt(jobs[0])).toMatchObject({
        outcome: 'handed_over',
        takeBack: { state: 'open', reason: 'suppressed', tries: 2, answer: code },
      });
      // Not due yet: it waits longer from try to try.
      await sweep();
      expect((await rig.receipt(jobs[0]))?.takeBack?.tries).toBe(2);
      rig.provider.script.takeBack = working;
      await rig.passWait();
      await sweep();
      expect((await rig.receipt(jobs[0]))?.outcome).toBe('taken_back');
    },
  );

  test('because it was mailed is left, with the proof, an alarm in the audit and a receipt that says so', async () => {
    const { jobs } = await rig.handedOver();
    const job = jobs[0];
    const { digest = '' } = (await rig.bench.actions.read(job?.actionId ?? '')) ?? {};
    rig.provider.findings.set(job?.actionId ?? '', {
      ...{
        state: 'present',
        providerMessageId: 'lead-7',
        contentDigest: digest,
        mailed: true,
        attemptId: null,
      },
    });
    await suppress(await rig.emailOf(job));
    await sweep();
    expect(rig.provider.takenBack).toEqual([]);
    expect(await rig.receipt(job)).toMatchObject({
      outcome: 'left',
      reason: 'mailed_before_take_back',
      takeBack: { state: 'too_late', reason: 'suppressed' },
      mailed: { proof: 'instantly shows message lead-7 as mailed (sandbox).' },
    });
    expect((await rig.bench.auditRows()).filter(({ kind }) => kind === 'alarm')).toMatchObject([
      { code: 'mailed_before_take_back', ref: job?.actionId },
    ]);
    expect([await rig.held.heldCount(), await rig.held.takingBackCount()]).toEqual([0, 0]);
  });

  test('because it was mailed while it was being taken back is left too', async () => {
    const { jobs } = await rig.handedOver();
    rig.provider.script.takeBack = () =>
      Promise.resolve({ ok: false, code: 'already_mailed', message: 'It is gone out.' });
    await suppress(await rig.emailOf(jobs[0]));
    await sweep();
    expect(await rig.receipt(jobs[0])).toMatchObject({ outcome: 'left', reason: 'mailed_before_take_back' });
  });

  test('because the provider does not show it yet is not taken for gone', async () => {
    rig = await openHeldRig(benches, {});
    const { jobs } = await rig.handedOver();
    const lagging = { ...rig.provider.adapter, visibilityLagMaxMs: 60_000 };
    rig.provider.findings.set(jobs[0]?.actionId ?? '', { state: 'absent' });
    const held = openHeldMessages(benches, {
      ...rig.bench,
      adapters: { ...rig.bench.adapters, adapterOf: () => lagging },
    });
    await suppress(await rig.emailOf(jobs[0]));
    await held.findBarredHeld();
    await held.takeBacks.sweep();
    expect(await rig.receipt(jobs[0])).toMatchObject({
      outcome: 'handed_over',
      takeBack: { answer: 'not_visible_yet' },
    });
    await rig.bench.redis.hincrby(rig.bench.keys.action(jobs[0]?.actionId ?? ''), 'settledAt', -60_001);
    await rig.passWait();
    await held.takeBacks.sweep();
    expect((await rig.receipt(jobs[0]))?.outcome).toBe('taken_back');
  });
});

describe('a process that dies', () => {
  class Died extends Error {}
  test.each(['before-take-back', 'after-take-back', 'before-take-back-settle'])(
    '%s leaves the wish in the store, and the next one settles it once',
    async (point) => {
      const { jobs } = await rig.handedOver();
      await suppress(await rig.emailOf(jobs[0]));
      const dying = openHeldMessages(
        benches,
        rig.bench,
        createFaultPoints([{ kind: 'kill', point, hit: 1 }], () => {
          throw new Died();
        }),
      );
      await dying.findBarredHeld();
      // A death is not an error that somebody may note: what is left is what the store had by then.
      const before = await rig.bench.redis.hgetall(rig.bench.keys.action(jobs[0]?.actionId ?? ''));
      await dying.takeBacks.sweep().catch((error: unknown) => expect(error).toBeInstanceOf(Died));
      await rig.bench.redis.hset(rig.bench.keys.action(jobs[0]?.actionId ?? ''), before);
      expect(before['takeBackState']).toBe('open');
      await rig.passWait();
      await rig.takeBacks.sweep();
      expect(await rig.receipt(jobs[0])).toMatchObject({
        outcome: 'taken_back',
        takeBack: { state: 'done' },
      });
      const rows = (await rig.bench.auditRows()).filter(({ kind }) => kind === 'action.taken_back');
      expect(rows).toHaveLength(1);
    },
  );

  test('and two that sweep at once settle each message once', async () => {
    const { jobs } = await rig.handedOver(5);
    for (const job of jobs) await suppress(await rig.emailOf(job));
    const other = openHeldMessages(benches, rig.bench);
    await Promise.all([rig.findBarredHeld(), other.findBarredHeld()]);
    await Promise.all([rig.takeBacks.sweep(), other.takeBacks.sweep()]);
    const rows = await rig.bench.auditRows();
    expect(rows.filter(({ kind }) => kind === 'action.taking_back')).toHaveLength(5);
    expect(rows.filter(({ kind }) => kind === 'action.taken_back')).toHaveLength(5);
  });
});
