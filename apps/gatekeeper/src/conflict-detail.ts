import {
  batchNextSteps,
  batchStatusSchema,
  draftIdSchema,
  draftNextSteps,
  draftStatusSchema,
} from '@caio/contracts';
import type { ProblemDetail } from '@caio/service-kit';
import type { BatchStore, DraftStore } from '@caio/state-store';

/** What a refused command on a batch is told: the state found, who brought it there and when, what can be done. */
export const batchConflict = async (
  batches: Pick<BatchStore, 'lastStep'>,
  batchId: string,
  status: string,
): Promise<ProblemDetail> => {
  const parsed = batchStatusSchema.safeParse(status);
  const step = await batches.lastStep(batchId);
  return {
    ...(parsed.success ? { fix: batchNextSteps[parsed.data] } : {}),
    details: { status, by: step?.by ?? null, at: step?.at ?? null },
  };
};

/** The same for a draft. */
export const draftConflict = async (
  drafts: Pick<DraftStore, 'read'>,
  draftId: string,
  status: string,
): Promise<ProblemDetail> => {
  const parsed = draftStatusSchema.safeParse(status);
  const id = draftIdSchema.safeParse(draftId);
  const draft = id.success ? await drafts.read(id.data) : null;
  return {
    ...(parsed.success ? { fix: draftNextSteps[parsed.data] } : {}),
    details: { status, by: draft?.reviewedBy ?? null, at: draft?.reviewedAt ?? null },
  };
};
