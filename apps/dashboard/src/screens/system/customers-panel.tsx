import type { CustomersStatus } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Live } from '../../parts/live.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { instantWords } from '../../words/instant-words.ts';

const againMs = 10_000;

const stateWords: Readonly<Record<CustomersStatus['state'], string>> = {
  not_configured: 'Not set up: no CRM is asked. Keep customers on the exclusion list.',
  required: 'Nothing is sent: the policy asks for a list of customers, and no CRM is set up.',
  never_synced: 'Nothing is sent: the CRM has not given its list yet.',
  fresh: 'Fresh: every customer in the CRM is excluded.',
  stale: 'Nothing is sent: the list is too old. What waits goes on once there is a newer one.',
  fallen: 'Nothing is sent: the CRM names far fewer customers than before.',
};

const AcceptDialog = (props: {
  readonly fallen: NonNullable<CustomersStatus['fallen']>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const { api, toasts } = useDesk();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const { from, to, digest } = props.fallen;
  const accept = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await api.acceptCustomers(digest, reason);
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    if (outcome.value.outcome === 'applied')
      toasts.show({ about: 'people', text: 'The shorter list is taken over.' });
    props.onDone();
  };
  return (
    <Dialog title={`Take ${to} customers over instead of ${from}?`} onClose={props.onClose}>
      <p>Whoever is no customer any more is taken off the exclusion list and may be written to.</p>
      <ReasonForm
        question="Why are there fewer customers?"
        lengthMin={3}
        lengthMax={500}
        confirm="Take the shorter list over"
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void accept(reason)}
        onCancel={props.onClose}
      />
    </Dialog>
  );
};

/** The customers that a CRM names: whether sending waits for them, and the way out. */
export const CustomersPanel = () => {
  const { api, session } = useDesk();
  const query = useLiveQuery('customers', api.customers, againMs);
  const [busy, setBusy] = useState(false);
  const [accepting, setAccepting] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const sync = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    const outcome = await api.syncCustomers();
    setBusy(false);
    if (!outcome.ok) setFailure(outcome.failure);
    void query.refresh();
  };
  return (
    <section class="panel">
      <h2>Customers from the CRM</h2>
      <Live query={query} what="the customers" within="panel">
        {({ customers: status }) => {
          const { state, fallen, syncedAt, goodUntil, failure: unanswered, accepted } = status;
          const isGood = state === 'fresh' || state === 'not_configured';
          return (
            <>
              <p class={isGood ? 'part' : 'note-line'}>
                {isGood ? <Icon name={state === 'fresh' ? 'check' : 'clock'} /> : null}
                {stateWords[state]}
              </p>
              {syncedAt === null ? null : (
                <Facts
                  facts={[
                    ['Customers', `${status.customers}, as ${status.exclusions} exclusions`],
                    ['Taken over', instantWords(syncedAt)],
                    ...(goodUntil === null ? [] : [['Good until', instantWords(goodUntil)] as const]),
                    ...(accepted === null
                      ? []
                      : [
                          [
                            'Accepted',
                            `${accepted.customers} customers, by ${accepted.by}, ${instantWords(accepted.at)}: ${accepted.reason}`,
                          ] as const,
                        ]),
                  ]}
                />
              )}
              {unanswered === null ? null : (
                <p class="note-line">
                  The CRM gave no list ({unanswered.code.replaceAll('_', ' ')}), {instantWords(unanswered.at)}
                  .
                </p>
              )}
              {fallen === null ? null : (
                <p>
                  Before there were <b>{fallen.from}</b>, now <b>{fallen.to}</b>. If that is a mistake, mend
                  it in the CRM; it is asked again by itself.
                </p>
              )}
              {state === 'not_configured' || state === 'required' ? null : (
                <div class="toolbar">
                  <Button
                    busy={busy}
                    disabled={!may(session.value, 'exclusions:write')}
                    onClick={() => void sync()}
                  >
                    Ask the CRM now
                  </Button>
                  {fallen === null ? null : (
                    <Button
                      disabled={!may(session.value, 'customers:accept')}
                      onClick={() => setAccepting(true)}
                    >
                      Take the shorter list over…
                    </Button>
                  )}
                </div>
              )}
              {accepting && fallen !== null ? (
                <AcceptDialog
                  fallen={fallen}
                  onClose={() => setAccepting(false)}
                  onDone={() => {
                    setAccepting(false);
                    void query.refresh();
                  }}
                />
              ) : null}
            </>
          );
        }}
      </Live>
      {failure === null ? null : <FailureNote failure={failure} />}
    </section>
  );
};
