import {
  actionIdSchema,
  batchIdSchema,
  type DraftId,
  draftIdSchema,
  type Permission,
  type RecallAnswer,
  type RecallStage,
  type Receipt,
} from '@caio/contracts';
import type { ActionStore, BatchActivation, BatchStore, DraftStore } from '@caio/state-store';
import type { CarryOutTakeBacks } from './carry-out-take-backs.ts';
import type { FindBarredHeld } from './find-barred-held.ts';
import type { ReviewDraft } from './review-draft.ts';
import type { TakeBackAction } from './take-back-action.ts';

export interface RecallRequest {
  /** Of a draft, a batch or an action. */
  readonly id: string;
  readonly reason: string;
  readonly actor: string;
  readonly permissions: readonly Permission[];
  readonly correlationId: string;
}

export type RecallOutcome =
  | { readonly outcome: 'recalled'; readonly answer: RecallAnswer } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'forbidden'; readonly permission: Permission } // 403
  | { readonly outcome: 'state_conflict'; readonly status: string; readonly message: string }; // 409

const readAtOnce = 500;

const nothing = { stopped: 0, takenBack: 0, takingBack: 0, inFlight: 0 } as const;

/**
 * Gets back what can be got back, wherever it is: the approval of a draft until it is in a batch, a batch until it is
 * claimed, an execution under way, and what a provider holds. Says what had already left. Asking again changes nothing
 * but the count of what came back meanwhile.
 */
