import { type Exclusion, exclusionSchema, type WhatIf } from '@caio/contracts';
import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Live } from '../../parts/live.tsx';
import { failureWords } from '../../words/failure-words.ts';
import { LeadText } from '../../parts/visible-text.tsx';
import { instantWords } from '../../words/instant-words.ts';
import { personWords } from '../../words/lead-words.ts';
import { exclusionWords, originWords } from './suppression-words.ts';
import { WhatIfView } from './what-if-view.tsx';

const kinds = exclusionSchema.shape.kind.options;

const AddForm = ({ onAdded }: { readonly onAdded: () => void }) => {
  const { api, toasts } = useDesk();
  const id = useId();
  const [key, setKey] = useState('');
  const [kind, setKind] = useState<Exclusion['kind']>('customer');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const [whatIf, setWhatIf] = useState<WhatIf | null>(null);
  const look = async (): Promise<void> => {
    setFailure(null);
    const outcome = await api.whatIf({ exclude: [key.trim()] });
    if (outcome.ok) setWhatIf(outcome.value);
    else setFailure(outcome.failure);
  };
  const add = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    setUnread(null);
    const outcome = await api.changeExclusions({ add: [{ key: key.trim(), kind, note: note.trim() }] });
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    const [unreadable] = outcome.value.unreadable;
    if (unreadable !== undefined) return setUnread(unreadable.reason);
    toasts.show({
      about: 'people',
      text: outcome.value.added === 0 ? `${key.trim()} was excluded already.` : `${key.trim()} is excluded.`,
    });
    setKey('');
    setWhatIf(null);
    setNote('');
    onAdded();
  };
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div class="field">
        <label for={`${id}-key`}>Domain, address or profile</label>
        <input
          id={`${id}-key`}
          autocapitalize="none"
          spellcheck={false}
          placeholder="company.example"
          value={key}
          onInput={(event) => {
            setKey(event.currentTarget.value);
            setWhatIf(null);
          }}
        />
      </div>
      <div class="field">
        <label for={`${id}-kind`}>Because it is</label>
        <select
          id={`${id}-kind`}
          value={kind}
          onChange={(event) => {
            const chosen = exclusionSchema.shape.kind.safeParse(event.currentTarget.value);
            if (chosen.success) setKind(chosen.data);
          }}
        >
          {kinds.map((option) => (
            <option value={option}>{exclusionWords[option]}</option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-note`}>Note</label>
        <input
          id={`${id}-note`}
          maxLength={300}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      <Button type="submit" kind="primary" busy={busy} disabled={key.trim().length < 3}>
        Exclude
      </Button>
      <Button disabled={key.trim().length < 3} onClick={() => void look()}>
        What would it stop?
      </Button>
      {whatIf === null ? null : <WhatIfView whatIf={whatIf} />}
      {failure === null ? null : <FailureNote failure={failure} />}
      {unread === null ? null : <p class="note-line">Not taken: {unread}</p>}
    </form>
  );
};

/** The exclusion list: it can be read, added to and taken from, each entry with who put it there. */
export const ExclusionPanel = () => {
  const { api, session, toasts } = useDesk();
  const [search, setSearch] = useState('');
  const id = useId();
  const query = useLiveQuery('exclusions', (signal) => api.exclusions(null, signal), null);
  const canChange = may(session.value, 'exclusions:write');
  const remove = async ({ key, kind, note }: Exclusion): Promise<void> => {
    const outcome = await api.changeExclusions({ remove: [key] });
    if (outcome.ok)
      toasts.show({
        about: 'people',
        text: `${personWords(key)} is not excluded any more.`,
        action: {
          label: 'Undo',
          run: () => void api.changeExclusions({ add: [{ key, kind, note }] }).then(query.refresh),
        },
      });
    else
      toasts.show({
        about: 'people',
        text: `${personWords(key)} stays excluded. ${failureWords(outcome.failure).detail}`,
      });
    void query.refresh();
  };
  return (
    <section class="panel">
      <h2>Exclusions</h2>
      <p class="quiet">
        A domain covers its sub-domains. Approved drafts are checked against this list again.
      </p>
      {canChange ? <AddForm onAdded={() => void query.refresh()} /> : null}
      <Live query={query} what="the exclusions" within="panel">
        {({ exclusions, total }) => {
          const words = search.trim().toLowerCase();
          const shown = exclusions.filter(({ key, note }) => `${key} ${note}`.toLowerCase().includes(words));
          if (total === 0) return <p>Nobody and no company so far.</p>;
          return (
            <>
              <div class="toolbar">
                <label for={id}>Find in the list</label>
                <input
                  id={id}
                  type="search"
                  value={search}
                  onInput={(event) => setSearch(event.currentTarget.value)}
                />
                <span class="quiet small">
                  {shown.length} of {total} shown
                </span>
              </div>
              <ul class="exclusions">
                {shown.map((exclusion) => {
                  const { key, kind, note, by, at, provenance } = exclusion;
                  return (
                    <li key={key}>
                      <span>
                        <strong class="wrap">
                          <LeadText text={personWords(key)} />
                        </strong>
                        <span class="small quiet">
                          {exclusionWords[kind]}
                          {note === '' ? null : (
                            <>
                              {' '}
                              · <LeadText text={note} />
                            </>
                          )}{' '}
                          · {by}, {instantWords(at)}
                          <LeadText text={originWords(provenance)} />
                        </span>
                      </span>
                      {canChange ? (
                        <Button
                          kind="quiet"
                          label={`Remove ${personWords(key)}`}
                          onClick={() => void remove(exclusion)}
                        >
                          Remove
                        </Button>
                      ) : null}
                    </li>
                  );
                })}
              </ul>
            </>
          );
        }}
      </Live>
    </section>
  );
};
