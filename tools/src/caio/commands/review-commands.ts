import { draftStatusSchema, rejectionTagSchema, textOf } from '@caio/contracts';
import type { Command } from 'commander';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { localTime, print, printFact, printJson, printRows } from '../output.ts';
import { wholeNumber } from '../whole-number.ts';

type Connect = () => OutreachApi;

/** caio drafts …: what waits, one text, and the decisions about it. */
export const addDraftCommands = (program: Command, connect: Connect): void => {
  const drafts = program
    .command('drafts')
    .description('texts waiting for review, and the decisions about them');

  drafts
    .command('list')
    .description('drafts in one state, oldest first')
    .option('--status <status>', `one of ${draftStatusSchema.options.join(', ')}`, 'pending')
    .option('--limit <n>', 'how many at most, up to 500', wholeNumber(1, 500), 50)
    .option('--json', 'one JSON value')
    .action(async (options: { status: string; limit: number; json?: boolean }) => {
      const page = await connect().draftPage(options.status, options.limit);
      const total = page.counts[options.status] ?? page.drafts.length;
      const others = Object.entries(page.counts)
        .filter(([status, count]) => status !== options.status && count > 0)
        .map(([status, count]) => `${count} ${status}`)
        .join(', ');
      printRows({ json: options.json ?? false }, page, {
        head: ['draft', 'e-mail', 'tier', 'score', 'subject', 'since'],
        rows: page.drafts.map((draft) => [
          draft.draftId,
          draft.message.recipient.email,
          draft.judgement.tier ?? '–',
          draft.judgement.score,
          draft.message.subject,
          localTime(draft.createdAt),
        ]),
        empty: `No draft is ${options.status}. In all: ${others === '' ? 'there are no drafts at all; import a lead file with caio run-pipeline' : others}.`,
      });
      if (options.json !== true && total > page.drafts.length)
        print(`${page.drafts.length} of ${total} ${options.status}, oldest first; more with --limit`);
    });

  drafts
    .command('show <draftId>')
    .description('one draft exactly as it will be sent, and what the guards say')
    .option('--json', 'one JSON value')
    .action(async (draftId: string, options: { json?: boolean }) => {
      const { draft } = await connect().draft(draftId);
      if (options.json === true) return printJson(draft);
      const { message } = draft;
      const failed = draft.guards.filter(({ passed }) => !passed);
      print(
        [
          `${draft.draftId}, ${draft.status}, revision ${draft.revision}`,
          `From:    ${message.sender.name} <${message.sender.email}>`,
          `To:      ${message.recipient.name ?? ''} <${message.recipient.email}>`,
          `Subject: ${message.subject}`,
          '',
          textOf(message),
          '',
          `Why this lead: ${draft.judgement.tier ?? 'no tier'}, score ${draft.judgement.score} (${draft.judgement.reasons.join(', ')})`,
          failed.length === 0
            ? `Guards: all ${draft.guards.length} passed`
            : `Guards that refuse it:\n${failed.map(({ ruleId, message: text }) => `  ${ruleId}: ${text}`).join('\n')}`,
          `Content digest: ${draft.contentDigest}`,
        ].join('\n'),
      );
    });

  drafts
    .command('approve <draftId>')
    .description('approve exactly the text with this digest')
    .requiredOption('--digest <digest>', 'the content digest that caio drafts show printed')
    .option('--json', 'one JSON value')
    .action(async (draftId: string, options: { digest: string; json?: boolean }) => {
      const { draft } = await connect().approveDraft(draftId, options.digest);
      printFact(
        { json: options.json ?? false },
        draft,
        `${draft.draftId} is approved by ${draft.reviewedBy ?? 'you'}.`,
      );
    });

  drafts
    .command('reject <draftId>')
    .description('reject a text for good')
    .requiredOption('--tag <tag>', `one of ${rejectionTagSchema.options.join(', ')}`)
    .requiredOption('--reason <text>', 'why, at least 20 characters; the next draft learns from it')
    .option('--json', 'one JSON value')
    .action(async (draftId: string, options: { tag: string; reason: string; json?: boolean }) => {
      const { draft } = await connect().rejectDraft(draftId, options.tag, options.reason);
      printFact({ json: options.json ?? false }, draft, `${draft.draftId} is rejected.`);
    });
};

