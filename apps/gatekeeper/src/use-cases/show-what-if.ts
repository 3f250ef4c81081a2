import type { AffectedMessage, WhatIf } from '@caio/contracts';
import { actionIdSchema, batchIdSchema, draftIdSchema } from '@caio/contracts';
import { exclusionKeysOf, normaliseExclusionKey, suppressionKeysOf } from '@caio/outreach-core';
import type { BarredReach, ReachedDraft } from '@caio/state-store';
import type { ReadBars } from './read-bars.ts';
import { personOf } from './suppress-person.ts';

/** Which part of the affected messages is listed by name; the counts are of all. */
export interface WhatIfPage {
  /** Position of the first one, as an earlier answer gave it. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export type WhatIfOutcome =
  | { readonly outcome: 'shown'; readonly whatIf: WhatIf } // 200
  | { readonly outcome: 'unreadable'; readonly place: string; readonly reason: string }; // 400

const openBatches = ['pending', 'approved', 'executing'] as const;

const effectOf = ({ status, actionStatus, batchStatus }: ReachedDraft): AffectedMessage['effect'] | null => {
  if (status === 'pending') return 'not_approvable';
  if (status === 'approved') return 'left_out';
  if (actionStatus === 'handed_over') return 'taken_back';
  return openBatches.some((open) => open === batchStatus) ? 'blocked' : null;
};

/** What excluding or suppressing somebody would do to messages that have not left. Nothing is stored. */
export const createShowWhatIf = (deps: { reach: BarredReach; readBars: ReadBars }) => {
  /** `keys` are exclusion keys and the keys of people; whoever is barred already is not counted again. */
  const ofKeys = async (keys: readonly string[], page: WhatIfPage): Promise<WhatIf> => {
    const asked = new Set(keys);
    const reached = await deps.reach.openUnder([...asked]);
    const bars = await deps.readBars(reached.map(({ lead }) => lead));
    const affected = reached.flatMap((draft, index): (AffectedMessage & { batchStatus: string | null })[] => {
      const effect = effectOf(draft);
      if (effect === null || bars[index] !== null) return [];
      const { lead } = draft;
      return [
        {
          draftId: draftIdSchema.parse(draft.draftId),
          draftStatus: draft.status,
          actionId: draft.actionId === null ? null : actionIdSchema.parse(draft.actionId),
          actionStatus: draft.actionStatus,
          batchId: draft.batchId === null ? null : batchIdSchema.parse(draft.batchId),
          batchStatus: draft.batchStatus,
          name: lead.fullName ?? [lead.firstName, lead.lastName].filter((part) => part !== null).join(' '),
          company: lead.company ?? '',
          email: lead.email,
          subject: draft.subject,
          effect,
          because: exclusionKeysOf(lead).find((key) => asked.has(key)) ?? '',
        },
      ];
    });
    const count = (test: (message: AffectedMessage) => boolean): number => affected.filter(test).length;
    const inBatch = (status: (typeof openBatches)[number]): number =>
      count((message) => message.effect === 'blocked' && message.batchStatus === status);
    const from = Number(page.cursor ?? 0);
    const items = affected.slice(from, from + page.limit);
    return {
      counts: {
        pendingDrafts: count(({ effect }) => effect === 'not_approvable'),
        approvedDrafts: count(({ effect }) => effect === 'left_out'),
        pendingBatchMessages: inBatch('pending'),
        approvedBatchMessages: inBatch('approved'),
        executingBatchMessages: inBatch('executing'),
        handedOver: count(({ effect }) => effect === 'taken_back'),
        batches: new Set(affected.flatMap(({ batchId }) => (batchId === null ? [] : [batchId]))).size,
        total: affected.length,
      },
      items,
      nextCursor: from + items.length < affected.length ? String(from + items.length) : null,
    };
  };

  return {
    ofKeys,
    /** The same for what a person typed. */
    ofTyped: async (
      typed: { readonly exclude: readonly string[]; readonly suppress: readonly string[] },
      page: WhatIfPage,
    ): Promise<WhatIfOutcome> => {
      const keys: string[] = [];
      for (const [index, text] of typed.exclude.entries()) {
        const reading = normaliseExclusionKey(text);
        if (!reading.ok) return { outcome: 'unreadable', place: `exclude.${index}`, reason: reading.reason };
        keys.push(reading.key);
      }
      for (const [index, text] of typed.suppress.entries()) {
        const person = personOf(text);
        if ('reason' in person)
          return { outcome: 'unreadable', place: `suppress.${index}`, reason: person.reason };
        keys.push(...suppressionKeysOf(person));
      }
      return { outcome: 'shown', whatIf: await ofKeys(keys, page) };
    },
  };
};

export type ShowWhatIf = ReturnType<typeof createShowWhatIf>;
