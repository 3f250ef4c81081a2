import { channelParts, type Draft } from '@caio/contracts';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { type BegunEdit, begunEditName, parseBegunEdit } from '../../desk/begun-edit.ts';
import { useDesk } from '../../desk/desk.ts';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { DiffView } from '../../parts/diff-view.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { VisibleText } from '../../parts/visible-text.tsx';

/**
 * Edits subject and body. The text goes to the server as typed, with the digest of the text it was begun from; what
 * comes back is the new revision. When the draft has another text by now, both are shown before anything is saved.
 */
export const EditForm = (props: {
  readonly draft: Draft;
  readonly onEdited: (draft: Draft) => void;
  readonly onConflict: (failure: ApiFailure) => void;
  readonly onCancel: () => void;
}) => {
  const { api, notes } = useDesk();
  const { draft } = props;
  const noteName = begunEditName(draft.draftId);
  const [text, setText] = useState<BegunEdit>(
    () =>
      parseBegunEdit(notes.read(noteName), draft) ?? {
        base: draft.contentDigest,
        subject: draft.message.subject,
        body: draft.message.body,
      },
  );
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    body.current?.setSelectionRange(0, 0);
    body.current?.focus();
  }, []);
  const change = (next: Partial<BegunEdit>): void => {
    const changed = { ...text, ...next };
    setText(changed);
    notes.keep(noteName, JSON.stringify(changed));
  };
  const parts = channelParts[draft.message.channel];
  const moved = text.base !== draft.contentDigest;
  const same = text.subject === draft.message.subject && text.body === draft.message.body;
  const save = async (): Promise<void> => {
    if (moved) return;
    setBusy(true);
    const outcome = await api.editDraft(draft.draftId, {
      contentDigest: text.base,
      subject: text.subject,
      body: text.body,
    });
    setBusy(false);
    if (outcome.ok) {
      notes.keep(noteName, null);
      return props.onEdited(outcome.value.draft);
    }
    setFailure(outcome.failure);
    if (outcome.failure.kind === 'conflict') props.onConflict(outcome.failure);
  };
  return (
    <form
      class="sheet edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {parts.subject || text.subject !== '' ? (
        <>
          <label for={`${id}-subject`}>Subject</label>
          <input
            id={`${id}-subject`}
            value={text.subject}
            maxLength={998}
            required={parts.subject}
            onInput={(event) => change({ subject: event.currentTarget.value })}
          />
        </>
      ) : null}
      <label for={`${id}-body`}>Body</label>
      <textarea
        id={`${id}-body`}
        ref={body}
        rows={16}
        value={text.body}
        maxLength={20_000}
        required
        onInput={(event) => change({ body: event.currentTarget.value })}
      />
      {parts.footer || draft.message.footer !== '' ? (
        <>
          <p class="quiet small">The footer belongs to the copy pack and is added by the server:</p>
          <div class="sheet-footer">
            <VisibleText text={draft.message.footer} />
          </div>
        </>
      ) : null}
      {failure === null ? null : (
        <FailureNote failure={failure}>
          <p>Your text is kept here.</p>
        </FailureNote>
      )}
      {moved ? (
        <section class="changed" aria-label="Two texts">
          <p class="changed-title">
            The text was changed after you began. Yours is not saved; read both before one takes the place of
            the other.
          </p>
          <DiffView
            before={draft.message}
            after={{ ...draft.message, subject: text.subject, body: text.body }}
            titles={[`As it is now (revision ${draft.revision})`, 'As you wrote it']}
          />
          <DecidingButton
            about={draft.contentDigest}
            onClick={() => {
              setFailure(null);
              change({ base: draft.contentDigest });
            }}
          >
            I have read both: go on with mine
          </DecidingButton>
        </section>
      ) : null}
      <div class="dialog-actions">
        <DecidingButton
          about={noteName}
          onClick={() => {
            notes.keep(noteName, null);
            props.onCancel();
          }}
        >
          Leave as it was
        </DecidingButton>
        <DecidingButton about={noteName} type="submit" kind="primary" busy={busy} disabled={same || moved}>
          Save and compare
        </DecidingButton>
      </div>
    </form>
  );
};
