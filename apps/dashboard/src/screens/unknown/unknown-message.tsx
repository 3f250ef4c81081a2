import { type ActionId, type UnknownDecision, type UnknownDetail, unknownStandings } from '@caio/contracts';
import { useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';
import { instantWords } from '../../words/instant-words.ts';
import { receiptReason } from '../../words/reason-words.ts';
import { decisionWords, providerWords } from '../../words/unknown-words.ts';
import { DecideDialog } from './decide-dialog.tsx';

const againMs = 10_000;

const Known = ({ detail }: { readonly detail: UnknownDetail }) => {
  const { clock } = useDesk();
  const { receipt } = detail;
  return (
    <section class="panel" aria-label="What is known">
      <h2>What is known</h2>
      <Facts
        facts={[
          ['Message', detail.heading ?? 'its stored text cannot be read'],
          ['Over', `${receipt.channel}, ${providerWords[receipt.provider]}, ${receipt.mode}`],
          ['Unknown', `since ${agoWords(detail.since, clock.value)} (${instantWords(detail.since)})`],
          [
            'Because',
            receipt.reason === null ? 'no reason was given' : receiptReason(receipt.reason).meaning,
          ],
          ['Tries', String(receipt.attempts)],
          ['Its sender', detail.processGone ? 'is gone, or done with it' : 'may still be alive and send it'],
          [
            'Batch',
            <Link href={`/receipts/${receipt.batchId}`}>
              <code class="wrap">{receipt.batchId}</code>
            </Link>,
          ],
        ]}
      />
    </section>
  );
};

const ProviderSays = ({ detail }: { readonly detail: UnknownDetail }) => {
  const { found, receipt } = detail;
  const { meaning, next } = unknownStandings[found.standing];
  return (
    <section class="panel" aria-label="What the provider says">
      <h2>What {providerWords[receipt.provider]} says</h2>
      <p class="lead">{meaning}</p>
      {found.message === null ? null : (
        <p class="note-line">
          <LeadText text={found.message} />
        </p>
      )}
      {found.providerMessageId === null ? null : (
        <p>
          It shows <code class="wrap">{found.providerMessageId}</code>,{' '}
          {found.mailed === true ? 'mailed already' : 'not mailed yet'}.
        </p>
      )}
      <p>{next}</p>
      <p class="quiet small">
        Asked {instantWords(detail.askedAt)}. That it is not there counts from{' '}
        {instantWords(detail.quietUntil)} on.
      </p>
    </section>
  );
};

const Decisions = (props: {
  readonly detail: UnknownDetail;
  readonly onChoose: (decision: UnknownDecision) => void;
}) => {
  const { session } = useDesk();
  const mayDecide = may(session.value, 'unknown:decide');
  return (
    <section class="panel" aria-label="What became of it">
      <h2>What became of it?</h2>
      <p>
        {mayDecide
          ? 'If you know, say so. Your name, the reason and the evidence are kept.'
          : 'Somebody with the permission to decide about unknown messages (unknown:decide) may say so.'}
      </p>
      {mayDecide ? (
        <ul class="sentences unknown-options">
          {props.detail.options.map(({ as, allowed, why }) => (
            <li key={as}>
              <Button disabled={allowed === 'no'} onClick={() => props.onChoose(as)}>
                {decisionWords[as].label}
              </Button>
              {why === '' ? null : <span class="quiet">{why}</span>}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
};

/** Somebody was quicker, or the provider answered: there is nothing left to decide. */
const KnownNow = () => (
  <div class="page">
    <FullNotice kind="empty" title="It is known by now">
      <p>Whether this message was sent stands in its receipt.</p>
      <p>
        <Link class="button" href="/unknown">
          See what is still unknown
        </Link>
      </p>
    </FullNotice>
  </div>
);

/** One message nobody knows the fate of, with its provider asked now, and the decision about it. */
export const UnknownMessage = ({ actionId }: { readonly actionId: ActionId }) => {
  const desk = useDesk();
  const [, go] = useLocation();
  const [deciding, setDeciding] = useState<UnknownDecision | null>(null);
  const query = useLiveQuery(
    `unknown ${actionId}`,
    (signal) => desk.api.unknownAction(actionId, signal),
    againMs,
  );
  const decided = (text: string): void => {
    setDeciding(null);
    desk.toasts.show({ about: 'unknown', text });
    void desk.status.refresh();
    go('/unknown');
  };
  const { value: state } = query.state;
  const failure = state.kind === 'failed' || state.kind === 'stale' ? state.failure : null;
  // What somebody has begun to write is not taken away; their decision is refused with the state it has.
  if (failure?.kind === 'conflict' && deciding === null) return <KnownNow />;
  return (
    <div class="page">
      <Live query={query} what="what is known">
        {(detail) => (
          <>
            <header class="page-head">
              <div>
                <p>
                  <Link href="/unknown">All that are not known</Link>
                </p>
                <h1>
                  <LeadText text={detail.receipt.email} />
                </h1>
                <p class="quiet">Nobody knows whether this message was sent.</p>
              </div>
              <Button onClick={() => void query.refresh()}>Ask the provider again</Button>
            </header>
            <ProviderSays detail={detail} />
            <Known detail={detail} />
            <Decisions detail={detail} onChoose={setDeciding} />
            {deciding === null ? null : (
              <DecideDialog
                detail={detail}
                as={deciding}
                onDone={decided}
                onClose={() => setDeciding(null)}
              />
            )}
          </>
        )}
      </Live>
    </div>
  );
};
