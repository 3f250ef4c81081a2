import type { Batch } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { shortDigest } from '../../parts/digest.tsx';
import { agoWords, countdownWords } from '../../words/age-words.ts';
import { batchStateWords, motionWords } from '../../words/state-words.ts';

const Expiry = ({ batch }: { readonly batch: Batch }) => {
  const { clock } = useDesk();
  if (batch.status !== 'pending' && batch.status !== 'approved') return null;
  const left = countdownWords(batch.expiresAt, clock.value);
  return <span class="batch-expiry">{left === null ? 'expired' : `expires in ${left}`}</span>;
};

/** Batches in short, each leading to `href`. */
export const BatchRows = (props: {
  readonly batches: readonly Batch[];
  readonly href: (batch: Batch) => string;
}) => {
  const { clock } = useDesk();
  return (
    <ul class="rows">
      {props.batches.map((batch) => (
        <li key={batch.batchId}>
          <Link class="row" href={props.href(batch)}>
            <span class={`state state-${batch.status}`}>{batchStateWords[batch.status]}</span>
            <span class="row-main">
              <strong>
                {batch.actionCount} {batch.actionCount === 1 ? 'message' : 'messages'}
              </strong>
              <span class="quiet">
                {motionWords[batch.motion]} · frozen by {batch.createdBy},{' '}
                {agoWords(batch.createdAt, clock.value)}
              </span>
            </span>
            <code>{shortDigest(batch.previewHash)}</code>
            <Expiry batch={batch} />
          </Link>
        </li>
      ))}
    </ul>
  );
};
