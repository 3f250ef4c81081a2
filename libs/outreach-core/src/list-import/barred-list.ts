import { exclusionSchema, suppressionReasonSchema } from '@caio/contracts';
import { leadColumnAliases } from '../lead-import/lead-columns.ts';
import { type ListReading, readListTable } from './list-table.ts';

/** The largest list that is taken at once, in entries: it is stored in one step, for which everybody else waits. */
const barredListMax = 10_000;

const person = ['person', 'address', 'profile', 'who'];

/** Reads a list of exclusions: domains, addresses or profiles, with their kind and a note. */
export const readExclusionList = (content: string): ListReading =>
  readListTable(content, {
    entry: [
      ['key', 'excluded', 'exclusion', ...person],
      leadColumnAliases.companyDomain,
      leadColumnAliases.email,
      leadColumnAliases.linkedinUrl,
    ],
    word: ['kind', 'type', 'relation'],
    note: ['note', 'notes', 'why', 'comment'],
    words: exclusionSchema.shape.kind.options,
    noteLengthMax: 300,
    rowsMax: barredListMax,
  });

/** Reads a list of people who must not be written to, with the reason and a note. */
export const readSuppressionList = (content: string): ListReading =>
  readListTable(content, {
    entry: [person, leadColumnAliases.email, leadColumnAliases.linkedinUrl],
    word: ['reason'],
    note: ['note', 'notes', 'why', 'comment'],
    // Who was erased is known by what erased them, never by a list.
    words: suppressionReasonSchema.options.filter((reason) => reason !== 'erased'),
    noteLengthMax: 300,
    rowsMax: barredListMax,
  });
