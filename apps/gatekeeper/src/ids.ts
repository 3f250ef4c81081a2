import {
  type ActionId,
  actionIdSchema,
  type AttemptId,
  attemptIdSchema,
  type BatchId,
  batchIdSchema,
  type DraftId,
  draftIdSchema,
  type ExecutionId,
  executionIdSchema,
} from '@caio/contracts';

/** Where new ids come from; `next` returns a fresh ULID. */
export interface IdSource {
  readonly draft: () => DraftId;
  readonly batch: () => BatchId;
  readonly action: () => ActionId;
  readonly execution: () => ExecutionId;
  readonly attempt: () => AttemptId;
}

export const createIdSource = (next: () => string): IdSource => ({
  draft: () => draftIdSchema.parse(`drf_${next()}`),
  batch: () => batchIdSchema.parse(`bat_${next()}`),
  action: () => actionIdSchema.parse(`act_${next()}`),
  execution: () => executionIdSchema.parse(`exe_${next()}`),
  attempt: () => attemptIdSchema.parse(`att_${next()}`),
});
