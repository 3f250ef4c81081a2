import { exclusionSchema, type Suppression, suppressionReasonSchema } from '@caio/contracts';
import type { Command } from 'commander';
import { consentDate, oneOf, reasonOf } from '../option-values.ts';
import { localTime, printFact, printRows } from '../output.ts';
import type { Shell } from '../shell.ts';
import { differenceDigest, runListImport } from './list-import.ts';

type ListedSuppression = Omit<Suppression, 'personKey'> & { readonly personKey: string | null };

const suppressionRow = (entry: ListedSuppression): string[] => [
  entry.personKey ?? '(erased)',
  entry.reason,
  entry.source,
  localTime(entry.at),
  entry.by,
];
const suppressionHead = ['person', 'reason', 'source', 'since', 'by'];

/** caio suppressions …: people to whom nothing more may be handed over. */
export const addSuppressionCommands = (program: Command, { connect, typed }: Shell): void => {
  const suppressions = program
    .command('suppressions')
    .description('people to whom nothing more may be handed over');
  suppressions
    .command('list')
    .description('who is suppressed, why, since when and by whom')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const list = await connect().suppressions();
      printRows({ json: options.json ?? false }, list, {
        head: suppressionHead,
        rows: list.map(suppressionRow),
        empty: 'Nobody is suppressed.',
      });
    });
  suppressions
    .command('show <person>')
    .description('whether an address or a LinkedIn profile is suppressed; exit code 1 when it is not')
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { json?: boolean }) => {
      const list = (await connect().findPerson(person)).suppressions;
      printRows({ json: options.json ?? false }, list, {
        head: suppressionHead,
        rows: list.map(suppressionRow),
        empty: `${person} is not suppressed.`,
      });
      if (list.length === 0) process.exitCode = 1;
    });
  suppressions
    .command('add <person>')
    .description(
      'stop everything to an address or a LinkedIn profile, and take back what a provider holds; there is no way back here',
    )
    .option(
      '--reason <reason>',
      `one of ${suppressionReasonSchema.options.join(', ')}`,
      oneOf(suppressionReasonSchema.options),
      'manual',
    )
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { reason: string; json?: boolean }) => {
      const answer = await connect().suppress(person, options.reason, 'caio');
      printFact(
        { json: options.json ?? false },
        answer,
        typed(
          answer.added > 0
            ? 'Suppressed: everything not yet handed over to this address or profile is stopped, and what a provider holds for it is taken back by itself. See whether anything had left: caio where.'
            : 'This person was suppressed already.',
        ),
      );
    });
  suppressions
    .command('import <file>')
    .description(
      'one person a line, or a CSV with columns such as email and reason; shows what it would do until --apply',
    )
    .option(
      '--apply <digest>',
      'store exactly the difference that was shown under this digest',
      differenceDigest,
    )
    .option('--why <text>', 'kept with every entry that has no note', '')
    .option('--json', 'one JSON value')
    .action(async (file: string, options: { apply?: string; why: string; json?: boolean }) =>
      runListImport(connect(), {
        ...{ list: 'suppressions', file, choice: 'add', why: options.why, typed },
        ...{ apply: options.apply ?? null, json: options.json ?? false },
        again: `caio suppressions import ${file}`,
      }),
    );
  suppressions
    .command('lift <person>')
    .description(
      'let a person be written to again, by a consent that is younger than every suppression of theirs; never after a complaint or an erasure',
    )
    .requiredOption(
      '--consent-evidence <text>',
      'what shows the consent, and where it is kept',
      reasonOf(10, 1_000),
    )
    .requiredOption(
      '--obtained-at <when>',
      'when they agreed: 2026-05-04 or 2026-05-04T15:30:00.000Z',
      consentDate,
    )
    .requiredOption('--reason <text>', 'why it is lifted', reasonOf(3, 500))
    .option('--json', 'one JSON value')
    .action(
      async (
        person: string,
        options: { consentEvidence: string; obtainedAt: string; reason: string; json?: boolean },
      ) => {
        const { consentEvidence, obtainedAt, reason } = options;
        const answer = await connect().liftSuppression({ person, consentEvidence, obtainedAt, reason });
        printFact(
          { json: options.json ?? false },
          answer,
          typed(
            `Lifted: ${person} may be written to again. What was lifted stays on record beside the consent: caio where ${person}`,
          ),
        );
      },
    );
};

