import type { CustomersStatus, SyncedCustomers } from '@caio/contracts';
import type { Command } from 'commander';
import { digestShownBy, reasonOf } from '../option-values.ts';
import { localTime, print, printJson } from '../output.ts';
import type { Shell } from '../shell.ts';
import type { TypedCommand } from '../typed-command.ts';

const isGood = ({ state }: CustomersStatus): boolean => state === 'fresh' || state === 'not_configured';

const statusText = (status: CustomersStatus, typed: TypedCommand): string => {
  const { customers, exclusions, source, syncedAt, goodUntil, fallen, failure, accepted } = status;
  return [
    `${isGood(status) ? 'GO' : 'NO-GO'}  ${status.message}`,
    ...(source === null ? [] : [`Source: ${source}`]),
    ...(syncedAt === null
      ? []
      : [
          `Taken over: ${customers} customers as ${exclusions} exclusions, ${localTime(syncedAt)}; good until ${localTime(goodUntil)}`,
        ]),
    ...(fallen === null
      ? []
      : [
          `Before ${fallen.from} customers, now ${fallen.to}, ${localTime(fallen.at)}. Digest of that list: ${fallen.digest}`,
          typed(`If that is right: caio customers accept ${fallen.digest} --reason "…"`),
        ]),
    ...(failure === null ? [] : [`The CRM gave no list: ${failure.code}, ${localTime(failure.at)}`]),
    ...(accepted === null
      ? []
      : [
          `A shorter list of ${accepted.customers} was accepted by ${accepted.by}, ${localTime(accepted.at)}: ${accepted.reason}`,
        ]),
  ].join('\n');
};

const outcomes: Readonly<Record<SyncedCustomers['outcome'], string>> = {
  applied: 'Taken over.',
  fallen: 'Not taken over.',
  failed: 'Not taken over: the CRM gave no list.',
  not_configured: 'There is no CRM to ask.',
  changed_meanwhile: 'Somebody else took a list over in the same moment.',
};

const report = (answer: SyncedCustomers, json: boolean, typed: TypedCommand): void => {
  if (answer.outcome !== 'applied') process.exitCode = 1;
  if (json) return printJson(answer);
  const { added, removed, unreadable } = answer;
  print(
    [
      `${outcomes[answer.outcome]} ${added} exclusions added, ${removed} removed${unreadable === 0 ? '' : `; ${unreadable} contacts name neither an address nor a company`}.`,
      statusText(answer.customers, typed),
    ].join('\n'),
  );
};

/** caio customers …: who the CRM says is a customer, taken over as exclusions. */
export const addCustomerCommands = (program: Command, { connect, typed }: Shell): void => {
  const customers = program
    .command('customers')
    .description('the customers that the CRM names, kept as exclusions');
  customers
    .command('status')
    .description('how old the list of customers is; exit code 1 when sending waits for it')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const { customers: status } = await connect().customers();
      if (!isGood(status)) process.exitCode = 1;
      if (options.json === true) return printJson(status);
      print(statusText(status, typed));
    });
  customers
    .command('sync')
    .description('ask the CRM now; exit code 1 when its list was not taken over')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      report(await connect().syncCustomers(), options.json ?? false, typed);
    });
  customers
    .command('accept')
    .argument('<digest>', 'the digest of the shorter list', digestShownBy('digest', 'caio customers status'))
    .description('take a list over that shrank: exactly the one that caio customers status shows')
    .requiredOption('--reason <text>', 'why there are fewer customers', reasonOf(3, 500))
    .option('--json', 'one JSON value')
    .action(async (digest: string, options: { reason: string; json?: boolean }) => {
      report(await connect().acceptCustomers(digest, options.reason), options.json ?? false, typed);
    });
};
