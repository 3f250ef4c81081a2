import type { Draft, DraftId } from '@caio/contracts';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiFailure, passesByItself } from '../../api/api-failure.ts';
import type { ShownDraft } from '../../api/desk-api.ts';
import { useArmed } from '../../desk/arming.ts';
import { begunEditName, parseBegunEdit } from '../../desk/begun-edit.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { may } from '../../desk/session.ts';
import { notToApprove, tooEarly } from '../../desk/toasts.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { BrokenScreen } from '../../parts/live.tsx';
import { MessageSheet } from '../../parts/message-sheet.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { draftStateWords } from '../../words/state-words.ts';
import type { Reviewed } from '../../desk/review-log.ts';
import type { DraftAhead } from '../review-queue/next-draft.ts';
import { useReviewKeys } from '../review-queue/review-keys.ts';
import { BarredNote } from './barred-note.tsx';
import { ActionFailure, AgeNote, BegunNote, ChangedText, DecidedNote, OldCard } from './card-notes.tsx';
import { CardActions } from './card-actions.tsx';
import { ClaimList } from './claim-list.tsx';
import { DraftDetails } from './draft-details.tsx';
import { EditForm } from './edit-form.tsx';
import { GuardResults } from './guard-results.tsx';
import { RejectDialog } from './reject-dialog.tsx';
import { WhyThisLead } from './why-this-lead.tsx';

const againMs = 10_000;

export interface DraftCardProps {
  readonly draftId: DraftId;
  /** The draft as it was read while the card before it was shown; the card asks for it again. */
  readonly ahead: DraftAhead | null;
  /** The texts that were read at this desk, by draft: another one is shown as a change, whatever came in between. */
  readonly readTexts: Map<DraftId, Draft>;
  readonly place: { readonly at: number; readonly of: number } | null;
  readonly onStep: (step: 'next' | 'previous') => void;
  readonly onDecided: (draft: Draft) => void;
  readonly onUndo: (entry: Pick<Reviewed, 'draftId' | 'who' | 'contentDigest'>) => void;
  readonly onHelp: () => void;
}

/** One draft to decide about. An approval always carries the digest of the text that was read on this card. */
export const DraftCard = (props: DraftCardProps) => {
  const desk = useDesk();
  const query = useLiveQuery(
    `draft-${props.draftId}`,
    async (signal) => {
      const outcome = await desk.api.draft(props.draftId, signal);
      return outcome.ok ? { ok: true, value: outcome.value.draft } : outcome;
    },
    againMs,
  );
  const [ahead] = useState(props.ahead);
  const state = query.state.value;
  const isGone =
    state.kind === 'failed' && (state.failure.kind === 'missing' || state.failure.kind === 'forbidden');
  const draft = knownValue(state) ?? (isGone ? null : (ahead?.draft ?? null));
  const retry = (): void => void query.refresh();
  if (draft === null)
    return state.kind === 'failed' ? (
      <BrokenScreen {...state} onRetry={retry} />
    ) : (
      <FullNotice kind="loading" title="Loading the draft…" />
    );
  const loadedAt = 'loadedAt' in state ? state.loadedAt : (ahead?.loadedAt ?? 0);
  return (
    <OpenCard
      {...props}
      draft={draft}
      loadedAt={loadedAt}
      old={'failure' in state ? <OldCard loadedAt={loadedAt} retryAt={state.retryAt} /> : null}
      onLoaded={query.put}
      onReload={query.refresh}
    />
  );
};

