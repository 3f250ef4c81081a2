import { draftNextSteps, type DraftStatus, type PersonRecord } from '@caio/contracts';
import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';
import { Icon } from '../../parts/icon.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { instantWords } from '../../words/instant-words.ts';
import { personWords } from '../../words/lead-words.ts';
import { receiptReason } from '../../words/reason-words.ts';
import { batchStateWords, draftStateWords, outcomeWords } from '../../words/state-words.ts';
import { exclusionWords, originWords, suppressionWords } from './suppression-words.ts';

/** A draft that could still become a message. */
const isOpen = (status: DraftStatus): boolean =>
  status === 'pending' || status === 'parked' || status === 'approved' || status === 'batched';

const Part = (props: {
  readonly title: string;
  readonly count: number;
  readonly children: ComponentChildren;
}) =>
  props.count === 0 ? null : (
    <section>
      <h3>{props.title}</h3>
      <ul class="sentences">{props.children}</ul>
    </section>
  );

/** Everything stored about one person, in the order it matters: what forbids writing first. */
export const PersonRecordView = ({
  asked,
  record,
}: {
  readonly asked: string;
  readonly record: PersonRecord;
}) => {
  const { suppressions, exclusions, drafts, batches, receipts } = record;
  const isForbidden = suppressions.length + exclusions.length > 0;
  const lifted = record.liftedSuppressions.length;
  const count = suppressions.length + exclusions.length + drafts.length + receipts.length + lifted;
  if (count === 0)
    return (
      <p class="lead" role="status">
        Nothing is stored about{' '}
        <strong>
          <LeadText text={asked} />
        </strong>
        : no draft, no message, no suppression, no exclusion.
      </p>
    );
  return (
    <div class="person-record" role="status">
      <p class="quiet small">
        Known as <LeadText text={record.names.map(personWords).join(', ')} />
      </p>
      {isForbidden ? (
        <div class="note">
          <Icon name="stop" />
          <div>
            <p class="note-title">
              {suppressions.length > 0
                ? 'Nothing is ever sent to this person'
                : 'Nothing is sent to this person'}
            </p>
            <ul class="sentences">
              {suppressions.map(({ reason, source, at, by, provenance }) => (
                <li>
                  {suppressionWords[reason]}, noted by {by}, {instantWords(at)} (from{' '}
                  <LeadText text={`${source}${originWords(provenance)}`} />
                  ). That is for good and wins over every approval.
                </li>
              ))}
              {exclusions.map(({ key, kind, note, by, at, provenance }) => (
                <li>
                  <span class="wrap">
                    <LeadText text={personWords(key)} />
                  </span>{' '}
                  is on the exclusion list as {exclusionWords[kind].toLowerCase()}
                  {note === '' ? null : (
                    <>
                      {' '}
                      (<LeadText text={note} />)
                    </>
                  )}
                  , put there by {by}, {instantWords(at)}
                  <LeadText text={originWords(provenance)} />.
                </li>
              ))}
            </ul>
          </div>
        </div>
      ) : null}
      <Part title="Lifted" count={record.liftedSuppressions.length}>
        {record.liftedSuppressions.map(({ reason, at, by, lifted }) => (
          <li>
            {suppressionWords[reason]}, noted by {by}, {instantWords(at)}. Lifted by {lifted.by},{' '}
            {instantWords(lifted.at)}, on a consent of {instantWords(lifted.consentObtainedAt)}:{' '}
            <LeadText text={lifted.consentEvidence ?? 'erased'} /> (<LeadText text={lifted.reason} />)
          </li>
        ))}
      </Part>
      <Part title="Messages" count={receipts.length}>
        {receipts.map(({ actionId, batchId, outcome, mode, reason, settledAt }) => (
          <li key={actionId}>
            <Link href={`/receipts/${batchId}`}>{outcomeWords(outcome, mode)}</Link>
            {settledAt === null ? '' : `, ${instantWords(settledAt)}`}
            {reason === null ? '' : `: ${receiptReason(reason).meaning}`}
          </li>
        ))}
      </Part>
      <Part title="Drafts" count={drafts.length}>
        {drafts.map(({ draftId, status, subject, reviewedBy, createdAt }) => (
          <li key={draftId}>
            <Link href={`/review/${draftId}`}>
              <LeadText text={subject} />
            </Link>
            : {draftStateWords[status].toLowerCase()}
            {reviewedBy === null ? '' : `, reviewed by ${reviewedBy}`}, written {instantWords(createdAt)}.{' '}
            <span class="quiet">
              {isForbidden && isOpen(status)
                ? 'It will not be sent: whatever is decided about it, the last check holds it back.'
                : draftNextSteps[status]}
            </span>
          </li>
        ))}
      </Part>
      <Part title="Batches" count={batches.length}>
        {batches.map(({ batchId, status }) => (
          <li key={batchId}>
            <Link href={`/batches/${batchId}`}>{batchStateWords[status]}</Link>
          </li>
        ))}
      </Part>
    </div>
  );
};
