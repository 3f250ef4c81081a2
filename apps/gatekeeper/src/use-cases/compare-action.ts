import type { Message, Receipt } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import type { ActionStore, DraftStore, StoredAction } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import { messageOf } from '../frozen-message.ts';
import type { Seals } from '../seals.ts';

export interface CompareDependencies {
  readonly actions: Pick<ActionStore, 'read' | 'receipts'>;
  readonly drafts: Pick<DraftStore, 'read'>;
  readonly seals: Pick<Seals, 'action'>;
}

interface Text {
  readonly contentDigest: string;
  readonly message: Message;
}

export type CompareOutcome =
  | {
      readonly outcome: 'compared'; // 200
      readonly receipt: Receipt;
      readonly approved: Text;
      readonly stored: Text;
      readonly same: boolean;
      /** False when something of the action was changed that only its maker may set. */
      readonly sealHolds: boolean;
    }
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'one_missing'; readonly missing: 'approved' | 'stored' }; // 404

const storedTextOf = (action: StoredAction): Text | null => {
  const message = messageOf(action);
  return message === null ? null : { contentDigest: sha256Hex(action.bytes), message };
};

/**
 * The message that was approved beside the one that is stored with the action, from two records that are written at
 * different times: changing one of them shows.
 */
export const createCompareAction = (deps: CompareDependencies) => {
  /** Only while the draft is in the batch of the action, and is itself what its digest says. */
  const approvedTextOf = async (action: StoredAction): Promise<Text | null> => {
    const draft = await deps.drafts.read(action.draftId);
    if (draft === null || draft.status !== 'batched' || draft.batchId !== action.batchId) return null;
    const { contentDigest, message } = draft;
    return sha256Hex(canonicalJson(message)) === contentDigest ? { contentDigest, message } : null;
  };

  return async (actionId: string): Promise<CompareOutcome> => {
    const action = await deps.actions.read(actionId);
    const [receipt] = action === null ? [] : await deps.actions.receipts([actionId]);
    if (action === null || receipt === undefined) return { outcome: 'not_found' };
    const approved = await approvedTextOf(action);
    if (approved === null) return { outcome: 'one_missing', missing: 'approved' };
    const stored = storedTextOf(action);
    if (stored === null) return { outcome: 'one_missing', missing: 'stored' };
    return {
      ...{ outcome: 'compared', receipt, approved, stored },
      same: approved.contentDigest === stored.contentDigest,
      sealHolds: deps.seals.action(action) === action.seal,
    };
  };
};

export type CompareAction = ReturnType<typeof createCompareAction>;
