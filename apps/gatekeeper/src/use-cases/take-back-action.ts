import type { Receipt } from '@caio/contracts';
import type { ActionStore, StoredAction } from '@caio/state-store';
import { messageOf } from '../frozen-message.ts';
import type { ProviderAdapter } from '../provider-port.ts';

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

/** Takes a message back from a provider that holds it. Nothing is recorded before the provider's own answer says it is gone. */
export const createTakeBackAction = (deps: {
  actions: ActionStore;
  adapterOf: (action: StoredAction) => ProviderAdapter | null;
}) => {
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
    const answer = await adapter.takeBack({
      actionId: action.actionId,
      batchId: action.batchId,
      tier: action.tier,
      senderKey: messageOf(action)?.senderKey ?? 'unreadable',
      correlationId: request.correlationId,
    });
    if (!answer.ok) return { outcome: 'refused', code: answer.code, message: answer.message };
    const { done, status } = await deps.actions.takeBack({ ...request, action });
    if (!done && status !== 'taken_back') return { outcome: 'state_conflict', status };
    const [receipt] = await deps.actions.receipts([action.actionId]);
    return receipt === undefined ? { outcome: 'not_found' } : { outcome: 'taken_back', receipt };
  };
};

export type TakeBackAction = ReturnType<typeof createTakeBackAction>;
