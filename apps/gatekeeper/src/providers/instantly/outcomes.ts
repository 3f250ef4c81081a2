import { type DispatchOutcome, instantlyOutcomes } from '@caio/contracts';
import { describeFailure as describe, type Failure, outcomeOf } from '../outcome-table.ts';

/** What became of a lead whose posting failed like this. */
export const leadOutcomeOf = (failure: Failure): DispatchOutcome =>
  outcomeOf(instantlyOutcomes, 'lead', failure);

/** What becomes of a lead when its campaign cannot be had: nothing of it left, so it is never `unknown`. */
export const campaignOutcomeOf = (failure: Failure): DispatchOutcome =>
  outcomeOf(instantlyOutcomes, 'campaign', failure);

export const describeFailure = (failure: Failure): string => describe(instantlyOutcomes, failure);
