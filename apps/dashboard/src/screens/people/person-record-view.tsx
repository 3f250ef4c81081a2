import { draftNextSteps, type PersonRecord } from '@caio/contracts';
import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';
import { instantWords } from '../../words/instant-words.ts';
import { receiptReason } from '../../words/reason-words.ts';
import { batchStateWords, draftStateWords, outcomeWords } from '../../words/state-words.ts';
import { suppressionWords } from './suppression-words.ts';

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
  const count = suppressions.length + exclusions.length + drafts.length + receipts.length;
  if (count === 0)
    return (
      <p class="lead" role="status">
        Nothing is stored about <strong>{asked}</strong>: no draft, no message, no suppression, no exclusion.
      </p>
    );
  return (
    <div class="person-record" role="status">
      <p class="quiet small">Known as {record.names.join(', ')}</p>
      <Part title="Must not be written to" count={suppressions.length}>
        {suppressions.map(({ reason, source, at, by }) => (
          <li>
            {suppressionWords[reason]}, {instantWords(at)}, by {by} ({source})
          </li>
        ))}
      </Part>
      <Part title="Excluded" count={exclusions.length}>
        {exclusions.map(({ key, kind, note, by, at }) => (
          <li>
            <code class="wrap">{key}</code>, {kind}
            {note === '' ? '' : `: ${note}`} ({by}, {instantWords(at)})
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
            <Link href={`/review/${draftId}`}>{subject}</Link>: {draftStateWords[status].toLowerCase()}
            {reviewedBy === null ? '' : `, reviewed by ${reviewedBy}`}, written {instantWords(createdAt)}.{' '}
            <span class="quiet">{draftNextSteps[status]}</span>
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
