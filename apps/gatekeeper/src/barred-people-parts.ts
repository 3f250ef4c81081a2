import type { Policy } from '@caio/contracts';
import { exclusionKeysOf } from '@caio/outreach-core';
import type { ReadinessCheck } from '@caio/service-kit';
import {
  type ActionStore,
  type BatchStore,
  createBarredReach,
  createCustomerList,
  createListChanges,
  createPersonErasure,
  createPersonRecords,
  createStoredMentions,
  type DraftStore,
  type GateLists,
  type RedisEvidenceStore,
  type StoreSession,
} from '@caio/state-store';
import type { CustomerSource } from './customers/customer-source.ts';
import { createChangeExclusions } from './use-cases/change-exclusions.ts';
import { createCompareList } from './use-cases/compare-list.ts';
import { createErasePerson } from './use-cases/erase-person.ts';
import { createFindPerson } from './use-cases/find-person.ts';
import { createImportList } from './use-cases/import-list.ts';
import { createLiftSuppression } from './use-cases/lift-suppression.ts';
import type { ReadBars } from './use-cases/read-bars.ts';
import { createShowWhatIf } from './use-cases/show-what-if.ts';
import { createSuppressPerson } from './use-cases/suppress-person.ts';
import { createCustomerSync, type CustomerSync } from './use-cases/sync-customers.ts';

/** Red, and not required: what cannot be sent waits, and everything else goes on. */
const customersReadiness = (customerSync: Pick<CustomerSync, 'status'>): ReadinessCheck => ({
  name: 'customers',
  check: async () => {
    const { state, message } = await customerSync.status();
    return { ready: state === 'fresh' || state === 'not_configured', required: false, message };
  },
});

/** What keeps, shows and ends the reasons not to write to somebody, built on one store. */
export const createBarredPeopleParts = (deps: {
  session: StoreSession;
  drafts: DraftStore;
  batches: BatchStore;
  actions: ActionStore;
  lists: GateLists;
  evidence: RedisEvidenceStore;
  readBars: ReadBars;
  policy: Pick<Policy, 'consent' | 'customers'>;
  source: CustomerSource | null;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  const changes = createListChanges(deps.session);
  const showWhatIf = createShowWhatIf({
    reach: createBarredReach(deps.session, exclusionKeysOf),
    readBars: deps.readBars,
  });
  const compareList = createCompareList({ changes, pseudonym: deps.pseudonym, now: deps.now });
  const people = createPersonRecords(deps.session);
  const findPerson = createFindPerson({ ...deps, people, liftedOf: changes.liftedOf });
  const customerSync = createCustomerSync({
    ...deps,
    policy: deps.policy.customers,
    customers: createCustomerList(deps.session),
  });
  return {
    showWhatIf,
    importList: createImportList({ compareList, changes, whatIf: showWhatIf }),
    liftSuppression: createLiftSuppression({ ...deps, changes, policy: deps.policy.consent }),
    suppressPerson: createSuppressPerson(deps),
    changeExclusions: createChangeExclusions(deps),
    findPerson,
    subjects: createErasePerson({
      ...{ ...deps, people, findPerson, changes },
      stored: createStoredMentions(deps.session),
      erasure: createPersonErasure(deps.session),
    }),
    customerSync,
    customersReadiness: customersReadiness(customerSync),
  };
};
