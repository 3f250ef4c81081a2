import { erasureReasonSchema, type ErasedSubject, type SubjectExport } from '@caio/contracts';
import type { Command } from 'commander';
import { oneOf } from '../option-values.ts';
import { print, printJson } from '../output.ts';
import type { Shell } from '../shell.ts';

const block = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

const section = (title: string, entries: readonly string[]): string =>
  [`## ${title}`, '', entries.length === 0 ? 'Nothing.' : entries.join('\n\n'), ''].join('\n');

/** What is stored of a person, as Markdown that a person can read. */
const exportText = ({ record, drafts, messages, evidence, runRows, places }: SubjectExport): string =>
  [
    `# Stored of ${record.names.join(', ')}`,
    '',
    section('Lists', [
      ...record.suppressions.map(({ reason, at, by }) => `- suppressed since ${at}: ${reason}, by ${by}`),
      ...record.exclusions.map(
        ({ key, kind, at, by }) => `- excluded through ${key} (${kind}) since ${at}, by ${by}`,
      ),
      ...record.liftedSuppressions.map(
        ({ reason, at, lifted }) => `- suppressed ${at} (${reason}), lifted ${lifted.at}`,
      ),
    ]),
    section(
      'Drafts',
      drafts.map(
        (draft) =>
          `${draft.draftId}, ${draft.status}, of ${draft.createdAt}:\n\n${block(JSON.stringify(draft, null, 2))}`,
      ),
    ),
    section(
      'Receipts',
      record.receipts.map(
        ({ actionId, outcome, settledAt }) => `- ${actionId}: ${outcome}, ${settledAt ?? 'not settled'}`,
      ),
    ),
    section(
      'Messages',
      messages.map(({ actionId, message }) => `${actionId}:\n\n${block(message)}`),
    ),
    section(
      'Evidence',
      evidence.map(
        ({ actionId, contentType, content }) => `${actionId}, ${contentType}:\n\n${block(content)}`,
      ),
    ),
    section(
      'Rows of lead files',
      runRows.map(({ line, email, verdict }) => `- line ${line}: ${email ?? '–'}, ${verdict}`),
    ),
    section(
      'Places in the store',
      places.map(({ place, entries }) => `- ${place} (${entries})`),
    ),
  ].join('\n');

const placeLines = (places: ErasedSubject['places']): string[] =>
  places.map(({ place, entries }) => `  ${place} (${entries})`);

const erasureText = (erased: ErasedSubject): string => {
  const what = `drafts: ${erased.drafts}, messages: ${erased.actions}`;
  if (!erased.applied)
    return [
      `Nothing is changed. With --apply this erases (${what}), and clears these places:`,
      ...placeLines(erased.places),
    ].join('\n');
  return erased.left.length === 0
    ? `Erased (${what}). Nothing in the store names this person, who is suppressed for good under a pseudonym.\nPASS`
    : [
        `This person is suppressed for good, and these places still name them:`,
        ...placeLines(erased.left),
        'Ask again when the run or the job they belong to is over.',
        'FAIL',
      ].join('\n');
};

/** caio subject …: what a person may ask for. */
export const addSubjectCommands = (program: Command, { connect }: Pick<Shell, 'connect'>): void => {
  const subject = program
    .command('subject')
    .description('what a person may ask for: their data, and its erasure');
  subject
    .command('export <person>')
    .description('everything stored of a person, by address or LinkedIn profile, as Markdown')
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { json?: boolean }) => {
      const exported = await connect().exportSubject(person);
      if (options.json === true) return printJson(exported);
      print(exportText(exported));
    });
  subject
    .command('erase <person>')
    .description(
      'erase a person and suppress them for good under a pseudonym; shows what it would do until --apply, and ends with PASS when nothing names them any more',
    )
    .requiredOption(
      '--reason <reason>',
      `one of ${erasureReasonSchema.options.join(', ')}`,
      oneOf(erasureReasonSchema.options),
    )
    .option('--apply', 'erase; there is no way back')
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { reason: string; apply?: boolean; json?: boolean }) => {
      const apply = options.apply ?? false;
      const erased = await connect().eraseSubject({ person, reason: options.reason, apply });
      if (options.json === true) printJson(erased);
      else print(erasureText(erased));
      if (erased.left.length > 0) process.exitCode = 1;
    });
};
