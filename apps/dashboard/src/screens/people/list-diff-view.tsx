import type { ListDiff, ListDiffEntry } from '@caio/contracts';
import { LeadText } from '../../parts/visible-text.tsx';
import { personWords } from '../../words/lead-words.ts';
import { wordOfEntry } from './suppression-words.ts';
import { WhatIfView } from './what-if-view.tsx';

/** More names than anybody reads at once. */
const shownMax = 200;

const Entries = (props: {
  readonly title: string;
  readonly list: ListDiff['list'];
  readonly entries: readonly ListDiffEntry[];
  readonly open: boolean;
}) => {
  const { title, list, entries } = props;
  if (entries.length === 0) return null;
  return (
    <details open={props.open}>
      <summary>
        <b>{entries.length}</b> {title}
      </summary>
      <ul class="diff-entries">
        {entries.slice(0, shownMax).map(({ key, word, note, line }) => (
          <li key={`${key} ${line ?? ''}`}>
            <strong class="wrap">
              <LeadText text={personWords(key)} />
            </strong>
            <span class="small quiet">
              {wordOfEntry(list, word)}
              {note === '' ? null : (
                <>
                  {' '}
                  · <LeadText text={note} />
                </>
              )}
              {line === null ? '' : ` · line ${line}`}
            </span>
          </li>
        ))}
        {entries.length > shownMax ? <li class="quiet">… and {entries.length - shownMax} more</li> : null}
      </ul>
    </details>
  );
};

/** A file beside the list: what storing it would change, what cannot be read, and what it would stop. */
export const ListDiffView = ({ diff }: { readonly diff: ListDiff }) => {
  const { list, added, removed, known, unreadable, keptFromCrm } = diff;
  const few = added.length + removed.length <= 20;
  return (
    <div class="list-diff" role="status">
      <p>
        <strong class="wrap">
          <LeadText text={diff.file.name} />
        </strong>
        : {added.length} new, {diff.choice === 'replace' ? `${removed.length} to take off, ` : ''}
        {known.length} there already, {unreadable.length} unreadable.
      </p>
      {unreadable.length === 0 ? null : (
        <div class="note-line">
          <p>
            <strong>
              {unreadable.length === 1 ? 'One row' : `${unreadable.length} rows`} cannot be read.
            </strong>{' '}
            {diff.choice === 'replace'
              ? 'The list is not replaced before they are corrected: whom they mean would be taken off it.'
              : 'The others can be stored; correct these and bring the file again.'}
          </p>
          <ul class="sentences">
            {unreadable.slice(0, shownMax).map(({ line, column, value, reason }) => (
              <li key={line}>
                Line {line}, <LeadText text={column} />: “<LeadText text={value} />” – {reason}.
              </li>
            ))}
            {unreadable.length > shownMax ? <li>… and {unreadable.length - shownMax} more</li> : null}
          </ul>
        </div>
      )}
      <Entries title="new" list={list} entries={added} open={few} />
      <Entries
        title="to take off, because the file does not name them"
        list={list}
        entries={removed}
        open={few}
      />
      <Entries title="there already, kept as they are" list={list} entries={known} open={false} />
      {keptFromCrm === 0 ? null : (
        <p class="quiet">
          {keptFromCrm} customers from the CRM stay on the list: the CRM says when they leave it.
        </p>
      )}
      <WhatIfView whatIf={diff.wouldBlock} />
    </div>
  );
};
