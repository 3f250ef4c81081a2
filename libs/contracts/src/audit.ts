import { z } from 'zod';

/** Why a row, or the end of the chain, is the first that does not hold. */
export const auditBreaks = [
  'row_changed',
  'row_missing',
  'row_added',
  'seal_missing',
  'seal_damaged',
  'seals_missing',
  'head_changed',
  'head_missing',
] as const;
export type AuditBreak = (typeof auditBreaks)[number];

/** What is wrong with the audit as a whole, beside a row that does not hold. */
export const auditProblems = [
  'rows_removed',
  'tail_not_sealed',
  'published_head_missing',
  'store_replaced',
  'store_unnamed',
  'store_named_twice',
  'seal_key_changed',
] as const;
export type AuditProblem = (typeof auditProblems)[number];

const rowCount = z.number().int().nonnegative();

export const auditVerdictSchema = z.object({
  state: z.literal('checked'),
  ok: z.boolean(),
  /** Rows in the stream, and how many of them hold under the chain of seals. */
  rows: rowCount,
  sealed: rowCount,
  unsealed: rowCount,
  unsealedSince: z.string().nullable(),
  /** Code of the last sealed row; empty when nothing is sealed. Keep it: it can be asked for later. */
  head: z.string(),
  storeId: z.string(),
  /** `index` counts rows from 0. */
  firstBroken: z.object({ index: rowCount, id: z.string(), why: z.enum(auditBreaks) }).nullable(),
  problems: z.array(z.object({ why: z.enum(auditProblems), message: z.string() })),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

/** One answer checks some thousand rows; `cursor` asks for the next ones. */
export const auditCheckSchema = z.discriminatedUnion('state', [
  auditVerdictSchema,
  z.object({ state: z.literal('checking'), rows: rowCount, sealed: rowCount, cursor: z.string() }),
]);
export type AuditCheck = z.infer<typeof auditCheckSchema>;

export const auditHeadSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A head is 64 hexadecimal digits, as audit verify prints it.');

export const verifyAuditQuerySchema = z.object({
  cursor: z.string().max(4_096).optional(),
  /** A head published earlier, which has to be in the chain. */
  head: auditHeadSchema.optional(),
});
