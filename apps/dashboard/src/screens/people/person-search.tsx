import type { PersonRecord } from '@caio/contracts';
import { useId, useState } from 'preact/hooks';
import type { ApiOutcome } from '../../api/api-client.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { PersonRecordView } from './person-record-view.tsx';
import { LiftDialog } from './lift-dialog.tsx';
import { SuppressDialog } from './suppress-dialog.tsx';

/** Asks for one person by address or profile. The address travels in a body, so that no log holds it. */
export const PersonSearch = () => {
  const { api, session } = useDesk();
  const id = useId();
  const [person, setPerson] = useState('');
  const [asked, setAsked] = useState('');
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<ApiOutcome<PersonRecord> | null>(null);
  const [suppressing, setSuppressing] = useState(false);
  const [lifting, setLifting] = useState(false);
  const find = async (who: string): Promise<void> => {
    if (who.length < 3) return;
    setBusy(true);
    const outcome = await api.findPerson(who);
    setBusy(false);
    setAsked(who);
    setFound(outcome);
  };
  return (
    <section class="panel">
      <h2>Where is this person?</h2>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          void find(person.trim());
        }}
      >
        <label for={id}>E-mail address or LinkedIn profile</label>
        <div class="search-row">
          <input
            id={id}
            type="text"
            inputMode="email"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            placeholder="name@company.example"
            value={person}
            onInput={(event) => setPerson(event.currentTarget.value)}
          />
          <Button type="submit" kind="primary" busy={busy} disabled={person.trim().length < 3}>
            Find
          </Button>
          <Button
            disabled={person.trim().length < 3 || !may(session.value, 'suppressions:write')}
            onClick={() => setSuppressing(true)}
          >
            Never write to them…
          </Button>
        </div>
      </form>
      {found === null ? null : found.ok ? (
        <>
          <PersonRecordView asked={asked} record={found.value} />
          {found.value.suppressions.length > 0 && may(session.value, 'suppressions:lift') ? (
            <Button onClick={() => setLifting(true)}>They agreed again…</Button>
          ) : null}
        </>
      ) : (
        <FailureNote failure={found.failure} />
      )}
      {lifting ? (
        <LiftDialog
          person={asked}
          onClose={() => setLifting(false)}
          onDone={() => {
            setLifting(false);
            void find(asked);
          }}
        />
      ) : null}
      {suppressing ? (
        <SuppressDialog
          person={person.trim()}
          onClose={() => setSuppressing(false)}
          onDone={() => {
            setSuppressing(false);
            void find(person.trim());
          }}
        />
      ) : null}
    </section>
  );
};
