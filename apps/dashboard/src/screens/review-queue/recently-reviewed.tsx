import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import type { Reviewed } from '../../desk/review-log.ts';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';

/** What this person decided in this tab, with the way back for approvals that are in no batch yet. */
export const RecentlyReviewed = ({ onUndo }: { readonly onUndo: (entry: Reviewed) => void }) => {
  const { reviewed, clock } = useDesk();
  if (reviewed.value.length === 0) return null;
  return (
    <details class="recent">
      <summary>Recently reviewed ({reviewed.value.length})</summary>
      <ul>
        {reviewed.value.map((entry) => (
          <li key={entry.draftId}>
            <Link href={`/review/${entry.draftId}`}>
              <LeadText text={entry.who} />
            </Link>
            <span class="quiet small">
              {entry.what}, {agoWords(new Date(entry.at).toISOString(), clock.value)}
            </span>
            {entry.what === 'approved' ? (
              <DecidingButton
                about={`${entry.draftId} ${entry.what}`}
                kind="quiet"
                icon="undo"
                onClick={() => onUndo(entry)}
              >
                Undo
              </DecidingButton>
            ) : null}
          </li>
        ))}
      </ul>
    </details>
  );
};
