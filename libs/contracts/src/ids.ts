import { z } from 'zod';

/** A prefixed ULID: 26 Crockford characters, sortable by creation time. */
const prefixed = <P extends string>(prefix: P) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`), `expected an id like ${prefix}_01J…`);

export const draftIdSchema = prefixed('drf').brand<'DraftId'>();
export const batchIdSchema = prefixed('bat').brand<'BatchId'>();
export const actionIdSchema = prefixed('act').brand<'ActionId'>();
export const executionIdSchema = prefixed('exe').brand<'ExecutionId'>();
export const attemptIdSchema = prefixed('att').brand<'AttemptId'>();
export const runIdSchema = prefixed('run').brand<'RunId'>();

export type DraftId = z.infer<typeof draftIdSchema>;
export type BatchId = z.infer<typeof batchIdSchema>;
export type ActionId = z.infer<typeof actionIdSchema>;
export type ExecutionId = z.infer<typeof executionIdSchema>;
export type AttemptId = z.infer<typeof attemptIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;

/** One request across all services: chosen by the caller within this shape, else made at the first door. */
export const correlationIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/);

/** Lower-case hex SHA-256. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** An ISO 8601 instant in UTC with milliseconds, e.g. 2026-01-05T12:00:00.000Z. */
export const instantSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
