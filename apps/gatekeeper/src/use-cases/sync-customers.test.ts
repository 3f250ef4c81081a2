// Risk: a customer gets cold mail, because the CRM was not asked, gave half a list, or lost most of it unnoticed.
import type { Policy } from '@caio/contracts';
import { createCustomerList } from '@caio/state-store';
import { type ProviderSimulator, startProviderSimulator } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomerSource } from '../customers/customer-source.ts';
import { createGhlCustomers } from '../customers/ghl-customers.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createCustomerSync, type CustomerSync } from './sync-customers.ts';

const policy: Policy['customers'] = { required: false, staleHours: 24, fallPercentMax: 10 };
const by = { actor: 'imke.vale', correlationId: 'correlation-1' };

let benches: GateBenches;
let simulator: ProviderSimulator;
let bench: GateBench;
let source: CustomerSource;
let crm: CustomerSync;
beforeAll(async () => {
  benches = await openGateBenches();
  simulator = await startProviderSimulator({ apiKey: 'key-of-the-crm' });
});
const sourceWith = (changes: Partial<Parameters<typeof createGhlCustomers>[0]> = {}) =>
  createGhlCustomers({
    ...{ url: `${simulator.url}/ghl`, apiKey: 'key-of-the-crm', locationId: 'loc', tag: 'customer' },
    ...{ timeoutMs: 5_000, monotonicMs: () => performance.now(), ...changes },
  });
const syncWith = (from: CustomerSource | null, rules = policy) =>
  createCustomerSync({
    ...{ source: from, policy: rules, lists: bench.lists, pseudonym: benches.pseudonym },
    customers: createCustomerList(bench.session),
  });
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
  simulator.ghl.clear();
  simulator.setFaults([]);
  source = sourceWith();
  crm = syncWith(source);
});
afterEach(() => source.close());
afterAll(async () => {
  await simulator.close();
  await benches.close();
});

const customer = (number: number) => ({ email: `buyer@c${number}.example`, tags: ['Customer'] });
const customers = (count: number) => Array.from({ length: count }, (_, index) => customer(index));
const excluded = async () => (await bench.lists.listExclusions(null)).entries.map(({ key }) => key).sort();
const exclude = (key: string) =>
  bench.lists.changeExclusions({
    add: [{ key, kind: 'customer', note: 'by hand', source: 'desk', at: new Date().toISOString(), by: 'x' }],
    ...{ remove: [], pseudonyms: new Map([[key, 'p']]), ...by },
  });
/** Whether an approved message is admitted where a list of customers is required. */
const admits = async (customerList: 'required' | 'not_required' = 'required') => {
  const { job } = await bench.executing(1);
  return (await bench.dispatchWith({ rules: { ...bench.rules, customerList } })(job)) ?? 'admitted';
};

describe('taking the list over', () => {
  test('customers are excluded by address and company, with where that comes from; others are left alone', async () => {
    simulator.ghl.addContacts([
      { email: 'ada@acme.example', website: 'https://www.acme-group.example/', tags: ['vip', 'CUSTOMER'] },
      { email: 'ben@gmail.com', tags: ['customer'] },
      { email: 'prospect@other.example', tags: ['lead'] },
      { email: null, website: 'not a website', tags: ['customer'] },
    ]);
    expect(await crm.sync(by)).toMatchObject({
      ...{ outcome: 'applied', added: 4, removed: 0, unreadable: 1 },
      customers: { state: 'fresh', source: 'ghl', customers: 3, exclusions: 4 },
    });
    expect(await excluded()).toEqual([
      'domain:acme-group.example',
      'domain:acme.example',
      'email:ada@acme.example',
      'email:ben@gmail.com',
    ]);
    expect((await bench.lists.exclusionsOf(['domain:acme.example']))[0]).toMatchObject({
      ...{ kind: 'customer', source: 'crm:ghl', provenance: { via: 'crm', reference: expect.any(String) } },
    });
    expect(await admits()).toBe('admitted');
  });

  test('every page is read; who is no customer any more comes off, and what a person excluded stays', async () => {
    simulator.ghl.addContacts(customers(250));
    await exclude('domain:c0.example');
    expect(await crm.sync(by)).toMatchObject({ added: 499, customers: { customers: 250 } });
    simulator.ghl.clear();
    simulator.ghl.addContacts(customers(250).slice(20));
    expect(await crm.sync(by)).toMatchObject({ outcome: 'applied', added: 0, removed: 39 });
    expect(await excluded()).toContain('domain:c0.example');
    expect(await excluded()).not.toContain('domain:c1.example');
  });

  test('a customer whom somebody took off the list is back after the next look', async () => {
    simulator.ghl.addContacts(customers(2));
    await crm.sync(by);
    await bench.lists.changeExclusions({
      ...{ add: [], remove: ['domain:c1.example'], pseudonyms: new Map([['domain:c1.example', 'p']]), ...by },
    });
    expect(await crm.sync(by)).toMatchObject({ added: 1 });
    expect(await excluded()).toContain('domain:c1.example');
  });

  test('two at once take it over once', async () => {
    simulator.ghl.addContacts(customers(3));
    const outcomes = await Promise.all([crm.sync(by), crm.sync(by), crm.sync(by)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      ...['applied', 'changed_meanwhile', 'changed_meanwhile'],
    ]);
  });
});