export const createRecallMessage = (deps: {
  drafts: Pick<DraftStore, 'read'>;
  batches: Pick<BatchStore, 'read' | 'change' | 'actionIds' | 'draftIds'>;
  actions: Pick<ActionStore, 'read' | 'receipts'>;
  activation: Pick<BatchActivation, 'recall'>;
  reviewDraft: Pick<ReviewDraft, 'recall'>;
  findBarredHeld: FindBarredHeld;
  takeBacks: Pick<CarryOutTakeBacks, 'sweep'>;
  takeBackAction: TakeBackAction;
}) => {
  const conflict = (status: string, message: string): RecallOutcome => ({
    outcome: 'state_conflict',
    status,
    message,
  });
  const lacks = ({ permissions }: RecallRequest, permission: Permission): RecallOutcome | null =>
    permissions.includes(permission) ? null : { outcome: 'forbidden', permission };

  const told = (
    id: string,
    stage: RecallStage,
    done: string,
    counts: Partial<Omit<RecallAnswer, 'id' | 'stage' | 'done'>>,
  ): RecallOutcome => ({
    outcome: 'recalled',
    answer: { id, stage, done, ...nothing, alreadyLeft: [], ...counts },
  });

  const leftOf = (receipts: readonly Receipt[]): RecallAnswer['alreadyLeft'] =>
    receipts
      .filter(({ outcome }) => outcome === 'left')
      .map(({ actionId, email, settledAt, mailed, proof }) => ({
        ...{ actionId, email, at: mailed?.at ?? settledAt },
        proof: mailed?.proof ?? proof,
      }));

  const countsOf = (receipts: readonly Receipt[]) => ({
    stopped: receipts.filter(({ outcome, reason }) => outcome === 'blocked' && reason === 'recalled').length,
    takenBack: receipts.filter(({ outcome }) => outcome === 'taken_back').length,
    takingBack: receipts.filter(
      ({ outcome, takeBack }) => outcome === 'handed_over' && takeBack?.state === 'open',
    ).length,
    inFlight: receipts.filter(({ outcome }) => outcome === 'sending' || outcome === 'unknown').length,
    alreadyLeft: leftOf(receipts),
  });

  const receiptsOf = async (batchId: string): Promise<Receipt[]> => {
    const ids = await deps.batches.actionIds(batchId);
    const receipts: Receipt[] = [];
    for (let start = 0; start < ids.length; start += readAtOnce)
      receipts.push(...(await deps.actions.receipts(ids.slice(start, start + readAtOnce))));
    return receipts;
  };

  const recallBatch = async (request: RecallRequest, batchId: string): Promise<RecallOutcome> => {
    const batch = await deps.batches.read(batchId);
    if (batch === null) return { outcome: 'not_found' };
    const { reason, actor, correlationId } = request;
    if (batch.status === 'pending' || batch.status === 'approved') {
      const refused = lacks(request, 'batches:approve');
      if (refused !== null) return refused;
      const command = batch.status === 'pending' ? 'reject' : 'revoke';
      const { result } = await deps.batches.change({
        ...{ batchId, command, actor, reason, correlationId },
        previewHash: null,
      });
      if (result === 'done') {
        const done = `The batch is ${command === 'reject' ? 'rejected' : 'revoked'}; nothing of it had left, and its drafts are approved again.`;
        return told(batchId, 'batch', done, { stopped: batch.actionCount });
      }
      // Somebody executed it in between: what began is recalled where it is now.
    } else if (batch.status === 'rejected' || batch.status === 'revoked' || batch.status === 'expired') {
      return conflict(batch.status, `This batch is ${batch.status}; nothing of it was or will be sent.`);
    }
    const refused = lacks(request, 'batches:execute');
    if (refused !== null) return refused;
    const before = await receiptsOf(batchId);
    const { done, status } = await deps.activation.recall({
      ...{ batchId, actionId: null, reason, actor, correlationId },
    });
    if (!done) return conflict(status, `This batch is ${status}, which leaves nothing to recall.`);
    await deps.findBarredHeld();
    await deps.takeBacks.sweep();
    const counts = countsOf(await receiptsOf(batchId));
    const executing = before.some(({ outcome }) => ['queued', 'sending', 'unknown'].includes(outcome));
    const what = `${counts.stopped} stopped before they were handed over, ${counts.takenBack} taken back, ${counts.takingBack} being taken back, ${counts.inFlight} in flight, ${counts.alreadyLeft.length} had already left.`;
    return told(batchId, executing ? 'execution' : 'hand_over', what, counts);
  };

  const recallAction = async (request: RecallRequest, actionId: string): Promise<RecallOutcome> => {
    const refused = lacks(request, 'batches:execute');
    if (refused !== null) return refused;
    const action = await deps.actions.read(actionId);
    if (action === null) return { outcome: 'not_found' };
    const { batchId } = action;
    const { reason, actor, correlationId } = request;
    const now = async () => countsOf(await deps.actions.receipts([actionId]));
    switch (action.status) {
      case 'frozen':
        return conflict(
          'frozen',
          `This message is in ${batchId}, which is not executed yet: recall the batch, or reject it with this draft dropped.`,
        );
      case 'queued': {
        const { blocked } = await deps.activation.recall({ batchId, actionId, reason, actor, correlationId });
        return blocked === 1
          ? told(actionId, 'execution', 'The message is blocked and was never handed over.', await now())
          : recallAction(request, actionId);
      }
      case 'sending':
      case 'unknown':
        return conflict(
          action.status,
          'This message is with the provider at this moment; recall it again when its receipt says where it is.',
        );
      case 'handed_over': {
        const taken = await deps.takeBackAction({ actionId, reason, actor, correlationId });
        if (taken.outcome === 'taken_back')
          return told(actionId, 'hand_over', 'The provider gave the message back.', await now());
        if (taken.outcome === 'not_found') return { outcome: 'not_found' };
        if (taken.outcome === 'refused' && taken.code === 'not_held')
          return conflict('handed_over', taken.message);
        const counts = await now();
        if (counts.alreadyLeft.length === 0 && counts.takingBack === 0 && counts.takenBack === 0)
          return conflict(action.status, 'Its state changed meanwhile; ask again.');
        const why = taken.outcome === 'refused' ? taken.message : '';
        return told(
          ...([actionId, 'hand_over'] as const),
          counts.alreadyLeft.length > 0
            ? `The message had already left. ${why}`
            : `The provider did not give the message back yet; it is asked again by itself. ${why}`,
          counts,
        );
      }
      case 'taken_back':
        return told(actionId, 'hand_over', 'The message was taken back before.', await now());
      case 'left':
        return told(actionId, 'hand_over', 'The message had already left.', await now());
      case 'blocked':
      case 'refused':
        return conflict(
          action.status,
          `This message is ${action.status}; it was not sent and never will be.`,
        );
    }
  };

  const recallDraft = async (request: RecallRequest, draftId: DraftId): Promise<RecallOutcome> => {
    const draft = await deps.drafts.read(draftId);
    if (draft === null) return { outcome: 'not_found' };
    if (draft.status === 'batched' && draft.batchId !== null) {
      const drafts = await deps.batches.draftIds(draft.batchId);
      const actionId = (await deps.batches.actionIds(draft.batchId))[drafts.indexOf(draftId)];
      if (actionId !== undefined) return recallAction(request, actionId);
    }
    if (draft.status !== 'approved')
      return conflict(draft.status, `This draft is ${draft.status}; there is no approval to take back.`);
    const refused = lacks(request, 'drafts:review');
    if (refused !== null) return refused;
    const { reason, actor, correlationId } = request;
    const recalled = await deps.reviewDraft.recall({ draftId, reason, actor, correlationId });
    switch (recalled.outcome) {
      case 'done':
        return told(draftId, 'draft', 'The approval is taken back; the draft waits for a review again.', {
          stopped: 1,
        });
      case 'not_found':
        return { outcome: 'not_found' };
      case 'state_conflict':
        // Somebody froze it in between.
        return recalled.status === 'batched'
          ? recallDraft(request, draftId)
          : conflict(recalled.status, `This draft is ${recalled.status}; there is no approval to take back.`);
      default:
        return conflict('changed', 'The draft changed meanwhile; look at it, then ask again.');
    }
  };

  return async (request: RecallRequest): Promise<RecallOutcome> => {
    const draftId = draftIdSchema.safeParse(request.id);
    if (draftId.success) return recallDraft(request, draftId.data);
    const batchId = batchIdSchema.safeParse(request.id);
    if (batchId.success) return recallBatch(request, batchId.data);
    return recallAction(request, actionIdSchema.parse(request.id));
  };
};

export type RecallMessage = ReturnType<typeof createRecallMessage>;
