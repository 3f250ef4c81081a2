import {
  actionIdSchema,
  actionStatusSchema,
  batchIdSchema,
  channelSchema,
  correlationIdSchema,
  deliveryModeSchema,
  digestSchema,
  draftIdSchema,
  ledgerSchema,
  providerNameSchema,
  type Receipt,
  receiptSchema,
  tierSchema,
  unknownStandingSchema,
} from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseRecord, textOrNull } from './record.ts';

/** What the worker needs of an action; `bytes` are exactly what was approved. */
export const storedActionSchema = z.object({
  actionId: actionIdSchema,
  batchId: batchIdSchema,
  draftId: draftIdSchema,
  status: actionStatusSchema,
  bytes: z.string(),
  digest: digestSchema,
  channel: channelSchema,
  mode: deliveryModeSchema,
  ledger: ledgerSchema,
  provider: providerNameSchema,
  email: z.string(),
  tier: tierSchema,
  attempts: z.coerce.number().int(),
  attemptId: z.string().optional(),
  owner: z.string().optional(),
  unknownSince: z.string().optional(),
  admittedAt: z.string().optional(),
  standing: unknownStandingSchema.optional(),
  /** The attempt that `standing` is about. */
  standingOf: z.string().optional(),
  standingSince: z.string().optional(),
  exclusionKeys: z.string(),
  seal: z.string(),
  who: z.string(),
  cid: correlationIdSchema,
  settledAt: z.string().optional(),
  takeBackReason: z.string().optional(),
  takeBackBy: z.string().optional(),
  takeBackCid: z.string().optional(),
});
export type StoredAction = z.infer<typeof storedActionSchema>;

/** What stands where an address stood. */
export const erasedAddress = '(erased)';

/** Whether an action is over and its person was erased: that its text is missing is no damage then. */
export const isErasedAction = ({ status, bytes, email }: StoredAction): boolean =>
  bytes === '' && email === erasedAddress && !['frozen', 'queued', 'sending', 'unknown'].includes(status);

/** What a person is shown of a stored action. Throws CorruptRecordError on anything else. */
export const receiptOf = (key: string, hash: Readonly<Record<string, string>>): Receipt =>
  parseRecord(key, receiptSchema, {
    actionId: hash['actionId'],
    draftId: hash['draftId'],
    batchId: hash['batchId'],
    email: hash['email'],
    channel: hash['channel'],
    tier: hash['tier'],
    mode: hash['mode'],
    provider: hash['provider'],
    outcome: hash['status'],
    reason: textOrNull(hash['reason']),
    attempts: Number(hash['attempts'] ?? 0),
    contentDigest: hash['digest'],
    providerMessageId: textOrNull(hash['providerMessageId']),
    proof: textOrNull(hash['proof']),
    deferredUntil: hash['status'] === 'queued' ? instantOrNull(hash['deferredUntil']) : null,
    settledAt: instantOrNull(hash['settledAt']),
    takeBack: textOrNull(hash['takeBackState']) === null ? null : takeBackOf(hash),
    mailed:
      instantOrNull(hash['leftAt']) === null
        ? null
        : { at: instantOrNull(hash['leftAt']), proof: hash['leftProof'] },
  });

const takeBackOf = (hash: Readonly<Record<string, string>>) => ({
  state: hash['takeBackState'],
  since: instantOrNull(hash['takeBackSince']),
  reason: hash['takeBackReason'],
  by: hash['takeBackBy'],
  tries: Number(hash['takeBackTries'] ?? 0),
  answer: textOrNull(hash['takeBackAnswer']),
  triedAt: instantOrNull(hash['takeBackTriedAt']),
});
