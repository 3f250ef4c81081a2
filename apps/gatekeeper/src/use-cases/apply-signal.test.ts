// Risk: somebody who said stop is written to, because their wish was kept under one name only, late, or not at all.
import { type Signal, signalSchema } from '@caio/contracts';
import { createOptOuts, type OptOuts } from '@caio/state-store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';
import { type ApplySignal, createApplySignal } from './apply-signal.ts';

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
let optOuts: OptOuts;
let apply: ApplySignal;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  provider = createScriptedProvider();
  bench = await benches.createBench({ provider: provider.adapter });
  optOuts = createOptOuts(bench.session);
  apply = createApplySignal({ ...bench, optOuts, pseudonym: benches.pseudonym });
});
afterAll(() => benches.close());

const signal = (kind: Signal['kind'], personKeys: readonly string[], deliveryId = 'delivery-1'): Signal =>
  signalSchema.parse({
    kind,
    personKeys,
    source: 'unsubscribe-link',
    deliveryId,
    occurredAt: '2026-01-05T12:00:00.000Z',
    correlationId: 'correlation-1',
  });
const isSuppressed = async (key: string) =>
  (await bench.lists.whichSuppressed([[benches.pseudonym(key)]]))[0];

test.each(['unsubscribed', 'complained', 'bounced'] as const)(
  '%s suppresses the address, with who said so and when',
  async (kind) => {
    await apply(signal(kind, ['email:ada@acme.example']));
    expect((await bench.lists.listSuppressions(null)).entries).toEqual([
      {
        personKey: 'email:ada@acme.example',
        reason: kind,
        source: 'unsubscribe-link',
        at: '2026-01-05T12:00:00.000Z',
        by: 'unsubscribe-link',
        provenance: { via: 'signal', reference: 'delivery-1' },
      },
    ]);
    expect(await bench.auditRows()).toMatchObject([
      {
        kind: 'person.suppressed',
        code: kind,
        actor: 'unsubscribe-link',
        who: benches.pseudonym('email:ada@acme.example'),
      },
    ]);
  },
);

test('an answer is no reason not to write', async () => {
  await apply(signal('replied', ['email:ada@acme.example']));
  expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
});

test('a plus-tag covers the mailbox, every key that is named counts, and a key nobody can read is kept as it is', async () => {
  await apply(
    signal('unsubscribed', ['email:ada+news@acme.example', 'linkedin:ada-holm', 'email:odd"one@x']),
  );
  for (const key of [
    'email:ada+news@acme.example',
    'email:ada@acme.example',
    'linkedin:ada-holm',
    'email:odd"one@x',
  ]) {
    expect(await isSuppressed(key)).toBe(true);
  }
  expect(await isSuppressed('email:eva@acme.example')).toBe(false);
});

test('a wish covers every name we know the person by; a bounce only the address that bounced', async () => {
  for (const [kind, covered] of [
    ['unsubscribed', true],
    ['complained', true],
    ['bounced', false],
  ] as const) {
    bench = await benches.createBench();
    apply = createApplySignal({ ...bench, optOuts, pseudonym: benches.pseudonym });
    const lead = benches.leadOf({ linkedinUrl: 'https://www.linkedin.com/in/ada-holm-example' });
    await bench.pendingDraft(lead);
    await apply(signal(kind, [`email:${lead.email ?? ''}`]));
    expect(await isSuppressed(`email:${lead.email ?? ''}`)).toBe(true);
    expect(await isSuppressed('linkedin:ada-holm-example')).toBe(covered);
  }
});

test('a delivery that comes again adds nothing, and a second reason changes nothing', async () => {
  const first = signal('unsubscribed', ['email:ada@acme.example']);
  await apply(first);
  const before = await bench.redis.hgetall(bench.keys.suppressions);
  await Promise.all(Array.from({ length: 10 }, () => apply(first)));
  await apply(signal('bounced', ['email:ada@acme.example'], 'delivery-2'));
  expect(await bench.redis.hgetall(bench.keys.suppressions)).toEqual(before);
  expect(await bench.auditRows()).toHaveLength(1);
});

describe('a wish that still waits in its queue', () => {
  test('wins over a message that is ready to go, and is let go only when the suppression stands', async () => {
    const { jobs } = await bench.executing(2);
    const [mine, other] = jobs;
    if (mine === undefined || other === undefined) throw new Error('two jobs');
    const { email } = (await bench.actions.read(mine.actionId)) ?? { email: '' };
    const wish = signal('unsubscribed', [`email:${email}`]);
    await optOuts.record(wish.personKeys, wish.deliveryId);
    await bench.dispatch(mine);
    await bench.dispatch(other);
    expect(await bench.receiptOf(mine.actionId)).toMatchObject({ outcome: 'blocked', reason: 'suppressed' });
    expect(provider.handovers.map(({ actionId }) => actionId)).toEqual([other.actionId]);
    expect(await optOuts.waiting()).toBe(1);
    await apply(wish);
    expect(await optOuts.waiting()).toBe(0);
    expect(await isSuppressed(`email:${email}`)).toBe(true);
  });

  test('stays when the suppression could not be stored', async () => {
    const wish = signal('unsubscribed', ['email:ada@acme.example']);
    await optOuts.record(wish.personKeys, wish.deliveryId);
    await bench.redis.set(bench.keys.suppressions, 'not what it should be');
    await expect(apply(wish)).rejects.toThrow('WRONGTYPE');
    expect(await optOuts.waiting()).toBe(1);
  });
});
