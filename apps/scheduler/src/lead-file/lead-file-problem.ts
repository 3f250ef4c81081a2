/** Everything that makes a whole file unreadable, or the rest of one that was being read. */
export type LeadFileProblemCode =
  | 'file_empty'
  | 'file_binary'
  | 'file_spreadsheet'
  | 'file_web_page'
  | 'encoding_invalid'
  | 'header_not_found'
  | 'map_field_unknown'
  | 'map_header_unknown'
  | 'map_header_twice'
  | 'too_many_columns'
  | 'no_rows'
  | 'no_rows_recognised'
  | 'unterminated_quote'
  | 'record_too_large'
  | 'json_invalid'
  | 'json_no_list';

/** What is wrong with the file, where, and what to do about it; `message` and `fix` are for a person. */
export interface LeadFileProblem {
  readonly code: LeadFileProblemCode;
  readonly message: string;
  readonly fix: string;
}

/**
 * A problem that ended a file whose rows were being taken, for the person who repairs it: whoever stood above it
 * stays taken.
 */
export const afterTaking = (problem: LeadFileProblem, leadsAbove: number): LeadFileProblem => {
  if (leadsAbove === 0) return problem;
  const rows = leadsAbove === 1 ? '1 row above it was' : `${leadsAbove} rows above it were`;
  return {
    ...problem,
    message: `${problem.message} ${rows} taken, nothing below it.`,
    fix: `${problem.fix} Then import the file again: what was taken is not taken twice.`,
  };
};

/**
 * Carries a problem up through the reading generators. It never leaves this folder: openLeadFile answers
 * with the problem, and the rows end with it.
 */
export class LeadFileFault extends Error {
  readonly problem: LeadFileProblem;

  constructor(problem: LeadFileProblem) {
    super(problem.message);
    this.name = 'LeadFileFault';
    this.problem = problem;
  }
}

/** A file is read in pieces of this many bytes at most, whatever the transport hands over at once. */
export const pieceBytesMax = 65_536;

/** The part of a file that format and delimiter are judged by, in characters. */
export const headLength = 65_536;

export const columnsMax = 1_000;
