import type { BarredList, ListDiff } from '@caio/contracts';
import { useId, useRef, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readListText } from '../../text/list-text.ts';
import { ListChoice, type ChosenList } from './list-choice.tsx';
import { ListDiffView } from './list-diff-view.tsx';

interface ChosenFile {
  readonly name: string;
  readonly content: string;
}

const permissions = { exclusions: 'exclusions:write', suppressions: 'suppressions:write' } as const;
const places: Readonly<Record<BarredList, string>> = {
  exclusions: 'the exclusion list',
  suppressions: 'the list of people who are never written to again',
};

/** Drops a file, shows what it would change and stop, and stores exactly that. */
export const ListImport = () => {
  const { api, session, toasts } = useDesk();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<ChosenList>({ list: 'exclusions', choice: 'add' });
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [diff, setDiff] = useState<ListDiff | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const asked = useRef(0);

  const compare = async (given: ChosenFile, how: ChosenList): Promise<void> => {
    asked.current += 1;
    const question = asked.current;
    setBusy(true);
    setFailure(null);
    const outcome = await api.previewListImport(how, given);
    // Another file, or another choice, was made meanwhile: this answer is about something else.
    if (question !== asked.current) return;
    setBusy(false);
    if (outcome.ok) setDiff(outcome.value);
    else {
      setDiff(null);
      setFailure(outcome.failure);
    }
  };
  const take = async (given: File | undefined): Promise<void> => {
    if (given === undefined) return;
    setTrouble(null);
    setFailure(null);
    setDiff(null);
    const reading = readListText(new Uint8Array(await given.arrayBuffer()));
    if (!reading.ok) {
      setFile(null);
      return setTrouble(`${given.name}: ${reading.reason}`);
    }
    const read = { name: given.name.slice(0, 120), content: reading.text };
    setFile(read);
    await compare(read, chosen);
  };
  const change = (next: ChosenList): void => {
    setTrouble(null);
    setChosen(next);
    setDiff(null);
    if (file !== null) void compare(file, next);
  };
  const store = async (): Promise<void> => {
    if (file === null || diff === null) return;
    setBusy(true);
    setFailure(null);
    setTrouble(null);
    const outcome = await api.applyListImport(chosen, file, diff.diffDigest);
    setBusy(false);
    if (outcome.ok) {
      const { added, removed } = outcome.value;
      toasts.show({
        about: 'people',
        text: `Stored: ${added} added${removed === 0 ? '' : `, ${removed} taken off`}.`,
      });
      setFile(null);
      setDiff(null);
      if (input.current !== null) input.current.value = '';
      return;
    }
    if (outcome.failure.kind !== 'conflict') return setFailure(outcome.failure);
    setTrouble('Nothing was stored: the list changed since you looked. This is the difference now.');
    await compare(file, chosen);
  };
  const changes = diff === null ? 0 : diff.added.length + diff.removed.length;
  const isHeld = diff?.choice === 'replace' && diff.unreadable.length > 0;
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Import a list</h1>
          <p class="quiet">
            You see what a file would change and stop before anything is stored.{' '}
            <Link href="/people">Back to people</Link>
          </p>
        </div>
      </header>
      <section class="panel">
        <h2>The file</h2>
        <ListChoice chosen={chosen} onChange={change} />
        <div
          class={over ? 'drop-zone drop-zone-over' : 'drop-zone'}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void take(event.dataTransfer?.files[0]);
          }}
        >
          <label for={id}>Drop a CSV file here, or choose one</label>
          <input
            id={id}
            ref={input}
            type="file"
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
          <p class="quiet small">
            {chosen.list === 'exclusions'
              ? 'Columns such as domain, email, LinkedIn, kind and note; or one domain or address a line.'
              : 'Columns such as email, LinkedIn, reason and note; or one address a line.'}
          </p>
        </div>
        {trouble === null ? null : (
          <p class="note-line" role="alert">
            {trouble}
          </p>
        )}
        {failure === null ? null : <FailureNote failure={failure} />}
      </section>
      {diff === null ? null : (
        <section class="panel">
          <h2>What it would do</h2>
          <ListDiffView diff={diff} />
          {changes === 0 ? (
            <p>Nothing is new, so there is nothing to store.</p>
          ) : isHeld ? null : (
            <div class="toolbar">
              <DecidingButton
                about={diff.diffDigest}
                kind="primary"
                busy={busy}
                disabled={!may(session.value, permissions[diff.list])}
                onClick={() => void store()}
              >
                Apply exactly this
              </DecidingButton>
              <Button
                disabled={busy}
                onClick={() => {
                  setDiff(null);
                  setFile(null);
                  if (input.current !== null) input.current.value = '';
                }}
              >
                Leave it
              </Button>
              <span class="quiet small">
                {changes} change{changes === 1 ? '' : 's'} of {places[diff.list]}, all or none of them
              </span>
            </div>
          )}
        </section>
      )}
    </div>
  );
};
