import { type Batch, batchNextSteps, motionSchema, type Receipt, textOf } from '@caio/contracts';
import type { Command } from 'commander';
import { leftOutLines } from '../left-out.ts';
import { readShownScope } from '../shown-scope.ts';
import { digestShownBy, idOf, oneOf, reasonOf } from '../option-values.ts';
import { localTime, print, printFact, printRows } from '../output.ts';
import type { Shell } from '../shell.ts';
import { subjectLines } from '../subject-lines.ts';
import { wholeNumber } from '../whole-number.ts';

const idText = 'its id';
const counted = (actions: number): string => `${actions} ${actions === 1 ? 'action' : 'actions'}`;
const batchId = idOf('bat', 'caio batches list');

/** A batch that ended before its execution: nothing of it was or will be sent. */
const endedUnsent = ({ status }: Batch): boolean =>
  status === 'rejected' || status === 'revoked' || status === 'expired';

/** Why a receipt is as it is; of a held message that has to come back, that it has not yet. */
const whyOf = ({ reason, takeBack }: Receipt): string => {
  if (takeBack?.state === 'open')
    return `being taken back (${takeBack.reason}) since ${localTime(takeBack.since)}${takeBack.answer === null ? '' : `, last answer ${takeBack.answer}`}`;
  return takeBack?.state === 'too_late' ? `${reason ?? ''} (${takeBack.reason})` : (reason ?? '–');
};

const receiptRow = (receipt: Receipt, batch: Batch): string[] => {
  const unsent = receipt.outcome === 'frozen' && endedUnsent(batch);
  return [
    receipt.actionId,
    receipt.email,
    unsent ? 'not sent' : receipt.outcome.replace('_', ' '),
    unsent ? `the batch is ${batch.status}` : whyOf(receipt),
    receipt.mode,
    receipt.providerMessageId ?? '–',
    localTime(receipt.settledAt),
  ];
};

/** What a reader of receipts has to know of their batch; nothing while every receipt speaks for itself. */
const batchLines = (batch: Batch): string[] => {
  if (endedUnsent(batch)) {
    const by = batch.closedBy === null ? '' : ` by ${batch.closedBy}: ${batch.closedReason ?? ''}`;
    return [`${batch.batchId} is ${batch.status}${by}. ${batchNextSteps[batch.status]}`];
  }
  return batch.status === 'pending' || batch.status === 'approved'
    ? [`${batch.batchId} is ${batch.status}. ${batchNextSteps[batch.status]}`]
    : [];
};

interface FreezeOptions {
  readonly motion: string;
  readonly limit?: number;
  readonly dryRun?: boolean;
  readonly asShown?: string;
  readonly json?: boolean;
}

