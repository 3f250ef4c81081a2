import { z } from 'zod';
import { correlationIdSchema, instantSchema, runIdSchema } from './ids.ts';
import { tierSchema } from './vocabulary.ts';

/** The one word that says what became of a row of a lead file. */
export const rowVerdictSchema = z.enum([
  'drafted',
  'parked',
  'disqualified',
  'excluded',
  'duplicate',
  'bad_row',
]);
export type RowVerdict = z.infer<typeof rowVerdictSchema>;

/** A value that could not be read. `column` is the file's own header text. */
export const rowProblemSchema = z.object({ column: z.string(), value: z.string(), reason: z.string() });
export type RowProblem = z.infer<typeof rowProblemSchema>;

/**
 * What became of one record. `line` is the record's 1-based number with the header as 1; `physicalLine` is
 * where it starts in the file, which differs after preambles and quoted newlines.
 */
export const rowOutcomeSchema = z.object({
  line: z.number().int().positive(),
  physicalLine: z.number().int().positive(),
  email: z.string().nullable(),
  verdict: rowVerdictSchema,
  tier: tierSchema.nullable(),
  score: z.number().nullable(),
  reasons: z.array(z.string()),
  problems: z.array(rowProblemSchema).optional(),
  /** Lead fields that every fitting text names and this row does not have. */
  missing: z.array(z.string()).optional(),
});
export type RowOutcome = z.infer<typeof rowOutcomeSchema>;

/** Which column fed which lead field, so that a person can see a decoy was not taken. */
export const columnMappingSchema = z.array(
  z.object({ field: z.string(), column: z.string(), how: z.enum(['alias', 'map']) }),
);
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

export const runStatusSchema = z.enum(['queued', 'running', 'done', 'failed']);

export const pipelineRunSchema = z.object({
  runId: runIdSchema,
  status: runStatusSchema,
  fileName: z.string(),
  format: z.enum(['csv', 'json']).nullable(),
  startedBy: z.string(),
  strict: z.boolean(),
  overrides: z.record(z.string(), z.string()),
  correlationId: correlationIdSchema,
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  rowsRead: z.number().int().nonnegative(),
  rowsDone: z.number().int().nonnegative(),
  /** The highest line that has an outcome; rows of empty cells have a line but no outcome. */
  lastLine: z.number().int().nonnegative().default(0),
  counts: z
    .record(rowVerdictSchema, z.number().int().nonnegative())
    .or(z.record(z.string(), z.number().int())),
  /**
   * Rows that left no draft to review, by verdict and by the last of their reasons, the step that decided. Parked
   * rows that have a draft are not among them.
   */
  withoutDraft: z.record(z.string(), z.record(z.string(), z.number().int().nonnegative())).default({}),
  mapping: columnMappingSchema,
  ignoredColumns: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string().optional() }).nullable(),
});
export type PipelineRun = z.infer<typeof pipelineRunSchema>;
