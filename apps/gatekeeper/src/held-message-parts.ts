import type { Chore, FaultPoints } from '@caio/service-kit';
import {
  type ActionStore,
  createHeldMessages,
  type StoredAction,
  type StoreSession,
} from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from './provider-port.ts';
import { createCarryOutTakeBacks } from './use-cases/carry-out-take-backs.ts';
import { createFindBarredHeld } from './use-cases/find-barred-held.ts';
import { createTakeBackAction } from './use-cases/take-back-action.ts';

export interface HeldMessageDependencies {
  readonly session: StoreSession;
  readonly actions: ActionStore;
  readonly adapterOf: (action: Pick<StoredAction, 'channel' | 'mode' | 'provider'>) => ProviderAdapter | null;
  readonly pseudonym: (key: string) => string;
  readonly faults: FaultPoints;
  readonly logger: Logger;
}

/** Everything about messages that a provider holds and has not mailed. */
export const createHeldMessageParts = (deps: HeldMessageDependencies) => {
  const held = createHeldMessages(deps.session);
  const findBarredHeld = createFindBarredHeld({ ...deps, held });
  const takeBacks = createCarryOutTakeBacks({ ...deps, held });
  const chores: Chore[] = [
    { name: 'find-barred-held', everyMs: 500, run: findBarredHeld },
    { name: 'carry-out-take-backs', everyMs: 250, run: takeBacks.sweep },
  ];
  return {
    held,
    findBarredHeld,
    takeBacks,
    takeBackAction: createTakeBackAction({ ...deps, held, carryOut: takeBacks.carryOut }),
    chores,
  };
};

export type HeldMessageParts = ReturnType<typeof createHeldMessageParts>;