/** caio batches …: freeze, look, approve, execute, and what became of each message. */
export const addBatchCommands = (program: Command, { connect, typed }: Shell): void => {
  const batches = program
    .command('batches')
    .description('immutable batches: freeze, approve by hash, execute once');

  batches
    .command('list')
    .description('the newest batches')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const { batches: list } = await connect().batches(50);
      printRows({ json: options.json ?? false }, list, {
        head: ['batch', 'state', 'actions', 'frozen', 'expires', 'approved by'],
        rows: list.map((batch) => [
          batch.batchId,
          batch.status,
          batch.actionCount,
          localTime(batch.createdAt),
          localTime(batch.expiresAt),
          batch.approvedBy ?? '–',
        ]),
        empty: typed('There is no batch yet. Approve drafts, then: caio batches freeze'),
      });
    });

  batches
    .command('freeze')
    .description('make an immutable batch of the approved drafts')
    .option('--motion <motion>', 'outbound, cadence or revival', oneOf(motionSchema.options), 'outbound')
    .option('--limit <n>', 'how many actions at most', wholeNumber(1, 20_000))
    .option('--dry-run', 'compute and show the same, store nothing')
    .option(
      '--as-shown <file>',
      'freeze exactly what a dry run with --json showed, kept in this file; who changed since is left out and named',
    )
    .option('--json', 'one JSON value')
    .action(async (options: FreezeOptions) => {
      const shown = options.asShown === undefined ? null : readShownScope(options.asShown);
      const frozen = await connect().freezeBatch({
        motion: shown?.motion ?? options.motion,
        dryRun: options.dryRun ?? false,
        ...(shown === null ? {} : { drafts: shown.drafts }),
        ...(options.limit === undefined ? {} : { limit: options.limit }),
      });
      const id = frozen.batch?.batchId ?? 'dry run, nothing stored';
      const hash =
        frozen.batch === null
          ? `preview hash ${frozen.previewHash} (of this dry run; a freeze makes ids and a hash of its own)`
          : `preview hash ${frozen.previewHash}`;
      const { actions } = frozen.preview;
      const taken = actions.map(({ recipientKey }) => `  in: ${recipientKey.replace(/^email:/, '')}`);
      const left = leftOutLines(frozen.leftOut).map(typed);
      printFact(
        { json: options.json ?? false },
        frozen,
        [
          `${id}: ${counted(actions.length)}, expires ${localTime(frozen.preview.expiresAt)}`,
          hash,
          ...taken,
          ...left,
        ].join('\n'),
      );
    });

  batches
    .command('show')
    .argument('<batchId>', idText, batchId)
    .description('a batch and every text in it')
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { json?: boolean }) => {
      const api = connect();
      const { batch } = await api.batch(batchId);
      const items = await api.previewItems(batchId);
      printFact(
        { json: options.json ?? false },
        { batch, items },
        [
          `${batch.batchId}, ${batch.status}, ${counted(batch.actionCount)}, e-mail goes ${batch.deliveryModes['email'] ?? '–'}`,
          `preview hash ${batch.previewHash}`,
          ...(batch.approvedBy === null
            ? []
            : [`approved by ${batch.approvedBy} at ${localTime(batch.approvedAt)}`]),
          ...(batch.closedBy === null
            ? []
            : [`${batch.status} by ${batch.closedBy}: ${batch.closedReason ?? ''}`]),
          `Next: ${batchNextSteps[batch.status]}`,
          ...items.map((item) =>
            [
              `\n${item.actionId} to ${item.email} from ${item.sender}`,
              ...subjectLines(item.message),
              `\n${textOf(item)}`,
            ].join('\n'),
          ),
        ].join('\n'),
      );
    });

  batches
    .command('approve')
    .argument('<batchId>', idText, batchId)
    .description('approve exactly the batch with this preview hash')
    .requiredOption(
      '--hash <hash>',
      'the preview hash that was shown',
      digestShownBy('preview hash', 'caio batches show'),
    )
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { hash: string; json?: boolean }) => {
      const { batch } = await connect().approveBatch(batchId, options.hash);
      printFact(
        { json: options.json ?? false },
        batch,
        `${batch.batchId} is approved by ${batch.approvedBy ?? 'you'}.`,
      );
    });

  for (const how of ['reject', 'revoke'] as const) {
    batches
      .command(how)
      .argument('<batchId>', idText, batchId)
      .description(
        how === 'reject'
          ? 'refuse a pending batch; its drafts stay approved'
          : 'take back an approval before the execution',
      )
      .requiredOption('--reason <text>', 'why', reasonOf(3, 500))
      .option('--json', 'one JSON value')
      .action(async (batchId: string, options: { reason: string; json?: boolean }) => {
        const { batch } = await connect().closeBatch(batchId, how, options.reason);
        printFact(
          { json: options.json ?? false },
          batch,
          `${batch.batchId} is ${batch.status} by ${batch.closedBy ?? 'you'}: ${batch.closedReason ?? ''}. ${batchNextSteps[batch.status]}`,
        );
      });
  }

  batches
    .command('execute')
    .argument('<batchId>', idText, batchId)
    .description('start the one execution of an approved batch')
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { json?: boolean }) => {
      const { batch } = await connect().executeBatch(batchId);
      printFact(
        { json: options.json ?? false },
        batch,
        typed(`${batch.batchId} is ${batch.status}. See: caio receipts ${batch.batchId}`),
      );
    });

  program
    .command('receipts')
    .argument('<batchId>', idText, batchId)
    .description('what became of each message of a batch')
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { json?: boolean }) => {
      const api = connect();
      const receipts = await api.receipts(batchId);
      const { batch } = await api.batch(batchId);
      printRows({ json: options.json ?? false }, receipts, {
        head: ['action', 'e-mail', 'outcome', 'why', 'mode', "provider's id", 'at'],
        rows: receipts.map((receipt) => receiptRow(receipt, batch)),
        empty: 'This batch has no actions.',
      });
      if (options.json !== true) batchLines(batch).forEach(print);
    });

  program
    .command('take-back')
    .argument('<actionId>', 'its id', idOf('act', 'caio receipts'))
    .description('get a message back that the provider holds and has not mailed')
    .requiredOption('--reason <text>', 'why', reasonOf(3, 500))
    .option('--json', 'one JSON value')
    .action(async (actionId: string, options: { reason: string; json?: boolean }) => {
      const { receipt } = await connect().takeBack(actionId, options.reason);
      printFact(
        { json: options.json ?? false },
        receipt,
        typed(
          `${receipt.actionId} is taken back; the provider was asked again and does not have it. The person may be written to again: the next import writes a new draft. If they asked not to be contacted, type now: caio suppressions add ${receipt.email}`,
        ),
      );
    });

  program
    .command('evidence')
    .argument('<actionId>', 'its id', idOf('act', 'caio receipts'))
    .description('the exact message that a log-only action would have sent; only log-only keeps exact copies')
    .option('--json', 'one JSON value')
    .action(async (actionId: string, options: { json?: boolean }) => {
      const evidence = await connect().evidence(actionId);
      printFact({ json: options.json ?? false }, evidence, evidence.content);
    });
};
