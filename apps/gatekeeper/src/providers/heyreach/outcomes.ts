import { type DispatchOutcome, heyreachOutcomes } from '@caio/contracts';
import { describeFailure as describe, type Failure, outcomeOf } from '../outcome-table.ts';

/** What became of a lead whose posting failed like this. */
export const leadOutcomeOf = (failure: Failure): DispatchOutcome =>
  outcomeOf(heyreachOutcomes, 'lead', failure);

/** What becomes of a lead when its list cannot be had: nothing of it left, so it is never `unknown`. */
export const listOutcomeOf = (failure: Failure): DispatchOutcome =>
  outcomeOf(heyreachOutcomes, 'list', failure);

export const describeFailure = (failure: Failure): string => describe(heyreachOutcomes, failure);
