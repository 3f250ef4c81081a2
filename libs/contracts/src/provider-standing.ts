import { z } from 'zod';
import { instantSchema } from './ids.ts';
import { ledgerSchema, providerNameSchema } from './vocabulary.ts';

/**
 * How a provider is at the moment, the same for all workers. `failing`: some faults in a row, not yet enough for a
 * rest. `resting`: nobody calls it until `until`. `trying`: the rest is over and one message tries. `waiting`: it
 * asked for fewer calls. `reason` is the code of the last fault or of the wait; `since` is when the first rest began.
 */
export const providerStandingSchema = z.object({
  provider: providerNameSchema,
  ledger: ledgerSchema,
  state: z.enum(['working', 'failing', 'resting', 'trying', 'waiting']),
  faults: z.number().int().nonnegative(),
  reason: z.string().nullable(),
  since: instantSchema.nullable(),
  until: instantSchema.nullable(),
});
export type ProviderStanding = z.infer<typeof providerStandingSchema>;

/** Nothing is handed to it at the moment, or only one message at a time. */
export const isSpared = ({ state }: ProviderStanding): boolean =>
  state === 'resting' || state === 'trying' || state === 'waiting';

/** One sentence for a person; `timeOf` writes an instant the way this person reads it. */
export const providerSentence = (standing: ProviderStanding, timeOf: (instant: string) => string): string => {
  const { provider, faults, reason } = standing;
  const why = reason === null ? '' : ` (${reason})`;
  const until = standing.until === null ? 'soon' : `at ${timeOf(standing.until)}`;
  switch (standing.state) {
    case 'working':
      return `${provider} works`;
    case 'failing':
      return `${provider} failed ${faults} ${faults === 1 ? 'time' : 'times in a row'}${why}`;
    case 'resting':
      return `${provider} rests after ${faults} failures in a row${why}; one message tries it again ${until}`;
    case 'trying':
      return `${provider} rested after ${faults} failures in a row${why}; the next message tries it`;
    case 'waiting':
      return `${provider} asked for fewer calls${why}; it goes on ${until}`;
  }
};
