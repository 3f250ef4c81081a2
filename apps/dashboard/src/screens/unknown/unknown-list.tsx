import { type UnknownAction, unknownStandings } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';
import { providerWords } from '../../words/unknown-words.ts';

const againMs = 5_000;

const Row = ({ action }: { readonly action: UnknownAction }) => {
  const { clock } = useDesk();
  const { receipt, standing } = action;
  return (
    <li>
      <Link class="row" href={`/unknown/${receipt.actionId}`}>
        <span class={action.needsPerson ? 'state state-pending' : 'state'}>
          {action.needsPerson ? 'Waits for a person' : 'Being found out'}
        </span>
        <span class="row-main">
          <strong>
            <LeadText text={receipt.email} />
          </strong>
          <span class="quiet">
            {standing === null ? 'Nobody has looked yet.' : unknownStandings[standing].meaning}
          </span>
        </span>
        <span>{providerWords[receipt.provider]}</span>
        <span class="batch-expiry">since {agoWords(action.since, clock.value)}</span>
      </Link>
    </li>
  );
};

const Section = (props: { readonly title: string; readonly actions: readonly UnknownAction[] }) =>
  props.actions.length === 0 ? null : (
    <section>
      <h2>
        {props.title}: {props.actions.length}
      </h2>
      <ul class="rows">
        {props.actions.map((action) => (
          <Row key={action.receipt.actionId} action={action} />
        ))}
      </ul>
    </section>
  );

/** The messages of which nobody knows whether they were sent, those that wait for a person first. */
export const UnknownList = () => {
  const { api } = useDesk();
  const query = useLiveQuery('unknown', api.unknown, againMs);
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Not known whether sent</h1>
          <p class="quiet">
            Nothing here is sent again on a guess, over no channel. The provider is asked about each of them
            all the time.
          </p>
        </div>
      </header>
      <Live query={query} what="the messages nobody knows about">
        {({ count, actions, damaged }) =>
          count === 0 ? (
            <FullNotice kind="empty" title="Nothing is unknown">
              <p>Of every message it is known whether it was sent.</p>
              <p>
                <Link class="button" href="/receipts">
                  Go to the receipts
                </Link>
              </p>
            </FullNotice>
          ) : (
            <>
              <Section
                title="These wait for a person"
                actions={actions.filter(({ needsPerson }) => needsPerson)}
              />
              <Section
                title="These are being found out"
                actions={actions.filter(({ needsPerson }) => !needsPerson)}
              />
              {damaged.length === 0 ? null : (
                <section>
                  <h2>These cannot be read: {damaged.length}</h2>
                  <p>Whoever runs the system has to look at their records.</p>
                  <ul class="sentences">
                    {damaged.map((actionId) => (
                      <li key={actionId}>
                        <code class="wrap">{actionId}</code>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              {count > actions.length + damaged.length ? (
                <p class="quiet">
                  Shown are the {actions.length} that wait longest of {count}.
                </p>
              ) : null}
            </>
          )
        }
      </Live>
    </div>
  );
};
