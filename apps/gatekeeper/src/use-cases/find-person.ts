import {
  draftIdSchema,
  type PersonRecord,
  personKeySchema,
  headingOf,
  recipientAddressOf,
} from '@caio/contracts';
import { exclusionKeysOf, identityKeysOf, suppressionKeysOfKey } from '@caio/outreach-core';
import type {
  ActionStore,
  BatchStore,
  DraftStore,
  GateLists,
  ListChanges,
  PersonRecords,
} from '@caio/state-store';
import { personOf } from './suppress-person.ts';

export type FindPersonOutcome =
  | { readonly outcome: 'found'; readonly record: PersonRecord } // 200, also when nothing is stored
  | { readonly outcome: 'unreadable'; readonly reason: string }; // 400

/** Each once, without those that are not there. */
const distinct = <T>(values: readonly (T | null)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== null)),
];

/** Gathers what is stored about a person under every name that a draft connects with the one given. */
export const createFindPerson = (deps: {
  drafts: DraftStore;
  batches: BatchStore;
  actions: ActionStore;
  lists: GateLists;
  people: PersonRecords;
  liftedOf: ListChanges['liftedOf'];
  pseudonym: (key: string) => string;
}) => {
  return async (typed: string): Promise<FindPersonOutcome> => {
    const person = personOf(typed);
    if ('reason' in person) return { outcome: 'unreadable', reason: person.reason };
    const asked = identityKeysOf(person);
    const found = await deps.people.draftsOf(asked);
    const names = distinct([...asked, ...found.flatMap(({ personKeys }) => personKeys)]).map((name) =>
      personKeySchema.parse(name),
    );
    const drafts = await deps.drafts.readMany(found.map(({ draftId }) => draftIdSchema.parse(draftId)));
    const batches = await Promise.all(
      distinct(drafts.map(({ batchId }) => batchId)).map((batchId) => deps.batches.read(batchId)),
    );
    const suppressionKeys = distinct(names.flatMap(suppressionKeysOfKey));
    const exclusionKeys = distinct(
      [{ ...person, companyDomain: null }, ...drafts.map(({ lead }) => lead)].flatMap(exclusionKeysOf),
    );
    return {
      outcome: 'found',
      record: {
        names,
        drafts: drafts.map((draft) => ({
          ...draft,
          email: recipientAddressOf(draft.message),
          subject: headingOf(draft.message),
        })),
        batches: distinct(batches),
        receipts: await deps.actions.receipts(distinct(found.map(({ actionId }) => actionId))),
        suppressions: distinct(await deps.lists.suppressionsOf(suppressionKeys.map(deps.pseudonym))),
        liftedSuppressions: await deps.liftedOf(suppressionKeys.map(deps.pseudonym)),
        exclusions: distinct(await deps.lists.exclusionsOf(exclusionKeys)),
      },
    };
  };
};

export type FindPerson = ReturnType<typeof createFindPerson>;
