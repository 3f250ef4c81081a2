import {
  type Batch,
  type Dependency,
  type HaltState,
  type LeftOut,
  providerSentence,
  type QueueStatus,
  rowVerdictSchema,
} from '@caio/contracts';
import type { Command } from 'commander';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { isHeldForGood, withdrawCommand } from '../left-out.ts';
import { localTime, printFact } from '../output.ts';
import type { Shell } from '../shell.ts';

/** Something that goes on only when somebody does something, and what. */
interface Waiting {
  readonly what: string;
  readonly who: 'reviewer' | 'operator' | 'approver' | 'whoever runs the system';
  readonly command: string;
}

/** The reason of a stop that was lifted is not the reason of the one that EMERGENCY_STOP makes. */
const stopText = (halt: HaltState): string => {
  if (!halt.active) return 'Not stopped';
  return halt.stored
    ? `STOPPED by ${halt.by ?? '–'}: ${halt.reason ?? 'no reason given'}`
    : 'STOPPED by EMERGENCY_STOP';
};

const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

const heldShown = 3;

/** Approved drafts that a freeze would leave out: freezing again helps nobody. */
const heldBack = (held: readonly LeftOut[]): Waiting[] => {
  const forGood = held.filter(({ reason }) => isHeldForGood(reason));
  const others = held.filter(({ reason }) => !isHeldForGood(reason));
  const more = forGood.length - heldShown;
  return [
    ...forGood.slice(0, heldShown).map(({ draftId, email, reason }): Waiting => ({
      what: `the approved draft to ${email} goes into no batch, because this person is ${reason}: withdraw it`,
      who: 'reviewer',
      command: withdrawCommand(draftId),
    })),
    ...(more > 0
      ? [
          {
            what: `${many(more, 'more approved draft')} to people who are suppressed or excluded, to withdraw`,
            who: 'reviewer' as const,
            command: 'caio batches freeze --dry-run',
          },
        ]
      : []),
    ...(others.length > 0
      ? [
          {
            what: `${many(others.length, 'approved draft')} held back for now (${[...new Set(others.map(({ reason }) => reason))].join(', ')})`,
            who: 'operator' as const,
            command: 'caio batches freeze --dry-run',
          },
        ]
      : []),
  ];
};

/** Everything that waits for a person, the earliest step of a message first. */
const waitingOf = (
  status: QueueStatus,
  inngest: Dependency,
  batches: readonly Batch[],
  held: readonly LeftOut[],
): Waiting[] => {
  const { pending = 0, parked = 0, approved = 0 } = status.drafts;
  const failed = Object.entries(status.jobs).filter(([, counts]) => (counts['failed'] ?? 0) > 0);
  return [
    ...(status.halt.active
      ? [
          {
            what: 'everything is stopped until a person lifts it',
            who: 'operator' as const,
            command: 'caio halt status',
          },
        ]
      : []),
    ...(pending > 0
      ? [
          {
            what: `${many(pending, 'draft')} to approve or reject`,
            who: 'reviewer' as const,
            command: 'caio drafts list',
          },
        ]
      : []),
    ...(parked > 0
      ? [
          {
            what: `${many(parked, 'parked draft')} to edit or withdraw`,
            who: 'reviewer' as const,
            command: 'caio drafts list --status parked',
          },
        ]
      : []),
    ...(approved > held.length
      ? [
          {
            what: `${many(approved - held.length, 'approved draft')} to freeze into a batch`,
            who: 'operator' as const,
            command: 'caio batches freeze',
          },
        ]
      : []),
    ...heldBack(held),
    ...batches.flatMap((batch): Waiting[] => {
      if (batch.status === 'pending')
        return [
          {
            what: `${batch.batchId} (${many(batch.actionCount, 'action')}) to approve before ${localTime(batch.expiresAt)}`,
            who: 'approver',
            command: `caio batches show ${batch.batchId}`,
          },
        ];
      if (batch.status === 'approved')
        return [
          {
            what: `${batch.batchId} (${many(batch.actionCount, 'action')}) to execute before ${localTime(batch.expiresAt)}`,
            who: 'operator',
            command: `caio batches execute ${batch.batchId}`,
          },
        ];
      return [];
    }),
    ...(inngest.required && !inngest.ready
      ? [
          {
            what: `Inngest, without which nothing starts by the clock: ${inngest.message}`,
            who: 'whoever runs the system' as const,
            command: 'the log of the scheduler',
          },
        ]
      : []),
    ...failed.map(([queue, counts]) => ({
      what: `${many(counts['failed'] ?? 0, 'job')} of the queue ${queue} failed`,
      who: 'whoever runs the system' as const,
      command: `the log of the ${queue === 'pipeline' ? 'scheduler' : 'gatekeeper'}`,
    })),
  ];
};

const queuedLines = ({ queued }: QueueStatus): string[] =>
  queued.map(({ reason, count, nextAt }) =>
    reason === null
      ? `Waiting for their turn to be sent: ${many(count, 'action')}`
      : `Put off: ${many(count, 'action')} (${reason}), tried again by itself at ${localTime(nextAt)}`,
  );

