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
  'checkpoint_changed',
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
  /** Rows taken out after their days, which a signed checkpoint stands for; they are among `rows` and `sealed`. */
  retired: z.object({ rows: rowCount, until: z.string(), digest: z.string(), at: z.string() }).nullish(),
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

export const retireAuditRequestSchema = z.strictObject({
  /** Rows from before this moment are retired, in whole seals. */
  before: z.iso.datetime(),
  dryRun: z.boolean().default(true),
});
/** What a retirement took out, or would take out. `retired` counts all rows that were ever taken out. */
export const auditRetirementSchema = z.object({
  dryRun: z.boolean(),
  rows: rowCount,
  retired: rowCount,
  until: z.string().nullable(),
  digest: z.string(),
  head: z.string(),
});
export type AuditRetirement = z.infer<typeof auditRetirementSchema>;

/** A row of the audit as it is stored, with the code that binds it to everything before it. */
const exportedRowSchema = z.object({
  row: z.string(),
  fields: z.array(z.string()).nullable(),
  mac: z.string(),
});
const exportedSealSchema = z.object({ seal: z.string(), head: z.string(), rows: rowCount });
const exportedHeadSchema = z.object({
  published: z.object({ at: z.string(), rows: rowCount, head: z.string() }),
});
/** What an export says of itself. `mac` binds all of it with the seal key. */
export const exportedFrameSchema = z.object({
  export: z.literal(1),
  environment: z.string(),
  storeId: z.string(),
  exportedAt: z.string(),
  /** Where the chain stands before the first row of the export, and after its last one. */
  start: z.object({ rows: rowCount, head: z.string() }),
  end: z.object({ rows: rowCount, head: z.string() }),
  mac: z.string(),
});
export const exportedLineSchema = z.union([
  exportedRowSchema,
  exportedSealSchema,
  exportedHeadSchema,
  exportedFrameSchema,
]);
export type ExportedLine = z.infer<typeof exportedLineSchema>;
export type ExportedFrame = z.infer<typeof exportedFrameSchema>;

export const exportAuditQuerySchema = z.object({
  cursor: z.string().max(4_096).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
/** A page of an export; the frame is its last line. */
export const exportedPageSchema = z.object({
  lines: z.array(exportedLineSchema),
  nextCursor: z.string().nullable(),
});
export type ExportedPage = z.infer<typeof exportedPageSchema>;

export const auditHeadSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A head is 64 hexadecimal digits, as audit verify prints it.');

export const verifyAuditQuerySchema = z.object({
  cursor: z.string().max(4_096).optional(),
  /** A head published earlier, which has to be in the chain. */
  head: auditHeadSchema.optional(),
});
