// Risk: a list changes between the look and the step, and something is stored, removed or lifted that nobody saw.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createCustomerList } from './customer-list.ts';
import { createListChanges, type ListImport } from './list-changes.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let changes: ReturnType<typeof createListChanges>;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  changes = createListChanges(gate.session);
});
afterAll(() => fixture.close());

const by = { actor: 'ann', correlationId: 'correlation-1' };
const entry = (note: string): string => JSON.stringify({ note, reason: 'manual' });
const importing = (change: Partial<ListImport>) =>
  changes.importList({
    ...{ list: 'exclusions', add: new Map(), remove: new Map(), sizeBefore: null, pseudonyms: new Map() },
    ...{ diffDigest: 'd'.repeat(64), ...by, ...change },
  });
const stored = () => gate.redis.hgetall(gate.keys.exclusions);
const auditRows = () => gate.redis.xlen(gate.keys.audit);

describe('an import stores nothing of itself', () => {
  beforeEach(async () => {
    await gate.redis.hset(gate.keys.exclusions, {
      'domain:a.example': entry('a'),
      'domain:b.example': entry('b'),
    });
  });

  test.each<[string, Partial<ListImport>]>([
    [
      'when an entry to add is there by now',
      {
        add: new Map([
          ['domain:c.example', entry('c')],
          ['domain:a.example', entry('x')],
        ]),
      },
    ],
    [
      'when an entry to remove is another one by now',
      { remove: new Map([['domain:a.example', entry('before')]]) },
    ],
    ['when an entry to remove is gone', { remove: new Map([['domain:z.example', entry('z')]]) }],
    [
      'when an entry came that nobody compared',
      { remove: new Map([['domain:a.example', entry('a')]]), sizeBefore: 1 },
    ],
  ])('%s', async (_, change) => {
    const [before, rows] = [await stored(), await auditRows()];
    expect(await importing(change)).toBe(false);
    expect([await stored(), await auditRows()]).toEqual([before, rows]);
  });

  test('but all of itself when the list is as it was', async () => {
    expect(
      await importing({
        add: new Map([['domain:c.example', entry('c')]]),
        remove: new Map([['domain:a.example', entry('a')]]),
        sizeBefore: 2,
      }),
    ).toBe(true);
    expect(Object.keys(await stored()).sort()).toEqual(['domain:b.example', 'domain:c.example']);
  });
});

test('a suppression that changed after it was judged is not lifted', async () => {
  await gate.redis.hset(gate.keys.suppressions, 'p1', entry('now a complaint'));
  const lifted = { at: '2026-01-05T12:00:00.000Z', by: 'ann', reason: 'asked', consentEvidence: 'form 118' };
  const kept = { reason: 'manual', source: 'x', at: lifted.at, by: 'x' } as const;
  const lift = (text: string) =>
    changes.lift({
      ...{ entries: new Map([['p1', text]]), personKeys: [], ...by },
      kept: new Map([['p1', { ...kept, lifted: { ...lifted, consentObtainedAt: lifted.at } }]]),
    });
  expect(await lift(entry('an opt-out'))).toBe('changed_meanwhile');
  expect(await gate.redis.hget(gate.keys.suppressions, 'p1')).toBe(entry('now a complaint'));
  expect(await lift(entry('now a complaint'))).toBe('lifted');
  expect([
    await gate.redis.hexists(gate.keys.suppressions, 'p1'),
    await changes.liftedOf(['p1']),
  ]).toMatchObject([0, [{ lifted: { consentEvidence: 'form 118' } }]]);
});

test('a list of customers that another one overtook is neither taken over nor noted as fallen', async () => {
  const customers = createCustomerList(gate.session);
  const apply = (revision: string) =>
    customers.apply({
      ...{ add: new Map([['domain:a.example', entry('a')]]), remove: [], revision, source: 'crm' },
      ...{
        customers: 1,
        goodUntilMs: Date.now() + 60_000,
        pseudonyms: new Map(),
        digest: 'd'.repeat(64),
        ...by,
      },
      ...{ kind: 'customers.synced', accepted: null },
    });
  expect(await apply('0')).toEqual({ added: 1, removed: 0 });
  expect(await apply('0')).toBeNull();
  const what = { kind: 'fallen', from: 1, to: 0, digest: 'e'.repeat(64) } as const;
  const note = (revision: string) =>
    customers.note({ what, at: '2026-01-05T12:00:00.000Z', revision, ...by });
  expect(await note('0')).toBe(false);
  expect((await customers.standing()).goodUntilMs).toBeGreaterThan(Date.now());
  expect(await note('1')).toBe(true);
  expect(await customers.standing()).toMatchObject({ goodUntilMs: 0, fallen: { from: 1, to: 0 } });
});
