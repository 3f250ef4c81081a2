import { emailKeyOf, excerptOf, recogniseHeader } from '@caio/outreach-core';
import { LeadFileFault, columnsMax } from './lead-file-problem.ts';

/** The fault of a file in which no header could be recognised; `row` is the likeliest one. */
export const headerNotFound = (
  row: readonly string[],
  overrides: Readonly<Record<string, string>>,
): LeadFileFault => {
  const [overrideProblem] = recogniseHeader(row, overrides).problems;
  if (overrideProblem !== undefined) return new LeadFileFault(overrideProblem);
  const seen = row.slice(0, 20).map(excerptOf).join(' | ');
  const isData = row.some((cell) => emailKeyOf(cell).ok);
  return new LeadFileFault({
    code: 'header_not_found',
    message: isData
      ? 'No row names the columns: the file seems to start with its data.'
      : `No row names a column for the e-mail address or the LinkedIn profile. The likeliest one says: ${seen || 'nothing'}.`,
    fix: isData
      ? 'Put a first row above it, such as: First Name, Last Name, Email, Title, Company.'
      : 'Name such a column "Email", or say which one it is: --map email="<its header>".',
  });
};

/** Throws for overrides or a width that no file of this shape can be read with. */
export const checkHeader = (
  columns: readonly string[],
  overrides: Readonly<Record<string, string>>,
): void => {
  const [problem] = recogniseHeader(columns, overrides).problems;
  if (problem !== undefined) throw new LeadFileFault(problem);
  if (columns.length > columnsMax)
    throw new LeadFileFault({
      code: 'too_many_columns',
      message: `The header has ${columns.length} columns; at most ${columnsMax} are read.`,
      fix: 'Export fewer columns, or check that the delimiter is a comma, a semicolon or a tab.',
    });
};

/** Throws for an override whose field does not exist, which no header could satisfy. */
export const checkOverrideFields = (overrides: Readonly<Record<string, string>>): void => {
  const problem = recogniseHeader([], overrides).problems.find(({ code }) => code === 'map_field_unknown');
  if (problem !== undefined) throw new LeadFileFault(problem);
};
