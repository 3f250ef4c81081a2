import {
  actionNextSteps,
  type Bar,
  batchNextSteps,
  draftNextSteps,
  type PersonRecord,
  type Provenance,
} from '@caio/contracts';
import type { Command } from 'commander';
import { barredOr } from '../barred-people.ts';
import { localTime, print, printJson, tableText } from '../output.ts';
import type { Shell } from '../shell.ts';

const isEmpty = (record: PersonRecord): boolean =>
  [record.drafts, record.receipts, record.suppressions, record.exclusions, record.liftedSuppressions].every(
    (list) => list.length === 0,
  );

/** How an entry came onto its list, behind a comma; nothing for one that is older than its record of that. */
const originText = (provenance: Provenance | undefined): string => {
  if (provenance === undefined) return '';
  const { via, file, reference, why } = provenance;
  const how =
    via === 'file' && file !== undefined
      ? `, file ${file.name} (${file.digest.slice(0, 12)})`
      : via === 'signal'
        ? `, delivery ${reference ?? 'unknown'}`
        : via === 'crm'
          ? `, contact ${reference ?? 'unknown'} of the CRM`
          : '';
  return `${how}${why === undefined ? '' : `, because: ${why}`}`;
};

const mayBeContacted = ({ suppressions, exclusions, liftedSuppressions }: PersonRecord): string[] => [
  ...suppressions.map(
    ({ reason, source, at, by, provenance }) =>
      `SUPPRESSED since ${localTime(at)} (${reason}, by ${by}, from ${source}${originText(provenance)})`,
  ),
  ...exclusions.map(
    ({ key, kind, by, at, source, provenance }) =>
      `EXCLUDED through ${key} (${kind}, by ${by}, from ${source}, since ${localTime(at)}${originText(provenance)})`,
  ),
  ...liftedSuppressions.map(
    ({ reason, by, at, lifted }) =>
      `Was suppressed ${localTime(at)} (${reason}, by ${by}); lifted ${localTime(lifted.at)} by ${lifted.by} on a consent of ${localTime(lifted.consentObtainedAt)}: ${lifted.consentEvidence ?? 'erased'} (${lifted.reason})`,
  ),
  ...(suppressions.length + exclusions.length === 0 ? ['Neither suppressed nor excluded'] : []),
];

/** What is next with an action; one of a person who may not be written to does not go out, whatever it waits for. */
export const actionNextStep = (
  { outcome, batchId }: Pick<PersonRecord['receipts'][number], 'outcome' | 'batchId'>,
  { suppressions, exclusions, batches }: Pick<PersonRecord, 'suppressions' | 'exclusions' | 'batches'>,
): string => {
  const batch = batches.find((one) => one.batchId === batchId)?.status;
  if (outcome === 'frozen' && (batch === 'rejected' || batch === 'revoked' || batch === 'expired'))
    return `It was not sent: its batch is ${batch}. ${batchNextSteps[batch]}`;
  return (outcome === 'frozen' || outcome === 'queued') && suppressions.length + exclusions.length > 0
    ? `It does not go out: the last check refuses it, because this person is ${suppressions.length > 0 ? 'suppressed' : 'excluded'}.`
    : actionNextSteps[outcome];
};

const barOf = ({
  suppressions,
  exclusions,
}: Pick<PersonRecord, 'suppressions' | 'exclusions'>): Bar | null =>
  suppressions.length > 0 ? 'suppressed' : exclusions.length > 0 ? 'excluded' : null;

/** What is next with a draft; one that ended is left at that, whoever it was for. */
export const draftNextStep = (
  status: PersonRecord['drafts'][number]['status'],
  record: Pick<PersonRecord, 'suppressions' | 'exclusions'>,
): string =>
  ['pending', 'parked', 'approved'].includes(status)
    ? barredOr(barOf(record), draftNextSteps[status])
    : draftNextSteps[status];

const personText = (record: PersonRecord): string =>
  [
    `Known as: ${record.names.join(', ')}`,
    ...mayBeContacted(record),
    ...(record.drafts.length === 0
      ? ['No draft was ever written for this person.']
      : [
          tableText(
            ['draft', 'state', 'batch', 'subject', 'written', 'decided by'],
            record.drafts.map((draft) => [
              draft.draftId,
              draft.status,
              draft.batchId ?? '–',
              draft.subject,
              localTime(draft.createdAt),
              draft.reviewedBy ?? '–',
            ]),
          ),
        ]),
    ...(record.receipts.length === 0
      ? ['Nothing is or was on its way to this person.']
      : [
          tableText(
            ['action', 'batch', 'batch is', 'outcome', 'why', 'mode', 'at'],
            record.receipts.map((receipt) => [
              receipt.actionId,
              receipt.batchId,
              record.batches.find(({ batchId }) => batchId === receipt.batchId)?.status ?? '–',
              receipt.outcome.replace('_', ' '),
              receipt.reason ?? '–',
              receipt.mode,
              localTime(receipt.settledAt),
            ]),
          ),
        ]),
    ...record.drafts
      .filter(({ status }) => status !== 'batched')
      .map(({ draftId, status }) => `${draftId}: ${draftNextStep(status, record)}`),
    ...record.receipts.map((receipt) => `${receipt.actionId}: ${actionNextStep(receipt, record)}`),
  ].join('\n');

/** caio where: everything that is stored about a person. */
export const addPersonCommand = (program: Command, { connect }: Shell): void => {
  program
    .command('where <person>')
    .description(
      'everything known about a person, by address or LinkedIn profile: drafts, batches, actions, suppression, exclusion',
    )
    .option('--json', 'one JSON value')
    .action(async (person: string, options: { json?: boolean }) => {
      const record = await connect().findPerson(person);
      if (options.json === true) return printJson(record);
      print(isEmpty(record) ? `Nothing is stored about ${person}.` : personText(record));
    });
};
