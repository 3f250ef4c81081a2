import type { LeftOut } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { LeadText } from '../../parts/visible-text.tsx';
import { leftOutReason } from '../../words/reason-words.ts';

/** Who a freeze did not take, by reason. */
export const LeftOuts = ({ leftOut }: { readonly leftOut: readonly LeftOut[] }) => {
  if (leftOut.length === 0) return <p class="quiet">Nobody was left out.</p>;
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  return (
    <ul class="left-outs">
      {reasons.map((code) => {
        const people = leftOut.filter(({ reason }) => reason === code);
        const { meaning, next } = leftOutReason(code);
        return (
          <li>
            <details open={people.length <= 5}>
              <summary>
                <b>{people.length}</b> {meaning} <span class="quiet">{next}</span>
              </summary>
              <ul>
                {people.map(({ draftId, email }) => (
                  <li>
                    <Link href={`/review/${draftId}`}>
                      <LeadText text={email} />
                    </Link>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        );
      })}
    </ul>
  );
};
