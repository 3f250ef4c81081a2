import type { Draft } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { draftAge, shortAge } from '../../words/age-words.ts';
import { tierWords } from '../../words/state-words.ts';

/** After this a waiting draft is called stale; it stays in the list. Source: docs/architecture.md §5. */
export const staleAfterHours = 72;

const Entry = ({ draft, current }: { readonly draft: Draft; readonly current: boolean }) => {
  const { clock } = useDesk();
  const age = draftAge(draft.createdAt, clock.value, staleAfterHours);
  const short = shortAge(draft.createdAt, clock.value);
  const { name, email, company } = draft.message.recipient;
  return (
    <li>
      <Link href={`/review/${draft.draftId}`} class="entry" aria-current={current ? 'true' : undefined}>
        <span class="entry-who">{name ?? email}</span>
        <span class="entry-tier">{tierWords(draft.judgement.tier)}</span>
        <span class="entry-company">{company ?? email}</span>
        <span class={age.stale ? 'entry-age age-stale' : 'entry-age'} title={age.words}>
          {age.stale ? `stale, ${short}` : short}
        </span>
      </Link>
    </li>
  );
};

/** The cards in short, in the order they are worked through: oldest first. */
export const DraftEntries = (props: {
  readonly drafts: readonly Draft[];
  readonly current: string | null;
}) => (
  <ol class="entries">
    {props.drafts.map((draft) => (
      <Entry key={draft.draftId} draft={draft} current={draft.draftId === props.current} />
    ))}
  </ol>
);
