import { instantlyOutcomes } from './instantly.ts';
import type { OutcomeTable } from './outcome-table.ts';

/** The table of every provider that is handed messages over a wire. */
export const providerOutcomes: readonly OutcomeTable[] = [instantlyOutcomes];