/** caio exclusions …: customers, competitors and others who are not contacted. */
export const addExclusionCommands = (program: Command, { connect, typed }: Shell): void => {
  const exclusions = program
    .command('exclusions')
    .description('customers, competitors and others who are not contacted');
  exclusions
    .command('list')
    .description('what is excluded, of which kind, and who put it there')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const list = await connect().exclusions();
      printRows({ json: options.json ?? false }, list, {
        head: ['excluded', 'kind', 'note', 'source', 'by'],
        rows: list.map((entry) => [entry.key, entry.kind, entry.note, entry.source, entry.by]),
        empty: 'Nothing is excluded.',
      });
    });
  exclusions
    .command('add <what>')
    .description('a domain (with its sub-domains), an address or a LinkedIn profile')
    .option(
      '--kind <kind>',
      'customer, competitor, own, personal or other',
      oneOf(exclusionSchema.shape.kind.options),
      'other',
    )
    .option('--note <text>', 'for the reader', '')
    .option('--json', 'one JSON value')
    .action(async (what: string, options: { kind: string; note: string; json?: boolean }) => {
      const answer = await connect().changeExclusions({
        add: [{ key: what, kind: options.kind, note: options.note }],
        remove: [],
        source: 'caio',
      });
      report(answer, what, options.json ?? false);
    });
  exclusions
    .command('remove <what>')
    .description(
      'take a domain, an address or a LinkedIn profile off the list; exit code 1 when it was not there',
    )
    .option('--json', 'one JSON value')
    .action(async (what: string, options: { json?: boolean }) => {
      report(
        await connect().changeExclusions({ add: [], remove: [what], source: 'caio' }),
        what,
        options.json ?? false,
      );
    });
  exclusions
    .command('import <file>')
    .description(
      'one domain, address or profile a line, or a CSV with columns such as domain, email, kind, note; shows what it would do until --apply',
    )
    .option(
      '--apply <digest>',
      'store exactly the difference that was shown under this digest',
      differenceDigest,
    )
    .option('--replace', 'take off the list what the file does not name; customers of the CRM stay')
    .option('--why <text>', 'kept with every entry that has no note', '')
    .option('--json', 'one JSON value')
    .action(
      async (file: string, options: { apply?: string; replace?: boolean; why: string; json?: boolean }) =>
        runListImport(connect(), {
          ...{ list: 'exclusions', file, choice: options.replace === true ? 'replace' : 'add' },
          ...{ why: options.why, apply: options.apply ?? null, json: options.json ?? false, typed },
          again: `caio exclusions import ${file}${options.replace === true ? ' --replace' : ''}`,
        }),
    );
};

const report = (
  answer: {
    added: number;
    known: number;
    removed: number;
    missing: number;
    unreadable: readonly { key: string; reason: string }[];
  },
  what: string,
  json: boolean,
): void => {
  const counts = [
    answer.added > 0 ? `${answer.added} added` : '',
    answer.known > 0 ? `${what} was there already and stays as it is` : '',
    answer.removed > 0 ? `${answer.removed} removed` : '',
    answer.missing > 0 ? `${what} was not on the list, so nothing was removed` : '',
    answer.unreadable.length > 0 ? `${answer.unreadable.length} unreadable, so nothing was done` : '',
  ].filter((part) => part !== '');
  printFact(
    { json },
    answer,
    [`${counts.join(', ')}.`, ...answer.unreadable.map(({ key, reason }) => `  ${key}: ${reason}`)].join(
      '\n',
    ),
  );
  if (answer.unreadable.length > 0 || answer.missing > 0) process.exitCode = 1;
};
