import type { CustomersStatus, Exclusion, Policy, SyncedCustomers } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import type { CustomerList, CustomerStanding, GateLists } from '@caio/state-store';
import { customerExclusionKeys } from '../customers/customer-exclusions.ts';
import type { Customer, CustomerSource } from '../customers/customer-source.ts';
import { sha256Hex } from '../digest.ts';

const hourMs = 3_600_000;
/** How often the CRM is asked when all is well, and how soon again after it could not be. */
const syncEveryMs = hourMs;
const retryAfterMs = 5 * 60_000;

const messages: Readonly<Record<CustomersStatus['state'], string>> = {
  not_configured: 'Not configured: no CRM is asked who the customers are. Keep them as exclusions.',
  required:
    'Nothing is sent: the policy asks for a list of customers, and no CRM is set up. Set CUSTOMER_SOURCE.',
  never_synced: 'Nothing is sent: the CRM has not given its list of customers yet.',
  fresh: 'The list of customers is fresh.',
  stale: 'Nothing is sent: the list of customers is too old. See why the CRM gives no newer one.',
  fallen:
    'Nothing is sent: the CRM names far fewer customers than before. Look there, then accept the shorter list or mend it.',
};

/** Who asks for a synchronisation. */
export interface Asker {
  readonly actor: string;
  readonly correlationId: string;
}

/** A shorter list is taken over when a person names it by its digest. */
type Accepted = { readonly digest: string; readonly reason: string } | null;

export type SyncOutcome = SyncedCustomers & { readonly digest: string | null };

/** Keeps the exclusions what the CRM says about customers, and says how far that can be relied on. */
export const createCustomerSync = (deps: {
  source: CustomerSource | null;
  customers: CustomerList;
  lists: Pick<GateLists, 'exclusionsOf'>;
  policy: Policy['customers'];
  pseudonym: (key: string) => string;
}) => {
  const stateOf = (standing: CustomerStanding): CustomersStatus['state'] => {
    if (deps.source === null) return deps.policy.required ? 'required' : 'not_configured';
    if (standing.fallen !== null) return 'fallen';
    if (standing.syncedAt === null) return 'never_synced';
    return standing.nowMs < standing.goodUntilMs ? 'fresh' : 'stale';
  };

  const statusOf = (standing: CustomerStanding): CustomersStatus => {
    const state = stateOf(standing);
    const { customers, exclusions, syncedAt, fallen, failure, accepted, goodUntilMs } = standing;
    return {
      ...{ state, message: messages[state], customers, exclusions, syncedAt, fallen, failure, accepted },
      source: deps.source?.name ?? standing.source,
      goodUntil: goodUntilMs === 0 ? null : new Date(goodUntilMs).toISOString(),
    };
  };

  const status = async (): Promise<CustomersStatus> => statusOf(await deps.customers.standing());

  const answer = async (
    outcome: SyncedCustomers['outcome'],
    counts: { added?: number; removed?: number; unreadable?: number; digest?: string } = {},
  ): Promise<SyncOutcome> => ({
    ...{ outcome, added: counts.added ?? 0, removed: counts.removed ?? 0 },
    ...{ unreadable: counts.unreadable ?? 0, customers: await status(), digest: counts.digest ?? null },
  });

  /** A first empty list is never taken for a CRM without customers: a wrong tag or location looks the same. */
  const isFall = ({ customers: from, syncedAt }: CustomerStanding, to: number): boolean =>
    to === 0 ? from > 0 || syncedAt === null : to < from * (1 - deps.policy.fallPercentMax / 100);

  const wantedOf = (customers: readonly Customer[], source: string, nowMs: number, by: string) => {
    const wanted = new Map<string, string>();
    let unreadable = 0;
    for (const customer of customers) {
      const keys = customerExclusionKeys(customer);
      if (keys.length === 0) unreadable += 1;
      for (const key of keys) {
        const entry: Exclusion = {
          ...{ key, kind: 'customer', note: '', source: `crm:${source}`, by },
          at: new Date(nowMs).toISOString(),
          provenance: { via: 'crm', reference: customer.id.slice(0, 200), why: 'a customer in the CRM' },
        };
        if (!wanted.has(key)) wanted.set(key, JSON.stringify(entry));
      }
    }
    return { wanted, unreadable };
  };

  /** What has to be written so that every key is excluded, and which keys no customer has any more. */
  const differenceOf = async (wanted: ReadonlyMap<string, string>) => {
    const before = await deps.customers.entries();
    const keys = [...wanted.keys()];
    const stored = await deps.lists.exclusionsOf(keys);
    const add = new Map(
      keys.flatMap((key, index): [string, string][] =>
        before[key] === undefined || stored[index] === null ? [[key, wanted.get(key) ?? '']] : [],
      ),
    );
    return { add, remove: Object.keys(before).filter((key) => !wanted.has(key)) };
  };

  const sync = async (asker: Asker, accepted: Accepted): Promise<SyncOutcome> => {
    const { source } = deps;
    if (source === null) return answer('not_configured');
    const standing = await deps.customers.standing();
    const at = new Date(standing.nowMs).toISOString();
    const known = { at, revision: standing.revision, ...asker };
    const listing = await source.list();
    if (!listing.ok) {
      await deps.customers.note({ ...known, what: { kind: 'failure', code: listing.code } });
      return answer('failed');
    }
    const to = listing.customers.length;
    const { wanted, unreadable } = wantedOf(listing.customers, source.name, standing.nowMs, asker.actor);
    const digest = sha256Hex(
      canonicalJson({ keys: [...wanted.keys()].sort(), ids: listing.customers.map(({ id }) => id).sort() }),
    );
    if (isFall(standing, to) && accepted?.digest !== digest) {
      const what = { kind: 'fallen', from: standing.customers, to, digest } as const;
      await deps.customers.note({ ...known, what });
      return answer('fallen', { unreadable, digest });
    }
    const { add, remove } = await differenceOf(wanted);
    const applied = await deps.customers.apply({
      ...{ add, remove, revision: standing.revision, source: source.name, customers: to, digest, ...asker },
      goodUntilMs: standing.nowMs + deps.policy.staleHours * hourMs,
      pseudonyms: new Map([...add.keys(), ...remove].map((key) => [key, deps.pseudonym(key)])),
      kind: accepted === null ? 'customers.synced' : 'customers.accepted',
      accepted: accepted === null ? null : { by: asker.actor, reason: accepted.reason, at, customers: to },
    });
    return applied === null
      ? answer('changed_meanwhile')
      : answer('applied', { ...applied, unreadable, digest });
  };

  const isDue = ({ nowMs, syncedAt, failure, fallen }: CustomerStanding): boolean => {
    const since = (instant: string | undefined | null): number =>
      instant == null ? Infinity : nowMs - Date.parse(instant);
    if (since(failure?.at) < retryAfterMs || since(fallen?.at) < retryAfterMs) return false;
    return fallen !== null || failure !== null || since(syncedAt) >= syncEveryMs;
  };

  return {
    status,
    sync: (asker: Asker) => sync(asker, null),
    /** Takes exactly the shorter list over that a person saw. */
    accept: (asker: Asker, digest: string, reason: string) => sync(asker, { digest, reason }),
    /** To be called again and again; asks the CRM when it is time. */
    keepFresh: async (): Promise<void> => {
      if (deps.source === null || !isDue(await deps.customers.standing())) return;
      await sync({ actor: 'gatekeeper', correlationId: 'customer-sync' }, null);
    },
  };
};

export type CustomerSync = ReturnType<typeof createCustomerSync>;
