import { basename } from 'node:path';
import { suppressionReasonSchema } from '@caio/contracts';
import type { Command } from 'commander';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { localTime, print, printFact, printRows } from '../output.ts';
import { importExclusions, readExclusionFile } from './exclusion-file.ts';

type Connect = () => OutreachApi;

/** caio halt …, suppressions …, exclusions …: what may not be sent, and stopping everything. */
export const addGateCommands = (program: Command, connect: Connect): void => {
  const halt = program
    .command('halt')
    .description('stop all sending now, show the stop, or lift it')
    .option('--reason <text>', 'why everything stops')
    .option('--json', 'one JSON value')
    .action(async (options: { reason?: string; json?: boolean }) => {
      if (options.reason === undefined) {
        halt.error('error: say why: caio halt --reason "…"; to look only: caio halt status', { exitCode: 2 });
      }
      const answer = await connect().setHalt(options.reason ?? '');
      printFact(
        { json: options.json ?? false },
        answer,
        answer.changed
          ? `Everything is stopped. Nothing is admitted until a person lifts it: caio halt lift --reason "…"`
          : `It was stopped already, by ${answer.halt.by ?? 'EMERGENCY_STOP'}: ${answer.halt.reason ?? 'no reason given'}.`,
      );
    });

  halt
    .command('status')
    .description('who stopped it and why')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const { halt: state } = await connect().halt();
      printFact(
        { json: options.json ?? halt.opts<{ json?: boolean }>().json ?? false },
        state,
        state.stored
          ? `STOPPED by ${state.by ?? '–'} at ${localTime(state.at)}: ${state.reason ?? '–'}`
          : state.environment
            ? 'STOPPED by the variable EMERGENCY_STOP of the gatekeeper.'
            : 'Not stopped.',
      );
    });

  halt
    .command('lift')
    .description('lift the stored stop')
    .option('--reason <text>', 'why it is safe to go on')
    .action(async (options: { reason?: string }) => {
      const reason = options.reason ?? halt.opts<{ reason?: string }>().reason;
      if (reason === undefined) halt.error('error: say why: caio halt lift --reason "…"', { exitCode: 2 });
      const { halt: state, changed } = await connect().liftHalt(reason ?? '');
      print(
        `${changed ? 'The stop is lifted.' : 'There was no stored stop.'}${state.environment ? ' EMERGENCY_STOP still stops everything: remove the variable and restart the gatekeeper.' : ''}`,
      );
    });

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
        head: ['person', 'reason', 'source', 'since', 'by'],
        rows: list.map((entry) => [
          entry.personKey ?? '(erased)',
          entry.reason,
          entry.source,
          localTime(entry.at),
          entry.by,
        ]),
        empty: 'Nobody is suppressed.',
      });
    });
  suppressions
    .command('add <person>')
    .description(
      'stop everything not yet handed over to an address or a LinkedIn profile; there is no way back here',
    )
    .option('--reason <reason>', `one of ${suppressionReasonSchema.options.join(', ')}`, 'manual')
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { reason: string; json?: boolean }) => {
      const answer = await connect().suppress(person, options.reason, 'caio');
      printFact(
        { json: options.json ?? false },
        answer,
        answer.added > 0
          ? 'Suppressed: everything not yet handed over to this address or profile is stopped. What a provider already holds, or is being handed at this moment, is not taken back by this: find it with caio receipts, get it back with caio take-back.'
          : 'This person was suppressed already.',
      );
    });

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
    .option('--kind <kind>', 'customer, competitor, own, personal or other', 'other')
    .option('--note <text>', 'for the reader', '')
    .option('--json', 'one JSON value')
    .action(async (what: string, options: { kind: string; note: string; json?: boolean }) => {
      const answer = await connect().changeExclusions({
        add: [{ key: what, kind: options.kind, note: options.note }],
        remove: [],
        source: 'caio',
      });
      report(answer, options.json ?? false);
    });
  exclusions
    .command('remove <what>')
    .description('take a domain, an address or a LinkedIn profile off the list')
    .option('--json', 'one JSON value')
    .action(async (what: string, options: { json?: boolean }) => {
      report(
        await connect().changeExclusions({ add: [], remove: [what], source: 'caio' }),
        options.json ?? false,
      );
    });
  exclusions
    .command('import <file>')
    .description('a CSV file with the columns key, kind, note')
    .option('--json', 'one JSON value')
    .action(async (file: string, options: { json?: boolean }) => {
      report(
        await importExclusions(connect(), readExclusionFile(file), basename(file)),
        options.json ?? false,
      );
    });
};

const report = (
  answer: {
    added: number;
    known: number;
    removed: number;
    missing: number;
    unreadable: readonly { key: string; reason: string }[];
  },
  json: boolean,
): void => {
  const counts = [
    answer.added > 0 ? `${answer.added} added` : '',
    answer.known > 0 ? `${answer.known} there already` : '',
    answer.removed > 0 ? `${answer.removed} removed` : '',
    answer.missing > 0 ? `${answer.missing} not on the list` : '',
    answer.unreadable.length > 0 ? `${answer.unreadable.length} unreadable` : '',
  ].filter((part) => part !== '');
  printFact(
    { json },
    answer,
    [
      `${counts.join(', ') || 'nothing to do'}.`,
      ...answer.unreadable.map(({ key, reason }) => `  ${key}: ${reason}`),
    ].join('\n'),
  );
  if (answer.unreadable.length > 0) process.exitCode = 1;
};
