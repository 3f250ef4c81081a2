import type { Receipt, RowOutcome } from '@caio/contracts';
import Table from 'cli-table3';
import { visibleText } from '../caio/visible-text.ts';
import { nobodyDraftedText } from './nobody-drafted.ts';
import type { OnceResult } from './run-once.ts';
import { nothingToCompare } from './self-check.ts';

const verdicts = ['drafted', 'parked', 'disqualified', 'excluded', 'duplicate', 'bad_row'] as const;
const plain = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};

/** The machine-readable answer: one object, its fields in a fixed order. */
export const onceJson = (result: OnceResult): Record<string, unknown> => ({
  ok: result.ok,
  ...(result.run.error === null ? {} : { error: result.run.error }),
  leads: result.rows,
  batch:
    result.batch === null
      ? null
      : {
          id: result.batch.batchId,
          status: result.batch.status,
          previewHash: result.batch.previewHash,
          expiresAt: result.batch.expiresAt,
          policyVersion: result.batch.policyVersion,
          leftOut: result.leftOut.map(({ email, reason }) => ({ email, reason })),
        },
  ...(result.batch === null
    ? { leftOut: result.leftOut.map(({ email, reason }) => ({ email, reason })) }
    : {}),
  receipts: result.receipts.map(
    ({ actionId, email, channel, outcome, contentDigest, providerMessageId }) => ({
      actionId,
      email,
      channel,
      outcome,
      contentDigest,
      providerMessageId,
    }),
  ),
  checks: result.checks,
  mapping: result.run.mapping,
  ignoredColumns: result.run.ignoredColumns,
});

export const mappingText = (run: OnceResult['run']): string =>
  run.mapping.length === 0
    ? ''
    : [
        `Columns used: ${run.mapping.map(({ field, column, how }) => `${field} ← "${column}"${how === 'map' ? ' (--map)' : ''}`).join(', ')}`,
        ...(run.ignoredColumns.length === 0
          ? []
          : [`Columns ignored: ${run.ignoredColumns.map((column) => `"${column}"`).join(', ')}`]),
      ].join('\n');

type RunError = NonNullable<OnceResult['run']['error']>;

/** What is wrong with a file and what to do, in one line. */
export const runErrorText = ({ message, fix }: RunError): string => `${message} ${fix ?? ''}`.trimEnd();

/** A table, or lines without a frame where the terminal is too narrow for it and would break every row. */
const fitted = (
  table: InstanceType<typeof Table>,
  rows: readonly (readonly (string | number)[])[],
  columns: number,
): string => {
  const text = table.toString();
  return text.indexOf('\n') <= columns ? text : rows.map((row) => row.join('  ')).join('\n');
};

/**
 * What became of a lead file, for people: the columns and every row, as far as there are any. `columns` is the width
 * of the terminal; without one nothing is narrow.
 */
export const importText = (
  run: OnceResult['run'],
  rows: readonly RowOutcome[],
  columns = Number.POSITIVE_INFINITY,
): string =>
  [mappingText(run), rows.length === 0 ? '' : leadsText(rows, columns), nobodyDraftedText(run, rows)]
    .filter((part) => part !== '')
    .join('\n');

const countText = (rows: readonly RowOutcome[]): string =>
  verdicts
    .map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict.replace('_', ' ')}`)
    .join(', ');

/** Which fields a text would have needed, where that is why there is none. */
const missingWords = ({ missing = [] }: RowOutcome): string[] =>
  missing.length === 0 ? [] : [`missing: ${missing.join(' and ')}`];

/** What happened to every lead, one line each. */
export const leadsText = (rows: readonly RowOutcome[], columns = Number.POSITIVE_INFINITY): string => {
  const table = new Table({
    head: ['line', 'e-mail', 'verdict', 'tier', 'score', 'why'],
    ...plain,
    // As wide as the longest address: one that is cut could be another one's.
    colWidths: [null, null, 14, 8, 7, 70],
    wordWrap: true,
  });
  const cells = rows.map((row) => {
    const problems = (row.problems ?? []).map(
      ({ column, value, reason }) => `${column} "${value}": ${reason}`,
    );
    return [
      row.line,
      visibleText(row.email ?? '–'),
      row.verdict.replace('_', ' '),
      row.tier?.replace('_', ' ') ?? '–',
      row.score ?? '–',
      visibleText((row.verdict === 'bad_row' ? problems : [...row.reasons, ...missingWords(row)]).join(', ')),
    ];
  });
  table.push(...cells);
  return `${fitted(table, cells, columns)}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${countText(rows)}`;
};

const receiptsText = (receipts: readonly Receipt[], columns: number): string => {
  const table = new Table({
    head: ['action', 'e-mail', 'channel', 'outcome', 'content digest', "provider's id"],
    ...plain,
  });
  const cells = receipts.map((receipt) => [
    receipt.actionId,
    visibleText(receipt.email),
    receipt.channel,
    receipt.reason === null
      ? receipt.outcome.replace('_', ' ')
      : visibleText(`${receipt.outcome.replace('_', ' ')} (${receipt.reason})`),
    `${receipt.contentDigest.slice(0, 16)}…`,
    visibleText(receipt.providerMessageId ?? '–'),
  ]);
  table.push(...cells);
  return fitted(table, cells, columns);
};

const conclusion = ({ ok, batch }: OnceResult): string => {
  if (!ok) return 'FAIL';
  return batch === null ? 'PASS (nothing qualified, so nothing was sent)' : 'PASS';
};

const checksText = (result: OnceResult): string => {
  const idle = result.checks.filter(({ ok, detail }) => ok && detail.endsWith(nothingToCompare));
  return [
    ...result.checks
      .filter((check) => !idle.includes(check))
      .map(({ name, ok, detail }) => `${ok ? 'PASS' : 'FAIL'}  ${name}: ${detail}`),
    ...(idle.length === 0 ? [] : [`–     ${idle.length} more checks: ${nothingToCompare}`]),
    nobodyDraftedText(result.run, result.rows),
    conclusion(result),
  ]
    .filter((line) => line !== '')
    .join('\n');
};

/** The whole job for people; its last line is the verdict. */
export const onceText = (result: OnceResult, columns?: number): string => {
  const parts = [
    mappingText(result.run),
    result.rows.length === 0 ? '' : leadsText(result.rows, columns ?? Number.POSITIVE_INFINITY),
  ];
  parts.push(
    ...(result.run.error === null
      ? [
          result.receipts.length === 0
            ? ''
            : receiptsText(result.receipts, columns ?? Number.POSITIVE_INFINITY),
          checksText(result),
        ]
      : ['FAIL']),
  );
  return parts.filter((part) => part !== '').join('\n\n');
};
