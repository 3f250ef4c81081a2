// Risk: a provider whose adapter keeps fewer promises than the dispatch relies on.
import { startProviderSimulator, type ProviderSimulator } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { underChance } from '../testing/conformance/chance.ts';
import { faultCasesOf } from '../testing/conformance/fault-cases.ts';
import { liars } from '../testing/conformance/liars.ts';
import {
  ofAnOrdinaryBatch,
  ofASecondHandover,
  ofReadingNothing,
  ofTakingBack,
  ofTheDeadline,
  ofTheSeal,
  underFault,
} from '../testing/conformance/promises.ts';
import type { Subject } from '../testing/conformance/subject.ts';
import { subjects } from '../testing/conformance/subjects.ts';
import { openRealStore, type RealStore } from '../testing/real-store.ts';

const apiKey = 'sandbox-key';
let store: RealStore;
let simulator: ProviderSimulator;
const started = new Map<string, Subject>();
beforeAll(async () => {
  store = await openRealStore();
  simulator = await startProviderSimulator({ apiKey, smtpPort: 0 });
  for (const [name, start] of Object.entries(subjects)) {
    started.set(name, await start({ store, simulator, apiKey }));
  }
});
afterAll(async () => {
  for (const subject of started.values()) await subject.close();
  await simulator.close();
  await store.close();
});

const subjectOf = (name: string): Subject => {
  const subject = started.get(name);
  if (subject === undefined) throw new Error(`there is no provider ${name}`);
  return subject;
};

/** What each declares of itself: whoever changes one of these changes what dispatch may rely on. */
const declared = {
  'log-only': { name: 'log', holdsBeforeMailing: false, idempotency: 'keyed', unsubscribe: 'own' },
  instantly: { name: 'instantly', holdsBeforeMailing: true, idempotency: 'none', unsubscribe: 'vendor' },
  heyreach: { name: 'heyreach', holdsBeforeMailing: true, idempotency: 'none', unsubscribe: 'none' },
  ghl: { name: 'ghl', holdsBeforeMailing: false, idempotency: 'none', unsubscribe: 'none' },
  smtp: { name: 'smtp', holdsBeforeMailing: false, idempotency: 'none', unsubscribe: 'own' },
} as const;

describe.each(Object.keys(subjects))('%s', (name) => {
  test('declares what it can do', () => {
    const { adapter } = subjectOf(name);
    expect(adapter).toMatchObject(declared[name as keyof typeof declared]);
    expect(adapter.visibilityLagMaxMs).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ['everybody gets their own approved words and is found again', ofAnOrdinaryBatch],
    ['a second hand-over is what it is declared to be', ofASecondHandover],
    ['nothing is written at or after the deadline', ofTheDeadline],
    ['what is not the sealed message is refused', ofTheSeal],
    ['taken back is a read-back absence, or a reason', ofTakingBack],
    ['what cannot be read is not absent, not taken back and not paused', ofReadingNothing],
  ])('%s', async (_, promise) => {
    expect(await promise(subjectOf(name))).toEqual([]);
  });

  test('no fault at any step makes its outcome a lie', async () => {
    const subject = subjectOf(name);
    const violations: string[] = [];
    let cases = 0;
    for (const step of subject.steps) {
      for (const fault of faultCasesOf(subject, step)) {
        violations.push(...(await underFault(subject, step, fault)));
        cases += 1;
      }
    }
    expect(violations).toEqual([]);
    if (subject.speaks !== 'nothing') expect(cases).toBeGreaterThan(50);
  });

  test('nor do faults by chance, many messages at once', async () => {
    const subject = subjectOf(name);
    if (subject.speaks === 'nothing') return;
    expect(await underChance(subject, [1, 2, 3], 20)).toEqual([]);
  });
});

describe('the suite is not deaf', () => {
  test.each(Object.entries(liars))(
    'it hears an adapter that %s',
    async (_, { provider, hasty = false, lie, askedOf }) => {
      const subject = subjectOf(provider);
      const honest = hasty ? subject.hasty : subject.adapter;
      expect(await askedOf(subject, honest)).toEqual([]);
      expect(await askedOf(subject, { ...honest, ...lie(honest) })).not.toEqual([]);
    },
  );
});
