import { readFileSync } from 'node:fs';
import {
  type Batch,
  batchNextSteps,
  type Draft,
  type DraftList,
  draftNextSteps,
  draftStatusSchema,
  rejectionTagSchema,
  textOf,
  recipientAddressOf,
} from '@caio/contracts';
import type { Command } from 'commander';
import { ApiError } from '../../api/api-client.ts';
import { barredOr } from '../barred-people.ts';
import { digestShownBy, idOf, oneOf, reasonOf } from '../option-values.ts';
import { localTime, print, printFact, printJson, printRows } from '../output.ts';
import type { Shell } from '../shell.ts';
import { subjectLines } from '../subject-lines.ts';
import { wholeNumber } from '../whole-number.ts';

const idText = 'its id';
const draftId = idOf('drf', 'caio drafts list');
const digest = digestShownBy('digest', 'caio drafts show');

const refuseIfChanged = 'refuse if the draft has another content digest by now';

const guardsText = ({ guards }: Draft): string => {
  const failed = guards.filter(({ passed }) => !passed);
  return failed.length === 0
    ? `Guards: all ${guards.length} passed`
    : `Guards that refuse it:\n${failed.map(({ ruleId, message }) => `  ${ruleId}: ${message}`).join('\n')}`;
};

/** Who decided what about a draft, and why. */
const historyLines = (draft: Draft): string[] => [
  ...draft.decisions.map(
    ({ at, command, by, reason }) =>
      `${localTime(at)}: ${command === 'park' ? 'edit, parked by a guard,' : command} by ${by}${reason === '' ? '' : `: ${reason}`}`,
  ),
  ...(draft.rejection === null ? [] : [`Rejected as ${draft.rejection.tag}`]),
];

type ShownDraft = DraftList['drafts'][number];

/** Words for a tier, as the other tables print them. */
const tierText = (tier: string | null): string => tier?.replace('_', ' ') ?? 'no tier';

/** What is next with a draft. That of one in a batch is said by its batch. */
const nextStep = (draft: ShownDraft, batch: Batch | null): string =>
  batch === null
    ? barredOr(draft.barred ?? null, draftNextSteps[draft.status])
    : `It is in ${batch.batchId}, which is ${batch.status.replace('_', ' ')}. ${batchNextSteps[batch.status]} See caio receipts ${batch.batchId}`;

const draftText = (draft: ShownDraft, next: string): string => {
  const { message } = draft;
  return [
    `${draft.draftId}, ${draft.status}, revision ${draft.revision}${draft.barred == null ? '' : `, its person is ${draft.barred.toUpperCase()}`}`,
    ...historyLines(draft),
    `From:    ${message.sender.name} <${message.sender.email}>`,
    `To:      ${message.recipient.name ?? ''} <${recipientAddressOf(message)}>`,
    ...subjectLines(message),
    '',
    textOf(message),
    '',
    `Why this lead: ${tierText(draft.judgement.tier)}, score ${draft.judgement.score} (${draft.judgement.reasons.join(', ')})`,
    guardsText(draft),
    `Next: ${next}`,
    `Content digest: ${draft.contentDigest}`,
  ].join('\n');
};

/** The text of a file, its last line ends left out: editors add one, and messages have none. */
const readBody = (file: string): string => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  } catch (error) {
    const missing = error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `The text was not taken: ${missing ? `there is no file ${file}` : `${file} cannot be read as UTF-8 text`}.`,
      fix: 'Check the path after --body-file.',
    });
  }
};