/** What became of the newest lead file: an empty queue is explained there. */
const runLines = ({ latestRuns }: QueueStatus): string[] =>
  latestRuns.slice(0, 1).map(({ fileName, status, counts }) => {
    const verdicts = rowVerdictSchema.options
      .filter((verdict) => (counts[verdict] ?? 0) > 0)
      .map((verdict) => `${counts[verdict] ?? 0} ${verdict.replace('_', ' ')}`);
    return `Newest lead file: ${fileName}, ${status}${verdicts.length === 0 ? '' : `: ${verdicts.join(', ')}`}`;
  });

/** Only those that hold something up: one that works is no news. */
const providerLines = ({ providers }: QueueStatus): string[] =>
  providers
    .filter(({ state }) => state !== 'working')
    .map((standing) => `Provider ${providerSentence(standing, localTime)}`);

const unknownLines = ({ unknown }: QueueStatus): string[] =>
  unknown.count === 0
    ? ['Unknown: 0 actions']
    : [
        `UNKNOWN: ${many(unknown.count, 'action')}, whether sent or not; the provider is being asked, and what stays so for minutes needs a person → caio reconcile`,
        ...unknown.longest.map(
          ({ actionId, batchId, reason, since }) =>
            `  ${actionId} of ${batchId} since ${localTime(since)} (${reason ?? 'no reason given'})`,
        ),
      ];

/** A draft stays with its batch for good, so the number alone would look like work that waits. */
const draftCount = (state: string, count: number, batches: readonly Batch[]): string => {
  if (state !== 'batched') return `${count} ${state}`;
  const isOpen = ({ status }: Batch) => ['pending', 'approved', 'executing'].includes(status);
  const open = batches.filter(isOpen).reduce((sum, { actionCount }) => sum + actionCount, 0);
  const waiting = Math.min(open, count);
  return [
    ...(waiting > 0 ? [`${waiting} in a batch that is not done`] : []),
    ...(count > waiting ? [`${count - waiting} in a batch that is done`] : []),
  ].join(', ');
};

const draftsText = (counts: QueueStatus['drafts'], batches: readonly Batch[]): string => {
  const drafts = Object.entries(counts).filter(([, count]) => count > 0);
  return drafts.length === 0
    ? 'none'
    : drafts.map(([state, count]) => draftCount(state, count, batches)).join(', ');
};

const statusText = (
  status: QueueStatus,
  inngest: Dependency,
  batches: readonly Batch[],
  waiting: readonly Waiting[],
): string => {
  return [
    `Environment ${status.environment}, e-mail goes ${status.deliveryModes['email'] ?? '–'}, LinkedIn goes ${status.deliveryModes['linkedin'] ?? '–'}`,
    `Drafts: ${draftsText(status.drafts, batches)}`,
    ...runLines(status),
    stopText(status.halt),
    status.recovering
      ? 'The store is being compared with the providers; nothing is sent until that is done.'
      : 'Store sound',
    `Policy ${status.policyVersion}, copy pack ${status.copyPackVersion}`,
    ...Object.entries(status.jobs).map(
      ([queue, counts]) =>
        `Queue ${queue}: ${Object.entries(counts)
          .map(([state, count]) => `${count} ${state}`)
          .join(', ')}`,
    ),
    `Inngest: ${inngest.message}`,
    ...queuedLines(status),
    ...providerLines(status),
    ...unknownLines(status),
    ...batches
      .filter((batch) => batch.status === 'executing')
      .map((batch) => `${batch.batchId} is being sent: ${countsText(batch)}`),
    ...(waiting.length === 0
      ? ['Nobody has to do anything.']
      : ['Who acts next:', ...waiting.map(({ what, who, command }) => `  ${who}: ${what} → ${command}`)]),
  ].join('\n');
};

const countsText = ({ counts }: Batch): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state.replace('_', ' ')}`)
    .join(', ');

/** The newest batches are enough: older ones have expired or are done. */
const batchesLookedAt = 200;

/** More than this is not rendered for a look at the state; a freeze says it then. */
const heldAskedMax = 500;

/** What only takes its turn in a later batch is not held back. */
const takenLater = new Set(['batch_full', 'same_text_to_colleague']);

/** The approved drafts that a freeze would leave out, or none when the caller may not ask. */
const heldNow = async (api: OutreachApi, approved: number): Promise<readonly LeftOut[]> => {
  if (approved === 0 || approved > heldAskedMax) return [];
  try {
    const { leftOut } = await api.freezeBatch({ motion: 'outbound', dryRun: true });
    return leftOut.filter(({ reason }) => !takenLater.has(reason));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 403) return [];
    throw error;
  }
};

/** caio status: how it stands, what is stuck, and who acts next. */
export const addStatusCommand = (program: Command, { connect, typed }: Shell): void => {
  program
    .command('status')
    .description('drafts by state, the stop, what is unknown or stuck, and who acts next')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const api = connect();
      const status = await api.queueStatus();
      const { inngest } = (await api.dependencies()).dependencies;
      const { batches } = await api.batches(batchesLookedAt);
      const held = await heldNow(api, status.drafts['approved'] ?? 0);
      const next = waitingOf(status, inngest, batches, held).map((waiting) => ({
        ...waiting,
        command: typed(waiting.command),
      }));
      printFact(
        { json: options.json ?? false },
        { ...status, inngest, next },
        typed(statusText(status, inngest, batches, next)),
      );
    });
};
