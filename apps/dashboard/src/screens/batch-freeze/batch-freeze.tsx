import { type FrozenBatch, type Motion, motionSchema } from '@caio/contracts';
import { useEffect, useId, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import type { ApiOutcome } from '../../api/api-client.ts';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { modesSentence } from '../../words/delivery-words.ts';
import { personWords } from '../../words/lead-words.ts';
import { motionWords } from '../../words/state-words.ts';
import { LeftOuts } from './left-outs.tsx';

const messages = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;

const LeftOutPart = ({ leftOut }: Pick<FrozenBatch, 'leftOut'>) => (
  <section>
    <h2>Left out: {leftOut.length}</h2>
    <LeftOuts leftOut={leftOut} />
  </section>
);

const DryRun = ({ frozen }: { readonly frozen: FrozenBatch }) => {
  const { preview, leftOut } = frozen;
  if (preview.actions.length === 0)
    return (
      <>
        <FullNotice kind="empty" title="Nobody would be in this batch">
          <p>
            {leftOut.length === 0
              ? 'No approved draft of this kind waits for a batch.'
              : 'Every approved draft of this kind is held back; the reasons are below.'}
          </p>
          <p>
            <Link class="button button-primary" href="/">
              Go to the review
            </Link>
          </p>
        </FullNotice>
        {leftOut.length === 0 ? null : <LeftOutPart leftOut={leftOut} />}
      </>
    );
  return (
    <>
      <section>
        <h2>In the batch: {messages(preview.actions.length)}</h2>
        <p class="quiet">{modesSentence(preview.deliveryModes)}</p>
        <details open={preview.actions.length <= 20}>
          <summary>Who</summary>
          <ul class="people-list">
            {preview.actions.map(({ actionId, recipientKey }) => (
              <li key={actionId}>
                <LeadText text={personWords(recipientKey)} />
              </li>
            ))}
          </ul>
        </details>
      </section>
      <LeftOutPart leftOut={leftOut} />
    </>
  );
};

/** Choosing what goes into a batch: first a dry run that stores nothing, then the freeze. */
export const BatchFreeze = () => {
  const desk = useDesk();
  const [, navigate] = useLocation();
  const id = useId();
  const [motion, setMotion] = useState<Motion>('outbound');
  const [limit, setLimit] = useState('');
  const [looked, setLooked] = useState<ApiOutcome<FrozenBatch> | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const count = /^[1-9]\d{0,4}$/.test(limit.trim()) ? Number(limit) : undefined;
  const badLimit = limit.trim() !== '' && (count === undefined || count > 20_000);
  const scope = { motion, ...(count === undefined ? {} : { limit: count }) };

  useEffect(() => {
    if (badLimit) return;
    let wanted = true;
    setLooked(null);
    // Somebody typing a number means the last of them.
    const cancel = desk.timers.after(300, () => {
      void desk.api.freezeBatch({ ...scope, dryRun: true }).then((outcome) => {
        if (wanted) setLooked(outcome);
      });
    });
    return () => {
      wanted = false;
      cancel();
    };
  }, [motion, limit]);

  const freeze = async (): Promise<void> => {
    if (looked?.ok !== true) return;
    setBusy(true);
    setFailure(null);
    // Exactly what is on the screen: who was approved since is not in it, and who changed is left out and named.
    const { included: drafts } = looked.value;
    const outcome = await desk.api.freezeBatch({ motion, drafts, dryRun: false });
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    void desk.status.refresh();
    navigate(outcome.value.batch === null ? '/batches' : `/batches/${outcome.value.batch.batchId}`);
  };
  const actions = looked?.ok === true ? looked.value.preview.actions.length : 0;
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>New batch</h1>
          <p class="quiet">
            Look first: nothing is stored until you freeze. After that the texts cannot change.
          </p>
        </div>
      </header>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label for={`${id}-motion`}>Kind of message</label>
        <select
          id={`${id}-motion`}
          value={motion}
          onChange={(event) => {
            const chosen = motionSchema.safeParse(event.currentTarget.value);
            if (chosen.success) setMotion(chosen.data);
          }}
        >
          {motionSchema.options.map((option) => (
            <option value={option}>{motionWords[option]}</option>
          ))}
        </select>
        <label for={`${id}-limit`}>At most</label>
        <input
          id={`${id}-limit`}
          inputMode="numeric"
          placeholder="as many as the policy allows"
          value={limit}
          aria-invalid={badLimit}
          onInput={(event) => setLimit(event.currentTarget.value)}
        />
      </form>
      {badLimit ? <p class="note-line">A whole number from 1 to 20,000, or nothing.</p> : null}
      {looked === null && !badLimit ? <FullNotice kind="loading" title="Looking who would be in…" /> : null}
      {looked?.ok === false ? <FailureNote failure={looked.failure} /> : null}
      {looked?.ok === true ? <DryRun frozen={looked.value} /> : null}
      {failure === null ? null : <FailureNote failure={failure} />}
      {actions > 0 ? (
        <div class="action-bar">
          <DecidingButton
            about={looked?.ok === true ? looked.value.previewHash : ''}
            kind="primary"
            icon="seal"
            busy={busy}
            disabled={!may(desk.session.value, 'batches:freeze')}
            onClick={() => void freeze()}
          >
            Freeze {messages(actions)}
          </DecidingButton>
          <Link class="button" href="/batches">
            Leave it
          </Link>
        </div>
      ) : null}
    </div>
  );
};
