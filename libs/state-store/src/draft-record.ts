import { type Draft, draftSchema, messageSchema } from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord, parseRecord, textOrNull } from './record.ts';

/** What of a draft never changes; the rest lives in the hash's own fields. */
export const draftRecordSchema = draftSchema.pick({
  draftId: true,
  lead: true,
  judgement: true,
  claims: true,
  guards: true,
  templateId: true,
  copyPackVersion: true,
  policyVersion: true,
  origin: true,
  sourceKey: true,
  correlationId: true,
});
export type DraftRecord = z.infer<typeof draftRecordSchema>;

const storedDecisionsSchema = z.array(z.looseObject({ at: z.number() }));

/** A draft from the fields of its hash. Throws CorruptRecordError when they are not a draft. */
export const draftOf = (key: string, hash: Readonly<Record<string, string>>): Draft => {
  const record = parseJsonRecord(key, draftRecordSchema, hash['record'] ?? '');
  return parseRecord(key, draftSchema, {
    ...record,
    ...(hash['guards'] === undefined
      ? {}
      : { guards: parseJsonRecord(key, draftSchema.shape.guards, hash['guards']) }),
    ...(hash['claims'] === undefined
      ? {}
      : { claims: parseJsonRecord(key, draftSchema.shape.claims, hash['claims']) }),
    status: hash['status'],
    revision: Number(hash['revision']),
    contentDigest: hash['digest'],
    message: parseJsonRecord(key, messageSchema, hash['bytes'] ?? ''),
    batchId: textOrNull(hash['batchId']),
    createdAt: instantOrNull(hash['createdAt']),
    reviewedAt: instantOrNull(hash['reviewedAt']),
    reviewedBy: textOrNull(hash['reviewedBy']),
    rejection:
      hash['rejection'] === undefined
        ? null
        : parseJsonRecord(key, draftSchema.shape.rejection, hash['rejection']),
    decisions:
      hash['decisions'] === undefined
        ? []
        : parseJsonRecord(key, storedDecisionsSchema, hash['decisions']).map(({ at, ...decision }) => ({
            ...decision,
            at: instantOrNull(String(at)),
          })),
  });
};
