import type { AffectedMessage, WhatIf } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { LeadText } from '../../parts/visible-text.tsx';
import { personWords } from '../../words/lead-words.ts';

const effectWords: Readonly<Record<AffectedMessage['effect'], string>> = {
  not_approvable: 'waits for review; it could not be approved any more',
  left_out: 'is approved; the next batch would leave it out',
  blocked: 'is in a batch; the last check would hold it back',
  taken_back: 'lies at its provider; it would be taken back',
};

const countWords = ({ counts }: WhatIf): readonly (readonly [number, string])[] =>
  (
    [
      [counts.pendingDrafts, 'waiting for review'],
      [counts.approvedDrafts, 'approved'],
      [counts.pendingBatchMessages, 'in batches that wait for approval'],
      [counts.approvedBatchMessages, 'in approved batches'],
      [counts.executingBatchMessages, 'in batches being sent'],
      [counts.handedOver, 'handed over and not mailed yet'],
    ] as const
  ).filter(([count]) => count > 0);

/** What a change would keep from going out: how many, where, and who. */
export const WhatIfView = ({ whatIf }: { readonly whatIf: WhatIf }) => {
  const { items, counts } = whatIf;
  if (counts.total === 0)
    return <p class="quiet">It would stop nothing: no message that has not left goes to any of them.</p>;
  return (
    <div class="what-if">
      <p>
        <strong>
          It would stop {counts.total} message{counts.total === 1 ? '' : 's'}
        </strong>{' '}
        that {counts.total === 1 ? 'has' : 'have'} not left:
      </p>
      <p class="counts-line">
        {countWords(whatIf).map(([count, words]) => (
          <span key={words}>
            <b>{count}</b> {words}
          </span>
        ))}
      </p>
      <details open={counts.total <= 5}>
        <summary>Who</summary>
        <ul class="sentences">
          {items.map(({ draftId, batchId, name, company, effect, because }) => (
            <li key={draftId}>
              <Link href={batchId === null ? `/review/${draftId}` : `/batches/${batchId}`}>
                <LeadText text={company === '' ? name : `${name}, ${company}`} />
              </Link>{' '}
              <span class="quiet">
                {effectWords[effect]} (<LeadText text={personWords(because)} />)
              </span>
            </li>
          ))}
          {counts.total > items.length ? (
            <li class="quiet">… and {counts.total - items.length} more</li>
          ) : null}
        </ul>
      </details>
    </div>
  );
};
