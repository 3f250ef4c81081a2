import { type Draft, draftNextSteps } from '@caio/contracts';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { type ApiFailure, passesByItself } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { ChangesView, DiffView } from '../../parts/diff-view.tsx';
import { Digest } from '../../parts/digest.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RetryWords } from '../../parts/live.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords, draftAge } from '../../words/age-words.ts';
import { instantWords, timeWords } from '../../words/instant-words.ts';
import { draftStateWords } from '../../words/state-words.ts';

/** What a draft is when it does not wait for review any more: who decided, when, and what is possible now. */
export const DecidedNote = ({
  draft,
  failure,
}: {
  readonly draft: Draft;
  readonly failure: ApiFailure | null;
}) => {
  const { clock } = useDesk();
  const { status, reviewedBy, reviewedAt, rejection, batchId } = draft;
  return (
    <div class="note note-calm" role="status">
      <Icon name="seal" />
      <div>
        <p class="note-title">{draftStateWords[status]}</p>
        <p>
          {reviewedBy === null || reviewedAt === null
            ? null
            : `By ${reviewedBy}, ${instantWords(reviewedAt)} (${agoWords(reviewedAt, clock.value)}). `}
          {draftNextSteps[status]}
        </p>
        {rejection === null ? null : (
          <p>
            “<LeadText text={rejection.reason} />”
          </p>
        )}
        {batchId === null ? null : (
          <p>
            <Link href={`/batches/${batchId}`}>See its batch</Link>
          </p>
        )}
        {failure === null ? null : (
          <p class="small">
            Nothing was done twice: your press came after this.{' '}
            {failure.kind === 'conflict' ? failure.message : ''}
          </p>
        )}
      </div>
    </div>
  );
};

/** A change of the text, by this reviewer or by somebody else while it was being read. */
export const ChangedText = (props: {
  readonly before: Draft;
  readonly after: Draft;
  readonly by: 'reader' | 'somebody';
  readonly onSeen: () => void;
}) => {
  const [full, setFull] = useState(false);
  return (
    <section class="changed" aria-label="What changed">
      <p class="changed-title">
        {props.by === 'reader' ? 'Your edit' : 'The text was changed while you read it'}, now revision{' '}
        {props.after.revision}: <Digest digest={props.after.contentDigest} what="content digest" />
      </p>
      {full ? (
        <DiffView
          before={props.before.message}
          after={props.after.message}
          titles={[`Before (revision ${props.before.revision})`, `Now (revision ${props.after.revision})`]}
        />
      ) : (
        <ChangesView before={props.before.message} after={props.after.message} />
      )}
      <div class="dialog-actions">
        <Button pressed={full} onClick={() => setFull(!full)}>
          Both in full
        </Button>
        <DecidingButton about={`${props.by} ${props.after.contentDigest}`} onClick={props.onSeen}>
          {props.by === 'reader' ? 'Hide the comparison' : 'I have read the new text'}
        </DecidingButton>
      </div>
    </section>
  );
};

/** An edit that was begun and not saved, before anything is decided about the text as it was. */
export const BegunNote = (props: {
  readonly draft: Draft;
  readonly onGoOn: () => void;
  readonly onDiscard: () => void;
}) => (
  <div class="note note-calm" role="status">
    <Icon name="pencil" />
    <div>
      <p class="note-title">You began an edit of this text and have not saved it</p>
      <p>Below is the text without it. It can be approved once you have saved your edit or discarded it.</p>
      <div class="dialog-actions">
        <DecidingButton about={`begun ${props.draft.draftId}`} onClick={props.onDiscard}>
          Discard my edit
        </DecidingButton>
        <Button kind="primary" onClick={props.onGoOn}>
          Go on with it
        </Button>
      </div>
    </div>
  </div>
);

/** The age of a draft, never hidden; from the age on that the policy calls stale, it says what to think of. */
export const AgeNote = ({ draft }: { readonly draft: Draft }) => {
  const { clock, status } = useDesk();
  const age = draftAge(draft.createdAt, clock.value, knownValue(status.state.value)?.draftStaleHours ?? null);
  if (!age.stale) return <span class="chip">Written {age.words}</span>;
  return (
    <span class="chip chip-note">
      <Icon name="clock" /> Stale: written {age.words}. Does it still hold?
    </span>
  );
};

/** The card could not be read again: what it shows may have been decided or changed by somebody else meanwhile. */
export const OldCard = (props: { readonly loadedAt: number; readonly retryAt: number }) => (
  <p class="note-line" role="status">
    This card is as it was at {timeWords(props.loadedAt)} and could not be read again since.{' '}
    <RetryWords retryAt={props.retryAt} />
  </p>
);

export const ActionFailure = ({ failure }: { readonly failure: ApiFailure | null }) =>
  failure === null || failure.kind === 'conflict' ? null : (
    <FailureNote failure={failure}>
      {passesByItself(failure) ? (
        <p>Whether your decision arrived is not known yet. This card says so as soon as it can be asked.</p>
      ) : null}
    </FailureNote>
  );