/** caio drafts …: what waits, one text, and the decisions about it. */
export const addDraftCommands = (program: Command, { connect, typed }: Shell): void => {
  const drafts = program
    .command('drafts')
    .description('texts waiting for review, and the decisions about them');

  drafts
    .command('list')
    .description('drafts in one state, oldest first')
    .option(
      '--status <status>',
      `one of ${draftStatusSchema.options.join(', ')}`,
      oneOf(draftStatusSchema.options),
      'pending',
    )
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
          draft.judgement.tier === null ? '–' : tierText(draft.judgement.tier),
          draft.judgement.score,
          draft.barred == null
            ? draft.message.subject
            : `${draft.barred.toUpperCase()}: ${draft.message.subject}`,
          localTime(draft.createdAt),
        ]),
        empty: typed(
          `No draft is ${options.status}. In all: ${others === '' ? 'there are no drafts at all; import a lead file with caio run-pipeline' : others}.`,
        ),
      });
      if (options.json !== true && total > page.drafts.length)
        print(`${page.drafts.length} of ${total} ${options.status}, oldest first; more with --limit`);
    });

  drafts
    .command('show')
    .argument('<draftId>', idText, draftId)
    .description('one draft exactly as it will be sent, what the guards say, and who decided what')
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { json?: boolean }) => {
      const api = connect();
      const { draft } = await api.draft(id);
      if (options.json === true) return printJson(draft);
      const batchId = draft.status === 'batched' ? draft.batchId : null;
      const batch = batchId === null ? null : (await api.batch(batchId)).batch;
      print(draftText(draft, typed(nextStep(draft, batch))));
    });

  drafts
    .command('approve')
    .argument('<draftId>', idText, draftId)
    .description('approve exactly the text with this digest')
    .requiredOption('--digest <digest>', 'the content digest that drafts show printed', digest)
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { digest: string; json?: boolean }) => {
      const { draft } = await connect().approveDraft(id, options.digest);
      printFact(
        { json: options.json ?? false },
        draft,
        `${draft.draftId} is approved by ${draft.reviewedBy ?? 'you'}.`,
      );
    });

  drafts
    .command('edit')
    .argument('<draftId>', idText, draftId)
    .description('replace subject or text: a new revision with a new digest, judged by every guard again')
    .option('--subject <text>', 'the new subject; without it the old one stays')
    .option(
      '--body-file <file>',
      'a file with the new text, without the footer; without it the old one stays',
    )
    .option('--digest <digest>', refuseIfChanged, digest)
    .option('--json', 'one JSON value')
    .action(
      async (
        id: string,
        options: { subject?: string; bodyFile?: string; digest?: string; json?: boolean },
        command: Command,
      ) => {
        if (options.subject === undefined && options.bodyFile === undefined)
          command.error('error: say what to change: --subject "…" or --body-file FILE', { exitCode: 2 });
        const body = options.bodyFile === undefined ? null : readBody(options.bodyFile);
        const api = connect();
        const before = (await api.draft(id)).draft;
        const { draft } = await api.editDraft(id, {
          contentDigest: options.digest ?? before.contentDigest,
          subject: options.subject ?? before.message.subject,
          body: body ?? before.message.body,
        });
        if (options.json === true) return printJson(draft);
        print(
          [
            `${draft.draftId} is revision ${draft.revision} now, and ${draft.status}. ${draftNextSteps[draft.status]}`,
            guardsText(draft),
            `Content digest: ${draft.contentDigest}`,
          ].join('\n'),
        );
      },
    );

  drafts
    .command('reject')
    .argument('<draftId>', idText, draftId)
    .description('reject a text for good')
    .requiredOption(
      '--tag <tag>',
      `one of ${rejectionTagSchema.options.join(', ')}`,
      oneOf(rejectionTagSchema.options),
    )
    .requiredOption(
      '--reason <text>',
      'why, at least 20 characters; the next draft learns from it',
      reasonOf(20, 2_000),
    )
    .option('--digest <digest>', refuseIfChanged, digest)
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { tag: string; reason: string; digest?: string; json?: boolean }) => {
      const api = connect();
      const contentDigest = options.digest ?? (await api.draft(id)).draft.contentDigest;
      const { tag, reason } = options;
      const { draft } = await api.rejectDraft(id, { contentDigest, tag, reason });
      printFact(
        { json: options.json ?? false },
        draft,
        `${draft.draftId} is rejected: “${draft.message.subject}” to ${draft.message.recipient.email}.`,
      );
    });

  const endings = [
    { how: 'recall', what: 'take an approval back while the draft is in no batch', done: 'recalled' },
    {
      how: 'withdraw',
      what: 'end a draft without judging it; the person may get another one',
      done: 'withdrawn',
    },
  ] as const;
  for (const { how, what, done } of endings) {
    drafts
      .command(how)
      .argument('<draftId>', idText, draftId)
      .description(what)
      .requiredOption('--reason <text>', 'why; drafts show keeps it', reasonOf(3, 500))
      .option('--digest <digest>', refuseIfChanged, digest)
      .option('--json', 'one JSON value')
      .action(async (id: string, options: { reason: string; digest?: string; json?: boolean }) => {
        const api = connect();
        const contentDigest = options.digest ?? (await api.draft(id)).draft.contentDigest;
        const { draft } = await api.endDraft(id, how, { contentDigest, reason: options.reason });
        printFact(
          { json: options.json ?? false },
          draft,
          `${draft.draftId} was ${done} by ${draft.reviewedBy ?? 'you'}: ${options.reason}${/[.!?]$/.test(options.reason) ? '' : '.'} ${draftNextSteps[draft.status]}`,
        );
      });
  }
};