const OpenCard = (
  props: DraftCardProps & {
    readonly draft: ShownDraft;
    /** When the draft was last read. */
    readonly loadedAt: number;
    /** Says that the draft could not be read again, while that is so. */
    readonly old: ComponentChildren;
    readonly onLoaded: (draft: ShownDraft) => void;
    readonly onReload: () => Promise<void>;
  },
) => {
  const desk = useDesk();
  const { draft } = props;
  const { barred = null } = draft;
  const [read, setReadHere] = useState(() => props.readTexts.get(draft.draftId) ?? draft);
  const setRead = (next: Draft): void => {
    props.readTexts.set(next.draftId, next);
    setReadHere(next);
  };
  const [edited, setEdited] = useState<Draft | null>(null);
  const [mode, setMode] = useState<'reading' | 'editing' | 'rejecting'>('reading');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [discards, setDiscards] = useState(0);
  const deciding = useRef(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const { recipient } = draft.message;
  const who = recipient.name ?? recipient.email;
  const isReviewer = may(desk.session.value, 'drafts:review');
  const unread = read.contentDigest !== draft.contentDigest;
  const isBegun =
    isReviewer &&
    mode !== 'editing' &&
    parseBegunEdit(desk.notes.read(begunEditName(draft.draftId)), draft) !== null;
  const canChange =
    (draft.status === 'pending' || draft.status === 'parked') && isReviewer && !unread && !busy;
  const canApprove =
    draft.status === 'pending' && canChange && barred === null && !isBegun && mode !== 'editing';

  // What a press would be about: with any of it changed, nobody has looked at it yet.
  const shown = [draft.draftId, draft.status, draft.contentDigest, mode];
  const about = [...shown, String(unread), String(isBegun), String(barred)].join(' ');
  const armed = useArmed(about);

  const decided = (next: Draft, what: Reviewed['what']): void => {
    desk.noteReviewed({ draftId: next.draftId, contentDigest: next.contentDigest, who, what });
    props.onDecided(next);
  };
  const failed = (problem: ApiFailure): void => {
    setMode('reading');
    setFailure(problem);
    // Whether it was taken is not known after a cut connection, and a conflict means that it is old: look.
    void props.onReload();
    void desk.status.refresh();
  };
  const approve = async (): Promise<void> => {
    if (!canApprove || deciding.current) return;
    // Two presses can come before the page is drawn again.
    deciding.current = true;
    setBusy(true);
    setFailure(null);
    const outcome = await desk.api.approveDraft(read.draftId, read.contentDigest);
    setBusy(false);
    deciding.current = false;
    if (!outcome.ok) return failed(outcome.failure);
    desk.toasts.show({
      about: 'review',
      text: `Approved: ${who}.`,
      action: {
        label: 'Undo',
        run: () => props.onUndo({ draftId: read.draftId, contentDigest: read.contentDigest, who }),
      },
    });
    decided(outcome.value.draft, 'approved');
  };

  const edit = (): void => {
    if (canChange) setMode('editing');
  };
  const reject = (): void => {
    if (canChange) setMode('rejecting');
  };
  useReviewKeys((command) => {
    if (command === 'edit') return edit();
    if ((command !== 'approve' && command !== 'reject') || mode === 'editing') return;
    if (!armed && (canApprove || canChange)) return desk.toasts.show(tooEarly);
    if (command === 'approve' && barred !== null) desk.toasts.show(notToApprove);
    else if (command === 'approve') void approve();
    else reject();
  });
  useEffect(() => {
    // Read again since: what the card shows now is what became of it.
    setFailure((known) => (known !== null && passesByItself(known) ? null : known));
  }, [props.loadedAt]);
  useEffect(() => {
    props.readTexts.set(read.draftId, read);
    window.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, []);

  const acts = draft.status === 'pending' || draft.status === 'parked';
  return (
    <>
      <section class="card" aria-label={`Draft for ${who}`}>
        <header class="card-head">
          <div>
            <h2 ref={heading} tabIndex={-1}>
              <LeadText text={who} />
            </h2>
            <p class="card-sub">
              <LeadText text={draft.lead.title ?? ''} />
              {draft.lead.title !== null && recipient.company !== null ? ' · ' : null}
              <LeadText text={recipient.company ?? ''} />
            </p>
          </div>
          <div class="stepper">
            <Button kind="quiet" icon="left" label="Previous card" onClick={() => props.onStep('previous')}>
              {''}
            </Button>
            <span>
              {props.place === null ? 'not in this list' : `${props.place.at} of ${props.place.of}`}
            </span>
            <Button kind="quiet" icon="right" label="Next card" onClick={() => props.onStep('next')}>
              {''}
            </Button>
          </div>
        </header>
        <p class="chips">
          <span class="chip">{draftStateWords[draft.status]}</span>
          <AgeNote draft={draft} />
        </p>
        {draft.status === 'pending' ? null : <DecidedNote draft={draft} failure={failure} />}
        {props.old}
        <BarredNote draft={draft} />
        <ActionFailure failure={failure} />
        {isBegun && acts && !unread ? (
          <BegunNote
            draft={draft}
            onGoOn={edit}
            onDiscard={() => {
              desk.notes.keep(begunEditName(draft.draftId), null);
              setDiscards(discards + 1);
            }}
          />
        ) : null}
        {unread && mode !== 'editing' ? (
          <ChangedText before={read} after={draft} by="somebody" onSeen={() => setRead(draft)} />
        ) : null}
        {edited === null || unread ? null : (
          <ChangedText before={edited} after={draft} by="reader" onSeen={() => setEdited(null)} />
        )}
        {mode === 'editing' ? (
          <EditForm
            draft={draft}
            onEdited={(next) => {
              setEdited(draft);
              setRead(next);
              setFailure(null);
              setMode('reading');
              props.onLoaded({ ...next, barred });
              window.scrollTo({ top: 0 });
              decided(next, 'edited');
            }}
            onConflict={() => void props.onReload()}
            onCancel={() => setMode('reading')}
          />
        ) : (
          <MessageSheet message={draft.message} />
        )}
        {mode === 'editing' || !acts ? null : (
          <CardActions
            draft={draft}
            about={about}
            busy={busy}
            canApprove={canApprove}
            canChange={canChange}
            onApprove={() => void approve()}
            onEdit={edit}
            onReject={reject}
            onHelp={props.onHelp}
          />
        )}
        {draft.status === 'approved' && isReviewer ? (
          <div class="action-bar">
            <DecidingButton
              about={about}
              icon="undo"
              onClick={() =>
                props.onUndo({ draftId: draft.draftId, contentDigest: draft.contentDigest, who })
              }
            >
              Take the approval back
            </DecidingButton>
          </div>
        ) : null}
        {isReviewer || !acts ? null : <p class="note-line">You may read drafts, not decide about them.</p>}
      </section>
      <aside class="card-side" aria-label="About this draft">
        <WhyThisLead draft={draft} />
        <GuardResults guards={draft.guards} />
        <ClaimList claims={draft.claims} />
        <DraftDetails draft={draft} />
      </aside>
      {mode === 'rejecting' ? (
        <RejectDialog
          draft={draft}
          onRejected={(next) => {
            desk.toasts.show({ about: 'review', text: `Rejected: ${who}.` });
            decided(next, 'rejected');
          }}
          onFailed={failed}
          onClose={() => setMode('reading')}
        />
      ) : null}
    </>
  );
};
