import type { Chore, FaultPoints } from '@caio/service-kit';
import {
  type ActionStore,
  type BatchStore,
  createBatchActivation,
  createHeldMessages,
  type DraftStore,
  type GateLists,
  type StoredAction,
  type StoreSession,
} from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from './provider-port.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { Seals } from './seals.ts';
import { createActivateBatch } from './use-cases/activate-batch.ts';
import { createCarryOutTakeBacks } from './use-cases/carry-out-take-backs.ts';
import { createFindBarredHeld } from './use-cases/find-barred-held.ts';
import { createLoadHeldGroups } from './use-cases/held-groups.ts';
import { createOrderPause, createRemoveCampaigns } from './use-cases/order-providers.ts';
import { createRecallMessage } from './use-cases/recall-message.ts';
import type { ReviewDraft } from './use-cases/review-draft.ts';
import { createTakeBackAction } from './use-cases/take-back-action.ts';
import { createWatchHeld } from './use-cases/watch-held.ts';

export interface HeldMessageDependencies {
  readonly session: StoreSession;
  readonly drafts: DraftStore;
  readonly batches: BatchStore;
  readonly actions: ActionStore;
  readonly lists: GateLists;
  readonly reviewDraft: ReviewDraft;
  readonly rules: RulesInForce;
  readonly seals: Seals;
  readonly adapters: {
    readonly adapterOf: (
      action: Pick<StoredAction, 'channel' | 'mode' | 'provider'>,
    ) => ProviderAdapter | null;
    readonly all: readonly ProviderAdapter[];
  };
  readonly pseudonym: (key: string) => string;
  readonly faults: FaultPoints;
  readonly logger: Logger;
}

/** Everything about messages that a provider holds and has not mailed. */
export const createHeldMessageParts = (options: HeldMessageDependencies) => {
  const { adapterOf } = options.adapters;
  const held = createHeldMessages(options.session);
  const activation = createBatchActivation(options.session);
  const isHalted = async (): Promise<boolean> =>
    (await options.lists.readHalt(options.rules.emergencyStop)).active;
  const groups = createLoadHeldGroups({ ...options, adapterOf });
  const deps = { ...options, adapterOf, held, activation, isHalted, groups };
  const findBarredHeld = createFindBarredHeld(deps);
  const takeBacks = createCarryOutTakeBacks(deps);
  const watch = createWatchHeld(deps);
  const takeBackAction = createTakeBackAction({ ...deps, carryOut: takeBacks.carryOut });
  const chores: Chore[] = [
    { name: 'find-barred-held', everyMs: 500, run: findBarredHeld },
    { name: 'carry-out-take-backs', everyMs: 250, run: takeBacks.sweep },
    { name: 'watch-held', everyMs: 5_000, run: watch.sweep },
  ];
  return {
    ...{ held, activation, findBarredHeld, takeBacks, watch, takeBackAction, chores },
    activateBatch: createActivateBatch({ ...deps, watch }),
    recallMessage: createRecallMessage({ ...deps, findBarredHeld, takeBacks, takeBackAction }),
    orderPause: createOrderPause({ ...deps, adapters: options.adapters.all }),
    removeCampaigns: createRemoveCampaigns(deps),
  };
};

export type HeldMessageParts = ReturnType<typeof createHeldMessageParts>;
