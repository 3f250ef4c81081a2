import {
  actionStatusSchema,
  type Batch,
  type BatchProgress,
  batchProgressSchema,
  batchSchema,
  leftOutSchema,
} from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord, parseRecord, textOrNull } from './record.ts';

/** A stored batch as the contract shows it. Throws CorruptRecordError on anything else. */
export const batchOf = (key: string, hash: Readonly<Record<string, string>>): Batch => {
  const counts = Object.entries(hash)
    .filter(([field]) => field.startsWith('n:'))
    .map(([field, count]) => [field.slice(2), Number(count)] as const);
  return parseRecord(key, batchSchema, {
    batchId: hash['batchId'],
    status: hash['status'],
    motion: hash['motion'],
    previewHash: hash['previewHash'],
    policyVersion: hash['policyVersion'],
    copyPackVersion: hash['copyPackVersion'],
    deliveryModes: parseJsonRecord(key, batchSchema.shape.deliveryModes, hash['deliveryModes'] ?? ''),
    allowListDigest: hash['allowListDigest'],
    rampStage: textOrNull(hash['rampStage']) ?? undefined,
    expiresAt: instantOrNull(hash['expiresAtMs']),
    createdAt: instantOrNull(hash['createdAt']),
    createdBy: hash['createdBy'],
    correlationId: hash['correlationId'],
    actionCount: Number(hash['actionCount']),
    leftOut: parseJsonRecord(key, z.array(leftOutSchema), hash['leftOut'] ?? ''),
    approvedBy: textOrNull(hash['approvedBy']),
    approvedAt: instantOrNull(hash['approvedAt']),
    closedBy: textOrNull(hash['closedBy']),
    closedReason: textOrNull(hash['closedReason']),
    executionId: textOrNull(hash['executionId']),
    fence: hash['fence'] === undefined ? null : Number(hash['fence']),
    counts: Object.fromEntries(counts),
    activation:
      textOrNull(hash['activation']) === null
        ? null
        : {
            state: hash['activation'],
            by: hash['activationBy'],
            at: instantOrNull(hash['activationAt']),
          },
    recalled:
      textOrNull(hash['recallReason']) === null
        ? null
        : { reason: hash['recallReason'], by: hash['recalledBy'], at: instantOrNull(hash['recalledAt']) },
  });
};

/** The fields a progress is made of: a batch's left-outs may be thousands, and a reader asks every moment. */
export const progressFields = [
  'status',
  'changes',
  'changedAt',
  'createdAt',
  'actionCount',
  ...actionStatusSchema.options.map((status) => `n:${status}`),
];

/** How far a batch is. `change` numbers its states: another number is another state. */
export interface NumberedProgress {
  readonly change: number;
  readonly progress: BatchProgress;
}

/** A batch's progress from the values of `progressFields`; null when there is no batch. */
export const progressOf = (key: string, values: readonly (string | null)[]): NumberedProgress | null => {
  const [status, changes, changedAt, createdAt, actionCount, ...counted] = values;
  if (status === null || status === undefined) return null;
  const counts = Object.fromEntries(
    actionStatusSchema.options.flatMap((name, index) => {
      const count = counted[index] ?? null;
      return count === null ? [] : [[name, Number(count)] as const];
    }),
  );
  return {
    change: Number(changes ?? 0),
    progress: parseRecord(key, batchProgressSchema, {
      status,
      counts,
      handedOver: (counts['handed_over'] ?? 0) + (counts['left'] ?? 0),
      total: Number(actionCount),
      updatedAt: instantOrNull(changedAt ?? createdAt ?? undefined),
    }),
  };
};
