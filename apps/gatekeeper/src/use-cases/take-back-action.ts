import type { Receipt } from '@caio/contracts';
import type { ActionStore, HeldMessages, StoredAction } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import type { CarryOutTakeBacks } from './carry-out-take-backs.ts';

export interface TakeBackRequest {
  readonly actionId: string;
  readonly reason: string;
  readonly actor: string;
  readonly correlationId: string;
}

export type TakeBackResult =
  | { readonly outcome: 'taken_back'; readonly receipt: Receipt } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string } // 409
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }; // 409

/**
 * Takes a message back from a provider that holds it. The wish is stored first and stays until it is settled: when the
 * provider does not give the message back now, it is asked again by itself. Nothing is recorded as taken back before
 * the provider's own answer says it is gone.
 */
export const createTakeBackAction = (deps: {
  actions: ActionStore;
  held: Pick<HeldMessages, 'openTakeBack'>;
  carryOut: CarryOutTakeBacks['carryOut'];
  adapterOf: (action: StoredAction) => ProviderAdapter | null;
}) => {
  const taken = async (actionId: string): Promise<TakeBackResult> => {
    const [receipt] = await deps.actions.receipts([actionId]);
    return receipt === undefined ? { outcome: 'not_found' } : { outcome: 'taken_back', receipt };
  };

  return async (request: TakeBackRequest): Promise<TakeBackResult> => {
    const action = await deps.actions.read(request.actionId);
    if (action === null) return { outcome: 'not_found' };
    if (action.status !== 'handed_over') return { outcome: 'state_conflict', status: action.status };
    const adapter = deps.adapterOf(action);
    if (adapter === null || !adapter.holdsBeforeMailing) {
      return {
        outcome: 'refused',
        code: 'not_held',
        message: 'Nobody holds this message for us, so there is nothing to take back.',
      };
    }
    const { outcome, current } = await deps.held.openTakeBack(request);
    if (outcome === 'not_handed_over') {
      return current === 'taken_back'
        ? taken(action.actionId)
        : { outcome: 'state_conflict', status: current };
    }
    const tried = (await deps.carryOut([action.actionId])).get(action.actionId);
    switch (tried?.state) {
      case 'taken_back':
        return taken(action.actionId);
      case 'open':
      case 'left':
        return { outcome: 'refused', code: tried.code, message: tried.message };
      case 'settled_otherwise':
        return tried.status === 'taken_back'
          ? taken(action.actionId)
          : { outcome: 'state_conflict', status: tried.status };
      case undefined:
        throw new Error(`nobody tried to take back ${action.actionId}`);
    }
  };
};

export type TakeBackAction = ReturnType<typeof createTakeBackAction>;