describe('nothing is sent', () => {
  test('while the CRM has given no list, while it is too old, and where one is required and none is set up', async () => {
    expect(await admits('not_required')).toBe('admitted');
    expect((await crm.status()).state).toBe('never_synced');
    expect(await admits()).toBe('customers_stale');
    simulator.ghl.addContacts(customers(3));
    await crm.sync(by);
    expect(await admits()).toBe('admitted');
    // As after a day and an hour.
    await bench.redis.hset(bench.keys.store, 'customersGoodUntil', Date.now() - 3_600_000);
    expect((await crm.status()).state).toBe('stale');
    expect(await admits()).toBe('customers_stale');
    expect((await syncWith(null, { ...policy, required: true }).status()).state).toBe('required');
    expect((await syncWith(null).status()).state).toBe('not_configured');
  });

  test.each([
    [89, 'fallen'],
    [90, 'applied'],
    [0, 'fallen'],
  ])('when of 100 customers %i are left the list is %s', async (left, outcome) => {
    simulator.ghl.addContacts(customers(100));
    await crm.sync(by);
    simulator.ghl.clear();
    simulator.ghl.addContacts(customers(left));
    expect(await crm.sync(by)).toMatchObject({ outcome });
    expect((await crm.status()).customers).toBe(outcome === 'fallen' ? 100 : left);
    expect(await admits()).toBe(outcome === 'fallen' ? 'customers_stale' : 'admitted');
  });

  test('until a named person accepts exactly the shorter list they saw, which is kept with their reason', async () => {
    simulator.ghl.addContacts(customers(10));
    await crm.sync(by);
    simulator.ghl.clear();
    simulator.ghl.addContacts(customers(4));
    const { digest } = await crm.sync(by);
    simulator.ghl.clear();
    simulator.ghl.addContacts(customers(3));
    const other = await crm.accept(by, digest ?? '', 'the branch was sold');
    expect(other).toMatchObject({ outcome: 'fallen', customers: { fallen: { from: 10, to: 3 } } });
    expect(await admits()).toBe('customers_stale');
    const accepted = await crm.accept(by, other.digest ?? '', 'the branch was sold');
    expect(accepted).toMatchObject({
      outcome: 'applied',
      customers: {
        state: 'fresh',
        fallen: null,
        accepted: { by: 'imke.vale', reason: 'the branch was sold' },
      },
    });
    expect(await admits()).toBe('admitted');
    expect(
      (await bench.auditRows())
        .filter(({ kind }) => kind.startsWith('customers.'))
        .map(({ kind, actor }) => [kind, actor]),
    ).toEqual([
      ['customers.synced', 'imke.vale'],
      ['customers.fallen', 'imke.vale'],
      ['customers.fallen', 'imke.vale'],
      ['customers.accepted', 'imke.vale'],
    ]);
  });

  test('a first list without anybody is not taken for a CRM without customers', async () => {
    const { outcome, digest } = await crm.sync(by);
    expect(outcome).toBe('fallen');
    expect(await crm.accept(by, digest ?? '', 'we begin today')).toMatchObject({ outcome: 'applied' });
    expect(await crm.sync(by)).toMatchObject({ outcome: 'applied', customers: { state: 'fresh' } });
  });
});

describe('a CRM that gives no list, or half of one', () => {
  const endpoint = 'ghl GET /contacts' as const;
  test.each<[string, Parameters<ProviderSimulator['setFaults']>[0]]>([
    ['crm_rate_limited', [{ endpoint, effect: { kind: 'status', status: 429 } }]],
    ['crm_failed', [{ endpoint, hit: 2, effect: { kind: 'status', status: 500 } }]],
    ['crm_unreachable', [{ endpoint, effect: { kind: 'cut', when: 'before_acceptance' } }]],
    ['crm_answer_unreadable', [{ endpoint, effect: { kind: 'malformed_json' } }]],
    ['crm_list_incomplete', [{ endpoint, hit: 2, effect: { kind: 'empty_page' } }]],
  ])('is %s: what was excluded stays, the list grows old, and it is said', async (code, faults) => {
    simulator.ghl.addContacts(customers(150));
    await crm.sync(by);
    const before = await excluded();
    simulator.setFaults(faults);
    expect(await crm.sync(by)).toMatchObject({
      outcome: 'failed',
      customers: { state: 'fresh', failure: { code }, customers: 150 },
    });
    expect(await excluded()).toEqual(before);
    simulator.setFaults([]);
    expect(await crm.sync(by)).toMatchObject({ outcome: 'applied', customers: { failure: null } });
  });

  test('a wrong key is crm_unauthorised', async () => {
    const locked = sourceWith({ apiKey: 'another-key' });
    expect(await locked.list()).toEqual({ ok: false, code: 'crm_unauthorised' });
    await locked.close();
  });

  test('is asked by itself when it is time, and not again in the same moment', async () => {
    simulator.ghl.addContacts(customers(2));
    const calls = () => simulator.calls()[endpoint];
    const before = calls();
    await crm.keepFresh();
    await crm.keepFresh();
    expect([calls() - before, (await crm.status()).state]).toEqual([1, 'fresh']);
    await bench.redis.hset(bench.keys.customersStanding, 'syncedAt', Date.now() - 3_601_000);
    await crm.keepFresh();
    expect(calls() - before).toBe(2);
  });
});
