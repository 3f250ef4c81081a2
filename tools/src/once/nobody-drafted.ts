import {
  intakeReasons,
  judgementSentenceOf,
  type OutcomeReason,
  type PipelineRun,
  type RowOutcome,
  rowReasons,
} from '@caio/contracts';

/** What a file lacks when its rows are parked for a reason: the field, and what a column of it is called. */
const lacks: Readonly<Record<string, { readonly field: string; readonly column: string }>> = {
  industry_unknown: { field: 'industry', column: 'Industry' },
  title_unknown: { field: 'title', column: 'Title' },
  title_field_unknown: { field: 'title', column: 'Title' },
  missing_email: { field: 'email', column: 'Email' },
  recipient_unreachable: { field: 'email', column: 'Email' },
  email_status_unknown: { field: 'emailStatus', column: 'Email Status' },
  email_unverified: { field: 'emailStatus', column: 'Email Status' },
};

const reasonsShown = 4;

const sentenceOf = (code: string): string => {
  if (code === withoutText) return 'the text needs a field that these rows do not have';
  const known: Readonly<Record<string, OutcomeReason>> = { ...rowReasons, ...intakeReasons };
  return judgementSentenceOf(code) ?? known[code]?.meaning ?? '';
};

/** What a text of the pack could not be written without; the row itself says which. */
const columns: Readonly<Record<string, string>> = {
  firstName: 'First Name',
  lastName: 'Last Name',
  company: 'Company',
  title: 'Title',
  industry: 'Industry',
};
const withoutText = 'unrendered_placeholder';

/** What decided about a row. A parked one has every question that is open; others were decided by their last step. */
const decidingReasons = ({ verdict, reasons }: RowOutcome): readonly string[] => {
  if (verdict !== 'parked') return reasons.slice(-1);
  const open = reasons.filter((reason) => lacks[reason] !== undefined);
  return open.length > 0 ? open : reasons.slice(-1);
};

const adviceFor = (
  code: string,
  mapping: PipelineRun['mapping'],
  missing: ReadonlySet<string>,
): readonly string[] => {
  const lack = lacks[code];
  const wanted = lack === undefined ? [] : [lack];
  if (code === withoutText)
    for (const field of missing) wanted.push({ field, column: columns[field] ?? field });
  return wanted.map(({ field, column: name }) => {
    const column = mapping.find((one) => one.field === field)?.column;
    return column === undefined
      ? `Add a column "${name}" to the file.`
      : `Fill the column "${column}" in those rows.`;
  });
};

/**
 * Why a file that was read gave no draft at all, and what to change in it; empty when somebody was drafted or no row was
 * read.
 */
export const nobodyDraftedText = (run: PipelineRun, rows: readonly RowOutcome[]): string => {
  if (rows.length === 0 || rows.some(({ verdict }) => verdict === 'drafted')) return '';
  const counts = new Map<string, { rows: number; missing: Set<string> }>();
  for (const row of rows)
    for (const reason of new Set(decidingReasons(row))) {
      const count = counts.get(reason) ?? { rows: 0, missing: new Set<string>() };
      count.rows += 1;
      for (const field of row.missing ?? []) count.missing.add(field);
      counts.set(reason, count);
    }
  const mostFirst = [...counts].sort(([, one], [, other]) => other.rows - one.rows);
  let isLacking = false;
  const lines = mostFirst.slice(0, reasonsShown).map(([code, { rows: count, missing }]) => {
    const sentence = sentenceOf(code);
    const advice = adviceFor(code, run.mapping, missing);
    isLacking ||= advice.length > 0;
    const words = sentence === '' ? code : `${sentence} (${code})`;
    return [`  ${count} ${count === 1 ? 'row' : 'rows'}: ${words}`, ...advice].join(' ');
  });
  return [
    'Nobody was drafted: this file adds nothing to review. The main reasons:',
    ...lines,
    ...(isLacking ? ['  Then import the file again.'] : []),
  ].join('\n');
};
