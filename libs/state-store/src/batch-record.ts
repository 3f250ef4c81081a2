import { type Batch, batchSchema, leftOutSchema } from '@caio/contracts';
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
  });
};
