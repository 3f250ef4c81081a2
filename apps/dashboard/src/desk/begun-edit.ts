import { digestSchema, type Draft, type DraftId } from '@caio/contracts';
import { z } from 'zod';

/** A text that somebody began to write, and the digest of the text it was begun from. */
export const begunEditSchema = z.object({ base: digestSchema, subject: z.string(), body: z.string() });
export type BegunEdit = z.infer<typeof begunEditSchema>;

/** Under which name a begun edit is kept. */
export const begunEditName = (draftId: DraftId): string => `edit-${draftId}`;

/** Reads a begun edit of a draft; null where there is none, and where it changes nothing. */
export const parseBegunEdit = (
  kept: string | null,
  { message }: { readonly message: Pick<Draft['message'], 'subject' | 'body'> },
): BegunEdit | null => {
  if (kept === null) return null;
  try {
    const begun = begunEditSchema.safeParse(JSON.parse(kept)).data ?? null;
    const isSame = begun?.subject === message.subject && begun.body === message.body;
    return isSame ? null : begun;
  } catch {
    return null;
  }
};
