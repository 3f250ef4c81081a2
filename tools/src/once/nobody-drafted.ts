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
  const known: Readonly<Record<string, OutcomeReason>> = { ...rowReasons, ...intakeReasons };
  return judgementSentenceOf(code) ?? known[code]?.meaning ?? '';
};

/** What decided about a row. A parked one has every question that is open; others were decided by their last step. */
const decidingReasons = ({ verdict, reasons }: RowOutcome): readonly string[] => {
  if (verdict !== 'parked') return reasons.slice(-1);
  const open = reasons.filter((reason) => lacks[reason] !== undefined);
  return open.length > 0 ? open : reasons.slice(-1);
};

const adviceFor = (code: string, mapping: PipelineRun['mapping']): string => {
  const lack = lacks[code];
  if (lack === undefined) return '';
  const column = mapping.find(({ field }) => field === lack.field)?.column;
  return column === undefined
    ? ` Add a column "${lack.column}" to the file.`
    : ` Fill the column "${column}" in those rows.`;
};

/**
 * Why a file that was read gave no draft at all, and what to change in it; empty when somebody was drafted or no row was
 * read.
 */
export const nobodyDraftedText = (run: PipelineRun, rows: readonly RowOutcome[]): string => {
  if (rows.length === 0 || rows.some(({ verdict }) => verdict === 'drafted')) return '';
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const reason of new Set(decidingReasons(row))) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const mostFirst = [...counts].sort(([, one], [, other]) => other - one);
  const lines = mostFirst.slice(0, reasonsShown).map(([code, count]) => {
    const sentence = sentenceOf(code);
    return `  ${count} ${count === 1 ? 'row' : 'rows'}: ${sentence === '' ? code : `${sentence} (${code})`}${adviceFor(code, run.mapping)}`;
  });
  const lacking = mostFirst.some(([code]) => lacks[code] !== undefined);
  return [
    'Nobody was drafted: this file adds nothing to review. The main reasons:',
    ...lines,
    ...(lacking ? ['  Then import the file again.'] : []),
  ].join('\n');
};
