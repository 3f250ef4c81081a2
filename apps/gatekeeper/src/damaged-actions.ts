import type { ProblemDetail } from '@caio/service-kit';
import { CorruptRecordError } from '@caio/state-store';

const namedMax = 20;

/** The one of these actions that a failed reading is about; throws what is no such failure. */
export const damagedBy = (error: unknown, actionIds: readonly string[]): string[] => {
  if (!(error instanceof CorruptRecordError)) throw error;
  const damaged = actionIds.filter((actionId) => error.key.endsWith(`:${actionId}`));
  if (damaged.length === 0) throw error;
  return damaged;
};

/** The words for stored actions of a batch that cannot be read; `consequence` is what was not done because of it. */
export const damagedActions = (
  batchId: string,
  actionIds: readonly string[],
  consequence: string,
): ProblemDetail => {
  const which = actionIds.length === 1 ? 'A stored message' : `${actionIds.length} stored messages`;
  return {
    message: `${which} of this batch cannot be read any more; ${consequence}.`,
    fix: 'Reject or revoke the batch, so that its drafts can be frozen anew, and run caio audit verify: something changed the store.',
    details: { batchId, count: actionIds.length, actionIds: actionIds.slice(0, namedMax) },
  };
};
