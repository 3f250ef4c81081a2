import { type LeftOut, leftOutReasons, leftOutSchema } from '@caio/contracts';
import { z } from 'zod';

/** Who was held back from a batch, when that is why there is none. */
export const leftOutOf = (details: Readonly<Record<string, unknown>>): LeftOut[] =>
  z.array(leftOutSchema).safeParse(details['leftOut']).data ?? [];

/** Why a freeze holds a draft back for good: as long as it stands, it will be held back again. */
export const isHeldForGood = (reason: string): boolean => reason === 'suppressed' || reason === 'excluded';

/** What ends a draft that no batch will ever take. */
export const withdrawCommand = (draftId: string): string =>
  `caio drafts withdraw ${draftId} --reason "may not be contacted"`;

const explained = (reason: string): string => {
  const known = Object.entries(leftOutReasons).find(([code]) => code === reason)?.[1];
  return known === undefined
    ? ''
    : `. ${[known.meaning, known.next].filter((part) => part !== '').join(' ')}`;
};

/** Whom a freeze left out, one line each: why, and what helps. */
export const leftOutLines = (leftOut: readonly LeftOut[]): string[] =>
  leftOut.map(
    ({ draftId, email, reason }) =>
      `  left out: ${email} (${reason})${explained(reason)}${isHeldForGood(reason) ? ` ${withdrawCommand(draftId)}` : ''}`,
  );