/** caio batches …: freeze, look, approve, execute, and what became of each message. */
export const addBatchCommands = (program: Command, connect: Connect): void => {
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
        empty: 'There is no batch yet. Approve drafts, then: caio batches freeze',
      });
    });

  batches
    .command('freeze')
    .description('make an immutable batch of the approved drafts')
    .option('--motion <motion>', 'outbound, cadence or revival', 'outbound')
    .option('--limit <n>', 'how many actions at most', wholeNumber(1, 20_000))
    .option('--dry-run', 'compute and show the same, store nothing')
    .option('--json', 'one JSON value')
    .action(async (options: { motion: string; limit?: number; dryRun?: boolean; json?: boolean }) => {
      const frozen = await connect().freezeBatch({
        motion: options.motion,
        dryRun: options.dryRun ?? false,
        ...(options.limit === undefined ? {} : { limit: options.limit }),
      });
      const id = frozen.batch?.batchId ?? 'dry run, nothing stored';
      const hash =
        frozen.batch === null
          ? `preview hash ${frozen.previewHash} (of this dry run; a freeze makes ids and a hash of its own)`
          : `preview hash ${frozen.previewHash}`;
      const left = frozen.leftOut.map(({ email, reason }) => `  left out: ${email} (${reason})`);
      printFact(
        { json: options.json ?? false },
        frozen,
        [
          `${id}: ${frozen.preview.actions.length} actions, expires ${localTime(frozen.preview.expiresAt)}`,
          hash,
          ...left,
        ].join('\n'),
      );
    });

  batches
    .command('show <batchId>')
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
          `${batch.batchId}, ${batch.status}, ${batch.actionCount} actions, e-mail goes ${batch.deliveryModes['email'] ?? '–'}`,
          `preview hash ${batch.previewHash}`,
          ...items.map(
            (item) =>
              `\n${item.actionId} to ${item.email} from ${item.sender}\nSubject: ${item.subject}\n\n${textOf(item)}`,
          ),
        ].join('\n'),
      );
    });

  batches
    .command('approve <batchId>')
    .description('approve exactly the batch with this preview hash')
    .requiredOption('--hash <hash>', 'the preview hash that was shown')
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
      .command(`${how} <batchId>`)
      .description(
        how === 'reject'
          ? 'refuse a pending batch; its drafts stay approved'
          : 'take back an approval before the execution',
      )
      .requiredOption('--reason <text>', 'why')
      .option('--json', 'one JSON value')
      .action(async (batchId: string, options: { reason: string; json?: boolean }) => {
        const { batch } = await connect().closeBatch(batchId, how, options.reason);
        printFact({ json: options.json ?? false }, batch, `${batch.batchId} is ${batch.status}.`);
      });
  }

  batches
    .command('execute <batchId>')
    .description('start the one execution of an approved batch')
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { json?: boolean }) => {
      const { batch } = await connect().executeBatch(batchId);
      printFact(
        { json: options.json ?? false },
        batch,
        `${batch.batchId} is ${batch.status}. See: caio receipts ${batch.batchId}`,
      );
    });

  program
    .command('receipts <batchId>')
    .description('what became of each message of a batch')
    .option('--json', 'one JSON value')
    .action(async (batchId: string, options: { json?: boolean }) => {
      const receipts = await connect().receipts(batchId);
      printRows({ json: options.json ?? false }, receipts, {
        head: ['action', 'e-mail', 'outcome', 'why', 'mode', "provider's id", 'at'],
        rows: receipts.map((receipt) => [
          receipt.actionId,
          receipt.email,
          receipt.outcome.replace('_', ' '),
          receipt.reason ?? '–',
          receipt.mode,
          receipt.providerMessageId ?? '–',
          localTime(receipt.settledAt),
        ]),
        empty: 'This batch has no actions.',
      });
    });

  program
    .command('take-back <actionId>')
    .description('get a message back that the provider holds and has not mailed')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'one JSON value')
    .action(async (actionId: string, options: { reason: string; json?: boolean }) => {
      const { receipt } = await connect().takeBack(actionId, options.reason);
      printFact(
        { json: options.json ?? false },
        receipt,
        `${receipt.actionId} is taken back; the provider was asked again and does not have it.`,
      );
    });

  program
    .command('evidence <actionId>')
    .description('the exact message that a log-only action would have sent')
    .action(async (actionId: string) => {
      print((await connect().evidence(actionId)).content);
    });
};
