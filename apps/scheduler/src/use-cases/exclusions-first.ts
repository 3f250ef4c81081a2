import type { Bar, RowOutcome } from '@caio/contracts';
import type { IntakeAnswers } from '../intake-answers.ts';
import type { CraftedRow } from './craft-row.ts';

/** How often the gate is asked at first, and for how long it may stay silent. */
export const answersPollMs = 100;
export const answersPatienceMs = 600_000;

/**
 * The outcomes of rows without a draft, where exclusions and suppressions come first: whoever may not be written to is
 * called excluded, whatever else stands against them, because that is no question a person could settle. The gate is waited for; when it stays silent
 * for too long the judgement stands, and nobody is written to either way.
 */
export const createExclusionsFirst = (deps: {
  intakeAnswers: Pick<IntakeAnswers, 'excluded'>;
  pause: (milliseconds: number) => Promise<void>;
  now: () => number;
}) => {
  return async (rows: readonly CraftedRow[], correlationId: string): Promise<RowOutcome[]> => {
    const leads = new Map(
      rows.flatMap(({ outcome, refused }) => (refused === null ? [] : [[outcome.line, refused] as const])),
    );
    const giveUpAt = deps.now() + answersPatienceMs;
    let bars: ReadonlyMap<number, Bar> | null = leads.size === 0 ? new Map() : null;
    for (let poll = 0; bars === null && deps.now() <= giveUpAt; poll += 1) {
      if (poll > 0) await deps.pause(Math.min(answersPollMs * poll, 1_000));
      bars = await deps.intakeAnswers.excluded(leads, correlationId);
    }
    return rows.map(({ outcome }) => {
      const bar = bars?.get(outcome.line);
      if (bar === undefined) return outcome;
      // What a text would have needed is no question any more.
      const { missing: _, ...rest } = outcome;
      return { ...rest, verdict: 'excluded', reasons: [bar] };
    });
  };
};
