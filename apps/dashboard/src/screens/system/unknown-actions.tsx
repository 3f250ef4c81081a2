import type { QueueStatus } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { agoWords } from '../../words/age-words.ts';
import { receiptReason } from '../../words/reason-words.ts';

/** Messages of which nobody knows whether they were sent; they are never sent again on a guess. */
export const UnknownActions = ({ unknown }: { readonly unknown: QueueStatus['unknown'] }) => {
  const { clock } = useDesk();
  if (unknown.count === 0) return null;
  return (
    <section class="panel">
      <h2>Not known whether sent: {unknown.count}</h2>
      <ul class="sentences">
        {unknown.longest.map(({ actionId, reason, since }) => (
          <li key={actionId}>
            <Link href={`/unknown/${actionId}`}>Since {agoWords(since, clock.value)}</Link>
            {reason === null ? '' : `: ${receiptReason(reason).meaning}`}
          </li>
        ))}
      </ul>
      <p>
        <Link class="button" href="/unknown">
          See what is known about them
        </Link>
      </p>
    </section>
  );
};
