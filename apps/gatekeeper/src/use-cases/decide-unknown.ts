import type { DecideUnknownRequest, Receipt, UnknownStanding } from '@caio/contracts';
import { canonicalJson, retryBackoff } from '@caio/dispatch-core';
import type { ActionStore } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import type { ShowUnknown, ShowUnknownDependencies } from './show-unknown.ts';

export interface DecideUnknown extends DecideUnknownRequest {
  readonly actionId: string;
  readonly actor: string;
  readonly correlationId: string;
}

export type DecideUnknownResult =
  | { readonly outcome: 'decided'; readonly receipt: Receipt } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string } // 409
  | { readonly outcome: 'other_attempt' } // 409
  | { readonly outcome: 'not_allowed'; readonly standing: UnknownStanding; readonly why: string } // 409
  | { readonly outcome: 'needs_despite'; readonly standing: UnknownStanding; readonly why: string }; // 409

/**
 * Records what a person found out about an action nobody knows the fate of. The provider is asked once more: what it
 * shows is never released, and what is not proven absent only by somebody who answers for it. The decision is one
 * step with its settlement and loses to one that came first.
 */
export const createDecideUnknown = (
  deps: Pick<ShowUnknownDependencies, 'rules' | 'adapterOf'> & {
    readonly actions: Pick<ActionStore, 'read' | 'receipts' | 'settle'>;
    readonly showUnknown: Pick<ShowUnknown, 'show'>;
  },
) => {
  return async (request: DecideUnknown): Promise<DecideUnknownResult> => {
    const { actionId, attemptId, as, reason, evidence, actor } = request;
    const shown = await deps.showUnknown.show(actionId);
    if (shown.outcome !== 'shown') return shown;
    const { options, found } = shown.detail;
    if (shown.detail.attemptId !== attemptId) return { outcome: 'other_attempt' };
    const option = options.find((one) => one.as === as);
    const why = option?.why ?? '';
    if (option === undefined || option.allowed === 'no')
      return { outcome: 'not_allowed', standing: found.standing, why };
    const despite = option.allowed === 'despite' ? (request.despite ?? null) : null;
    if (option.allowed === 'despite' && despite === null)
      return { outcome: 'needs_despite', standing: found.standing, why };

    const action = await deps.actions.read(actionId);
    if (action === null) return { outcome: 'not_found' };
    const decision = { as, reason, evidence, despite, standing: found.standing };
    const { settled, status } = await deps.actions.settle({
      actionId: action.actionId,
      batchId: action.batchId,
      attemptId,
      ledger: action.ledger,
      to: as,
      providerMessageId: request.providerMessageId ?? found.providerMessageId ?? '',
      proof: as === 'released' ? '' : `${actor} decided: ${reason} Evidence: ${evidence}`,
      ...codeOf(as, despite),
      retryAfterMs: 0,
      backoff: retryBackoff(deps.rules.policy),
      stillHeld: as === 'handed_over' && deps.adapterOf(action)?.holdsBeforeMailing !== false,
      heard: null,
      actor,
      correlationId: request.correlationId,
      decision: { ...decision, digest: sha256Hex(canonicalJson({ actionId, attemptId, ...decision })) },
    });
    if (!settled) return { outcome: 'state_conflict', status };
    const [receipt] = await deps.actions.receipts([actionId]);
    return receipt === undefined ? { outcome: 'not_found' } : { outcome: 'decided', receipt };
  };
};

const codeOf = (as: DecideUnknown['as'], despite: string | null): { readonly code: string } => {
  if (as !== 'released') return { code: 'decided_by_person' };
  return despite === null ? { code: 'released_by_person' } : { code: 'released_despite_silence' };
};

export type DecideUnknownCommand = ReturnType<typeof createDecideUnknown>;
