import {
  attemptIdSchema,
  headingOf,
  type Receipt,
  type UnknownAction,
  type UnknownDetail,
  type UnknownList,
  waitsForPerson,
} from '@caio/contracts';
import { looksForAbsence, unknownOptions } from '@caio/dispatch-core';
import type { ActionStore, StoredAction } from '@caio/state-store';
import { messageOf } from '../frozen-message.ts';
import { findAtProviders, type ReconcileDependencies } from './reconcile-unknown.ts';
import { createUnknownJudge, type Found } from './unknown-judge.ts';

export type ShowUnknownDependencies = Pick<
  ReconcileDependencies,
  'rules' | 'adapterOf' | 'isAttemptOver' | 'now'
> & {
  readonly actions: Pick<
    ActionStore,
    'read' | 'readWhole' | 'receipts' | 'unknownIds' | 'unknownSince' | 'storeNowMs'
  >;
};

export type ShowUnknownResult =
  | { readonly outcome: 'shown'; readonly detail: UnknownDetail } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string }; // 409

const shownMax = 200;

/** What a provider said when it could not be asked; null when it could. */
const wordsOf = (found: Found | null): string | null => {
  if (found === null) return 'No provider serves this action in the delivery mode it was approved in.';
  return found.finding.state === 'unreadable' ? found.finding.message : null;
};

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What is known about the actions nobody knows the fate of: all of them as stored, or one with its provider asked. */
export const createShowUnknown = (deps: ShowUnknownDependencies) => {
  const { judge, quietFrom } = createUnknownJudge(deps.rules);

  const viewOf = (action: StoredAction, receipt: Receipt): UnknownAction | null => {
    const attemptId = attemptIdSchema.safeParse(action.attemptId);
    if (action.status !== 'unknown' || !attemptId.success) return null;
    const standing = action.standingOf === attemptId.data ? (action.standing ?? null) : null;
    return {
      receipt,
      attemptId: attemptId.data,
      since: instant(Number(action.unknownSince ?? 0)),
      standing,
      standingSince: standing === null ? null : instant(Number(action.standingSince ?? 0)),
      needsPerson: standing !== null && waitsForPerson(standing),
    };
  };

  return {
    list: async (): Promise<UnknownList> => {
      const { count } = await deps.actions.unknownSince(1);
      const ids = await deps.actions.unknownIds(shownMax);
      const actions = await deps.actions.readWhole(ids);
      const readable = actions.filter((action) => action !== null);
      const receipts = new Map(
        (await deps.actions.receipts(readable.map(({ actionId }) => actionId))).map((one) => [
          one.actionId,
          one,
        ]),
      );
      return {
        count,
        actions: readable.flatMap((action) => {
          const receipt = receipts.get(action.actionId);
          const view = receipt === undefined ? null : viewOf(action, receipt);
          return view === null ? [] : [view];
        }),
        damaged: ids.filter((_, index) => actions[index] === null),
      };
    },

    show: async (actionId: string): Promise<ShowUnknownResult> => {
      const action = await deps.actions.read(actionId);
      if (action === null) return { outcome: 'not_found' };
      const [receipt] = await deps.actions.receipts([actionId]);
      const view = receipt === undefined ? null : viewOf(action, receipt);
      if (view === null) return { outcome: 'state_conflict', status: action.status };
      // Before the provider is asked: what ends in between may have written after its answer.
      const processGone = deps.isAttemptOver(action.owner ?? '', view.attemptId);
      const nowMs = Math.min(deps.now(), await deps.actions.storeNowMs());
      const found = (await findAtProviders([action], deps.adapterOf)).get(actionId) ?? null;
      const standing = judge(action, found, {
        ...{ attemptOver: processGone, nowMs },
        // The system's own looks count beside this one.
        looksAbsent: looksForAbsence,
      });
      const adapter = deps.adapterOf(action);
      const message = messageOf(action);
      return {
        outcome: 'shown',
        detail: {
          ...view,
          heading: message === null ? null : headingOf(message),
          askedAt: instant(nowMs),
          found: {
            standing,
            message: wordsOf(found),
            providerMessageId: found?.finding.state === 'present' ? found.finding.providerMessageId : null,
            mailed: found?.finding.state === 'present' ? found.finding.mailed : null,
          },
          processGone,
          quietUntil: instant(quietFrom(action, adapter, nowMs)),
          options: [...unknownOptions(standing, { holdsBeforeMailing: adapter?.holdsBeforeMailing ?? true })],
        },
      };
    },
  };
};

export type ShowUnknown = ReturnType<typeof createShowUnknown>;
