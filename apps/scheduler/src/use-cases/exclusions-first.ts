import type { RowOutcome } from '@caio/contracts';
import type { IntakeAnswers } from '../intake-answers.ts';
import type { CraftedRow } from './craft-row.ts';

/** How often the gate is asked at first, and for how long it may stay silent. */
export const answersPollMs = 100;
export const answersPatienceMs = 600_000;

/**
 * The outcomes of rows without a draft, where exclusions come first: whoever is excluded is called so, whatever else
 * stands against them, because that is no question a person could settle. The gate is waited for; when it stays silent
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
    let excluded: ReadonlySet<number> | null = leads.size === 0 ? new Set() : null;
    for (let poll = 0; excluded === null && deps.now() <= giveUpAt; poll += 1) {
      if (poll > 0) await deps.pause(Math.min(answersPollMs * poll, 1_000));
      excluded = await deps.intakeAnswers.excluded(leads, correlationId);
    }
    return rows.map(({ outcome }) =>
      excluded?.has(outcome.line) === true
        ? { ...outcome, verdict: 'excluded', reasons: ['excluded'] }
        : outcome,
    );
  };
};
