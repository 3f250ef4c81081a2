import type { Lead, RowProblem } from '@caio/contracts';
import { readLead } from '@caio/outreach-core';
import type { HeaderMapping } from '@caio/outreach-core';
import type { LeadFileProblem } from './lead-file-problem.ts';

/**
 * One record of a lead file. `line` is its 1-based number among the records (a CSV header is 1; JSON has no
 * header, its first element is 1), `physicalLine` where it starts. A good row may carry problems of single
 * cells. `file_problem` can only come last: nothing behind it could be read; `leadsAbove` counts the leads that
 * were read before it.
 */
export type LeadRow =
  | { kind: 'lead'; line: number; physicalLine: number; lead: Lead; problems: RowProblem[] }
  | { kind: 'bad_row'; line: number; physicalLine: number; email: string | null; problems: RowProblem[] }
  | { kind: 'file_problem'; problem: LeadFileProblem; leadsAbove: number };

/** Where a record stands in its file. */
export interface RowPlace {
  readonly line: number;
  readonly physicalLine: number;
}

export const rowOf = (place: RowPlace, cells: readonly string[], mapping: HeaderMapping): LeadRow => {
  const reading = readLead(cells, mapping);
  return reading.ok
    ? { kind: 'lead', ...place, lead: reading.lead, problems: reading.problems }
    : { kind: 'bad_row', ...place, email: reading.email, problems: reading.problems };
};

/** A row of which not even the cells could be told apart. */
export const unreadableRow = (place: RowPlace, problem: RowProblem): LeadRow => ({
  kind: 'bad_row',
  ...place,
  email: null,
  problems: [problem],
});
