import type { BarredList } from '@caio/contracts';
import { useId } from 'preact/hooks';

/** Which list a file is for, and what becomes of the entries that it does not name. */
export interface ChosenList {
  readonly list: BarredList;
  readonly choice: 'add' | 'replace';
}

const options: readonly (ChosenList & { readonly title: string; readonly note: string })[] = [
  {
    ...{ list: 'exclusions', choice: 'add' },
    title: 'Add to the exclusions',
    note: 'Whoever is on the list stays on it.',
  },
  {
    ...{ list: 'exclusions', choice: 'replace' },
    title: 'Replace the exclusions',
    note: 'The file is the whole list: what it does not name is taken off.',
  },
  {
    ...{ list: 'suppressions', choice: 'add' },
    title: 'Never write to them again',
    note: 'People who opted out. Nobody leaves this list by a file.',
  },
];

/** The choice is made before the difference is shown, and changing it shows another one. */
export const ListChoice = (props: {
  readonly chosen: ChosenList;
  readonly onChange: (chosen: ChosenList) => void;
}) => {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend>What the file is</legend>
      {options.map(({ list, choice, title, note }) => (
        <label class="choice">
          <input
            type="radio"
            name={name}
            checked={props.chosen.list === list && props.chosen.choice === choice}
            onChange={() => props.onChange({ list, choice })}
          />
          <span>
            <strong>{title}</strong>
            <span class="small quiet">{note}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};
