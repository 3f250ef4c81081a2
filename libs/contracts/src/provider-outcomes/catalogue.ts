import { ghlOutcomes } from './ghl.ts';
import { heyreachOutcomes } from './heyreach.ts';
import { instantlyOutcomes } from './instantly.ts';
import type { OutcomeTable } from './outcome-table.ts';
import { smtpOutcomes } from './smtp.ts';

/** The table of every provider that is handed messages over a wire. */
export const providerOutcomes: readonly OutcomeTable[] = [
  instantlyOutcomes,
  heyreachOutcomes,
  ghlOutcomes,
  smtpOutcomes,
];
