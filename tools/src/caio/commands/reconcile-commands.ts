import {
  type UnknownAction,
  type UnknownDecision,
  unknownDecisionSchema,
  type UnknownDetail,
  type UnknownStanding,
  unknownStandings,
} from '@caio/contracts';
import { type Command, Option } from 'commander';
import { idOf, reasonOf } from '../option-values.ts';
import { localTime, print, printFact, printRows } from '../output.ts';
import type { Shell } from '../shell.ts';

const standingText = (standing: UnknownStanding | null): string =>
  standing === null ? 'nobody has looked yet' : unknownStandings[standing].meaning;

const rowOf = (action: UnknownAction): string[] => [
  action.receipt.actionId,
  action.receipt.email,
  `${action.receipt.channel}, ${action.receipt.provider}, ${action.receipt.mode}`,
  localTime(action.since),
  action.receipt.reason ?? '–',
  standingText(action.standing),
  action.needsPerson ? 'a person' : 'itself',
];

const optionWords: Readonly<Record<UnknownDetail['options'][number]['allowed'], string>> = {
  yes: 'possible',
  despite: 'only with --despite and the name of the person who answers for it',
  no: 'not possible',
};

const detailText = (detail: UnknownDetail): string => {
  const { receipt, found } = detail;
  return [
    `${receipt.actionId} of ${receipt.batchId} to ${receipt.email}: ${detail.heading ?? 'its text cannot be read'}`,
    `Unknown since ${localTime(detail.since)} (${receipt.reason ?? 'no reason given'}), over ${receipt.channel} with ${receipt.provider}, ${receipt.mode}, try ${receipt.attempts}`,
    `The provider, asked now: ${unknownStandings[found.standing].meaning}${found.message === null ? '' : ` (${found.message})`}`,
    ...(found.providerMessageId === null
      ? []
      : [`It shows ${found.providerMessageId}, ${found.mailed === true ? 'mailed' : 'not mailed yet'}`]),
    detail.processGone
      ? 'The process that was sending is gone, or done with it.'
      : 'The process that was sending may still be alive.',
    `An absence counts from ${localTime(detail.quietUntil)} on.`,
    unknownStandings[found.standing].next,
    'What you may decide:',
    ...detail.options.map(
      ({ as, allowed, why }) => `  ${as}: ${optionWords[allowed]}${why === '' ? '' : `. ${why}`}`,
    ),
  ].join('\n');
};

const asOption = (): Option =>
  new Option(
    '--as <outcome>',
    'what became of it: handed_over (the provider has it), left (it was sent), released (it was not)',
  )
    .choices([...unknownDecisionSchema.options])
    .makeOptionMandatory();

interface DecideOptions {
  readonly as: UnknownDecision;
  readonly reason: string;
  readonly evidence: string;
  readonly despite?: string;
  readonly providerMessageId?: string;
  readonly json?: boolean;
}

/** caio reconcile …: the messages nobody knows the fate of, and what a person says about them. */
export const addReconcileCommands = (program: Command, { connect, typed }: Shell): void => {
  const actionId = idOf('act', 'caio reconcile');
  const reconcile = program
    .command('reconcile')
    .description('the messages of which nobody knows whether they were sent, as the system last found them')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const list = await connect().unknown();
      printRows({ json: options.json ?? false }, list, {
        head: ['action', 'to', 'over', 'since', 'why', 'what the provider says', 'waits for'],
        rows: list.actions.map(rowOf),
        empty: 'Nothing is unknown: of every message it is known whether it was sent.',
      });
      if (options.json === true) return;
      for (const id of list.damaged)
        print(`The record of ${id} cannot be read; whoever runs the system has to look.`);
      if (list.count > list.actions.length + list.damaged.length)
        print(`Shown: the ${list.actions.length} that wait longest of ${list.count}.`);
      if (list.actions.some(({ needsPerson }) => needsPerson))
        print(typed('For each that waits for a person: caio reconcile show <action>'));
    });

  reconcile
    .command('show')
    .argument('<actionId>', 'its id', actionId)
    .description('one of them, with its provider asked now, and what you may decide')
    .option('--json', 'one JSON value')
    .action(async (id: string, _: unknown, command: Command) => {
      const detail = await connect().unknownAction(id);
      printFact(
        { json: command.optsWithGlobals<{ json?: boolean }>().json ?? false },
        detail,
        detailText(detail),
      );
    });

  reconcile
    .command('decide')
    .argument('<actionId>', 'its id', actionId)
    .description('record what became of it; the reason and the evidence are kept, and the audit names you')
    .addOption(asOption())
    .requiredOption('--reason <text>', 'why you are sure', reasonOf(10, 500))
    .requiredOption(
      '--evidence <text>',
      'how you know: what you saw at the provider, a ticket',
      reasonOf(10, 2_000),
    )
    .option(
      '--despite <name>',
      'release it without proof: the person who answers for a second message',
      reasonOf(2, 120),
    )
    .option('--provider-message-id <id>', "the provider's id of the message, where you saw one")
    .option('--json', 'one JSON value')
    .action(async (id: string, _: unknown, command: Command) => {
      const { json, ...decision } = command.optsWithGlobals<DecideOptions>();
      const api = connect();
      const { attemptId } = await api.unknownAction(id);
      const { as, reason, evidence, despite, providerMessageId } = decision;
      const { receipt } = await api.decideUnknown(id, {
        ...{ attemptId, as, reason, evidence },
        ...(despite === undefined ? {} : { despite }),
        ...(providerMessageId === undefined ? {} : { providerMessageId }),
      });
      printFact(
        { json: json ?? false },
        receipt,
        `${receipt.actionId} is recorded: ${outcomeText(as, receipt.outcome)}`,
      );
    });
};

const outcomeText = (as: UnknownDecision, outcome: string): string => {
  if (as === 'handed_over') return 'the provider has it. It is never sent again.';
  if (as === 'left') return 'it was sent. It is never sent again.';
  return outcome === 'queued'
    ? 'it was not sent. It goes out by itself as soon as the last check allows.'
    : `it was not sent, and it is ${outcome} now.`;
};
