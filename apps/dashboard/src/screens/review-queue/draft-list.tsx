import type { DraftSummary } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { Icon } from '../../parts/icon.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { draftAge, shortAge } from '../../words/age-words.ts';
import { barWords } from '../../words/bar-words.ts';
import { tierWords } from '../../words/state-words.ts';

const Entry = ({ draft, current }: { readonly draft: DraftSummary; readonly current: boolean }) => {
  const { clock, status } = useDesk();
  const staleHours = knownValue(status.state.value)?.draftStaleHours ?? null;
  const age = draftAge(draft.createdAt, clock.value, staleHours);
  const short = shortAge(draft.createdAt, clock.value);
  const { name, email, company, barred = null } = draft;
  return (
    <li>
      <Link href={`/review/${draft.draftId}`} class="entry" aria-current={current ? 'true' : undefined}>
        <span class="entry-who">
          <LeadText text={name ?? email} />
        </span>
        <span class="entry-tier">{tierWords(draft.tier)}</span>
        <span class="entry-company">
          <LeadText text={company ?? email} />
        </span>
        <span class={age.stale ? 'entry-age age-stale' : 'entry-age'} title={age.words}>
          {age.stale ? `stale, ${short}` : short}
        </span>
        {barred === null ? null : (
          <span class="entry-barred">
            <Icon name="stop" /> {barWords[barred]}
          </span>
        )}
      </Link>
    </li>
  );
};

/** The cards in short, in the order they are worked through: oldest first. */
export const DraftEntries = (props: {
  readonly drafts: readonly DraftSummary[];
  readonly current: string | null;
}) => (
  <ol class="entries">
    {props.drafts.map((draft) => (
      <Entry key={draft.draftId} draft={draft} current={draft.draftId === props.current} />
    ))}
  </ol>
);
