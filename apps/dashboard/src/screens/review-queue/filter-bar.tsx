import { type DraftStatus, draftStatusSchema, tierSchema } from '@caio/contracts';
import { useId } from 'preact/hooks';
import { draftStateWords, tierWords } from '../../words/state-words.ts';
import type { DraftFilter } from './draft-filter.ts';

/** What is listed: the state asks the store again, tier and text narrow down what was loaded. */
export const FilterBar = (props: {
  readonly status: DraftStatus;
  readonly counts: Readonly<Record<string, number>>;
  readonly filter: DraftFilter;
  readonly onStatus: (status: DraftStatus) => void;
  readonly onFilter: (filter: DraftFilter) => void;
}) => {
  const id = useId();
  return (
    <form class="list-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="visually-hidden" for={`${id}-state`}>
        State
      </label>
      <select
        id={`${id}-state`}
        value={props.status}
        onChange={(event) => {
          const chosen = draftStatusSchema.safeParse(event.currentTarget.value);
          if (chosen.success) props.onStatus(chosen.data);
        }}
      >
        {draftStatusSchema.options.map((status) => (
          <option value={status}>
            {draftStateWords[status]} ({props.counts[status] ?? 0})
          </option>
        ))}
      </select>
      <label class="visually-hidden" for={`${id}-tier`}>
        Tier
      </label>
      <select
        id={`${id}-tier`}
        value={props.filter.tier}
        onChange={(event) => {
          const tier = tierSchema.safeParse(event.currentTarget.value);
          props.onFilter({ ...props.filter, tier: tier.success ? tier.data : 'any' });
        }}
      >
        <option value="any">Every tier</option>
        {tierSchema.options.map((tier) => (
          <option value={tier}>{tierWords(tier)}</option>
        ))}
      </select>
      <label class="visually-hidden" for={`${id}-text`}>
        Text
      </label>
      <input
        id={`${id}-text`}
        type="search"
        placeholder="Search"
        value={props.filter.text}
        onInput={(event) => props.onFilter({ ...props.filter, text: event.currentTarget.value })}
      />
    </form>
  );
};
