import { digestSchema, draftIdSchema } from '@caio/contracts';
import { z } from 'zod';

const undoMs = 10 * 60_000;
const entriesMax = 50;

export const reviewedSchema = z.object({
  draftId: draftIdSchema,
  /** Who the message is for. */
  who: z.string(),
  what: z.enum(['approved', 'rejected', 'edited', 'recalled']),
  at: z.number(),
  /** The text that was decided about: an undo is of this one and of no later one. */
  contentDigest: digestSchema.optional(),
});
export type Reviewed = z.infer<typeof reviewedSchema>;

/** What this reviewer decided in this tab, newest first, one entry a draft. */
export const withReviewed = (log: readonly Reviewed[], entry: Reviewed): readonly Reviewed[] =>
  [entry, ...log.filter(({ draftId }) => draftId !== entry.draftId)].slice(0, entriesMax);

/** The approval a person can still take back with one key: the newest, for ten minutes. */
export const lastUndoable = (log: readonly Reviewed[], now: number): Reviewed | null => {
  const last = log.find(({ what }) => what === 'approved');
  return last !== undefined && now - last.at < undoMs ? last : null;
};

/** Reads a log that was kept as text; one that cannot be read is an empty one. */
export const parseReviewLog = (text: string | null): readonly Reviewed[] => {
  if (text === null) return [];
  try {
    const parsed = z.array(reviewedSchema).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
};
