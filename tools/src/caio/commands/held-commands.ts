import type { RecallAnswer } from '@caio/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { idOf, reasonOf } from '../option-values.ts';
import { localTime, printFact } from '../output.ts';
import type { Shell } from '../shell.ts';

const batchId = idOf('bat', 'caio batches list');
const reason = reasonOf(3, 500);

const prefixes = ['drf', 'bat', 'act'] as const;

/** Reads the id of a draft, a batch or an action. */
const anyId = (text: string): string => {
  const prefix = prefixes.find((one) => text.trim().toLowerCase().startsWith(`${one}_`));
  if (prefix === undefined)
    throw new InvalidArgumentError(
      'Give the id of a draft (drf_…), a batch (bat_…) or an action (act_…), as shown by `caio drafts list`, `caio batches list` and `caio receipts`.',
    );
  return idOf(prefix, 'caio receipts')(text);
};

const recallText = ({ id, done, alreadyLeft }: RecallAnswer): string =>
  [
    `${id}: ${done}`,
    ...(alreadyLeft.length === 0 ? [] : ['Had already left:']),
    ...alreadyLeft.map(
      ({ email, actionId, at, proof }) =>
        `  ${email} (${actionId})${at === null ? '' : ` at ${localTime(at)}`}: ${proof ?? 'no proof kept'}`,
    ),
  ].join('\n');

/** caio batches activate | delete-campaign, caio providers pause, caio recall: messages that providers hold. */
export const addHeldCommands = (program: Command, { connect, typed }: Shell): void => {
  const batches =
    program.commands.find((command) => command.name() === 'batches') ?? program.command('batches');
  const providers =
    program.commands.find((command) => command.name() === 'providers') ??
    program.command('providers').description('what the providers are told about all of ours');

  batches
    .command('activate')
    .argument('<batchId>', 'its id', batchId)
    .description('have the providers mail what they hold of a batch, after every message was read back')
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { json?: boolean }) => {
      const answer = await connect().activateBatch(id);
      printFact(
        { json: options.json ?? false },
        answer,
        answer.campaigns.length === 0
          ? `PASS ${id}: everything the providers held was mailed before.`
          : [
              ...answer.campaigns.map(
                ({ provider, messages, proof }) => `${provider}: ${messages} to be mailed. ${proof}`,
              ),
              typed(`PASS ${id} is active. See which have left: caio receipts ${id}`),
            ].join('\n'),
      );
    });

  batches
    .command('delete-campaign')
    .argument('<batchId>', 'its id', batchId)
    .description('remove what a batch left behind at its providers, once they hold nothing of it')
    .requiredOption('--reason <text>', 'why', reason)
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { reason: string; json?: boolean }) => {
      const answer = await connect().removeCampaigns(id, options.reason);
      printFact(
        { json: options.json ?? false },
        answer,
        answer.campaigns.length === 0
          ? `${id} has no campaign at a provider.`
          : answer.campaigns.map(({ provider, proof }) => `${provider}: ${proof}`).join('\n'),
      );
    });

  providers
    .command('pause')
    .description('have every provider pause what of ours it mails by itself; nothing else is stopped')
    .requiredOption('--reason <text>', 'why', reason)
    .option('--json', 'one JSON value')
    .action(async (options: { reason: string; json?: boolean }) => {
      const answer = await connect().pauseProviders(options.reason);
      const failed = answer.providers.some((one) => one.failed.length > 0);
      printFact(
        { json: options.json ?? false },
        answer,
        [
          ...answer.providers.flatMap(({ provider, mode, paused, failed: not }) => [
            `${provider} (${mode}): ${paused} paused, ${not.length} not confirmed`,
            ...not.map(({ id, message }) => `  ${id}: ${message}`),
          ]),
          failed
            ? typed(
                'FAIL: not every provider confirmed. Stop everything, and they are asked until they do: caio halt',
              )
            : 'PASS: every provider confirmed.',
        ].join('\n'),
      );
      if (failed) process.exitCode = 1;
    });

  program
    .command('recall')
    .argument('<id>', 'a draft, a batch or an action', anyId)
    .description('get it back wherever it is, and say what had already left')
    .requiredOption('--reason <text>', 'why', reason)
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { reason: string; json?: boolean }) => {
      const answer = await connect().recall(id, options.reason);
      printFact({ json: options.json ?? false }, answer, recallText(answer));
    });
};
