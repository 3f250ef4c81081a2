import {
  draftIdSchema,
  type Draft,
  type ErasedSubject,
  personKeySchema,
  rowOutcomeSchema,
  type SubjectExport,
} from '@caio/contracts';
import { exclusionKeysOf, identityKeysOf, suppressionKeysOfKey } from '@caio/outreach-core';
import type {
  ActionStore,
  DraftStore,
  ListChanges,
  PersonErasure,
  PersonRecords,
  RedisEvidenceStore,
  StoredMention,
  StoredMentions,
} from '@caio/state-store';
import type { FindPerson } from './find-person.ts';
import { createPersonMention } from './person-mention.ts';
import { personOf } from './suppress-person.ts';

export interface EraseRequest {
  readonly person: string;
  readonly reason: string;
  readonly apply: boolean;
  readonly actor: string;
  readonly correlationId: string;
}

export type EraseOutcome =
  | { readonly outcome: 'erased'; readonly erased: ErasedSubject } // 200, also of what would be erased
  | { readonly outcome: 'unreadable'; readonly reason: string } // 400
  | { readonly outcome: 'on_its_way'; readonly actionId: string; readonly status: string }; // 409

export type ExportOutcome =
  | { readonly outcome: 'exported'; readonly exported: SubjectExport } // 200
  | { readonly outcome: 'unreadable'; readonly reason: string }; // 400

const placesOf = (mentions: readonly StoredMention[]): { place: string; entries: number }[] => {
  const counts = new Map<string, number>();
  for (const { key, field } of mentions) {
    const place = field === null || !/^\d+$/.test(field) ? key : `${key} ${field}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].sort().map(([place, entries]) => ({ place, entries }));
};

const distinct = <T>(values: readonly (T | null)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== null)),
];

/** Shows everything that is stored of a person, and takes it out. */
export const createErasePerson = (deps: {
  drafts: Pick<DraftStore, 'readMany'>;
  actions: Pick<ActionStore, 'read'>;
  evidence: Pick<RedisEvidenceStore, 'read'>;
  people: PersonRecords;
  stored: StoredMentions;
  erasure: PersonErasure;
  changes: Pick<ListChanges, 'eraseConsents'>;
  findPerson: FindPerson;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  const look = async (typed: string) => {
    const person = personOf(typed);
    if ('reason' in person) return person;
    const asked = identityKeysOf(person);
    const found = await deps.people.draftsOf(asked);
    const identities = distinct([...asked, ...found.flatMap(({ personKeys }) => personKeys)]).map((name) =>
      personKeySchema.parse(name),
    );
    const names = distinct([...identities, ...identities.flatMap(suppressionKeysOfKey)]);
    const isMention = createPersonMention(names);
    const mentions = await deps.stored.find(isMention);
    const draftIds = distinct([
      ...found.map(({ draftId }) => draftId),
      ...mentions.map(deps.erasure.draftAt),
    ]).map((id) => draftIdSchema.parse(id));
    const actionIds = distinct([
      ...found.map(({ actionId }) => actionId),
      ...mentions.map(deps.erasure.actionAt),
    ]);
    return { names, isMention, mentions, draftIds, actionIds };
  };

  const underOf = (names: readonly string[], draft: Draft | undefined): string[] =>
    distinct([...names, ...(draft === undefined ? [] : exclusionKeysOf(draft.lead))]);

  return {
    exportPerson: async (typed: string): Promise<ExportOutcome> => {
      const seen = await look(typed);
      if ('reason' in seen) return { outcome: 'unreadable', reason: seen.reason };
      const found = await deps.findPerson(typed);
      if (found.outcome === 'unreadable') return found;
      const stored = await Promise.all(
        seen.actionIds.map(async (actionId) => ({
          actionId,
          action: await deps.actions.read(actionId),
          evidence: await deps.evidence.read(actionId),
        })),
      );
      return {
        outcome: 'exported',
        exported: {
          record: found.record,
          drafts: await deps.drafts.readMany(seen.draftIds),
          messages: stored.flatMap(({ actionId, action }) =>
            action === null ? [] : [{ actionId, message: action.bytes }],
          ),
          evidence: stored.flatMap(({ actionId, evidence }) =>
            evidence === null
              ? []
              : [{ actionId, contentType: evidence.contentType, content: evidence.content }],
          ),
          runRows: seen.mentions.flatMap((mention) =>
            deps.erasure.isRunRow(mention) ? [rowOutcomeSchema.parse(JSON.parse(mention.text))] : [],
          ),
          places: placesOf(seen.mentions),
        },
      };
    },

    /** Each step may be the last one that happens: asking again goes on where it stopped. */
    erase: async (request: EraseRequest): Promise<EraseOutcome> => {
      const seen = await look(request.person);
      if ('reason' in seen) return { outcome: 'unreadable', reason: seen.reason };
      const { names, isMention, mentions, draftIds, actionIds } = seen;
      const erased = {
        applied: request.apply,
        drafts: draftIds.length,
        actions: actionIds.length,
        places: placesOf(mentions),
      };
      if (!request.apply) return { outcome: 'erased', erased: { ...erased, left: [] } };
      const pseudonyms = names.map(deps.pseudonym);
      const barred = await deps.erasure.bar({
        ...{ actionIds, pseudonyms, ownKeys: names, actor: request.actor, reason: request.reason },
        at: new Date(deps.now()).toISOString(),
        correlationId: request.correlationId,
        stored: mentions.length > 0 ? 'something' : 'nothing',
      });
      if (barred.outcome === 'on_its_way') return barred;
      await deps.changes.eraseConsents(pseudonyms);
      await deps.erasure.forgetNames(names);
      for (const mention of mentions) await deps.erasure.clear(mention, isMention);
      for (const actionId of actionIds) await deps.erasure.blankAction(actionId);
      // The drafts know every name of the person, so they are there until nothing else is.
      const others = (await deps.stored.find(isMention)).filter(
        (mention) => !deps.erasure.goesWithDrafts(mention, draftIds),
      );
      if (others.length > 0) return { outcome: 'erased', erased: { ...erased, left: placesOf(others) } };
      const drafts = new Map((await deps.drafts.readMany(draftIds)).map((draft) => [draft.draftId, draft]));
      for (const draftId of draftIds)
        await deps.erasure.dropDraft(draftId, underOf(names, drafts.get(draftId)));
      return {
        outcome: 'erased',
        erased: { ...erased, left: placesOf(await deps.stored.find(isMention)) },
      };
    },
  };
};

export type ErasePerson = ReturnType<typeof createErasePerson>;
