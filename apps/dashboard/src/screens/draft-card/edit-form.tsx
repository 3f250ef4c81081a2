import type { Draft } from '@caio/contracts';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { z } from 'zod';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { VisibleText } from '../../parts/visible-text.tsx';

const begunSchema = z.object({ subject: z.string(), body: z.string() });

const begunText = (kept: string | null): z.infer<typeof begunSchema> | null => {
  if (kept === null) return null;
  try {
    return begunSchema.safeParse(JSON.parse(kept)).data ?? null;
  } catch {
    return null;
  }
};

/** Edits subject and body. The text goes to the server as typed; what comes back is the new revision. */
export const EditForm = (props: {
  readonly draft: Draft;
  readonly onEdited: (draft: Draft) => void;
  readonly onConflict: (failure: ApiFailure) => void;
  readonly onCancel: () => void;
}) => {
  const { api, notes } = useDesk();
  const { draft } = props;
  const noteName = `desk-edit-${draft.draftId}`;
  const [text, setText] = useState(() => begunText(notes.read(noteName)) ?? draft.message);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  useEffect(() => {
    body.current?.setSelectionRange(0, 0);
    body.current?.focus();
  }, []);
  const change = (next: { subject?: string; body?: string }): void => {
    const changed = { subject: text.subject, body: text.body, ...next };
    setText(changed);
    notes.keep(noteName, JSON.stringify(changed));
  };
  const same = text.subject === draft.message.subject && text.body === draft.message.body;
  const save = async (): Promise<void> => {
    setBusy(true);
    const outcome = await api.editDraft(draft.draftId, {
      contentDigest: draft.contentDigest,
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
      <label for={`${id}-subject`}>Subject</label>
      <input
        id={`${id}-subject`}
        value={text.subject}
        maxLength={998}
        required
        onInput={(event) => change({ subject: event.currentTarget.value })}
      />
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
      <p class="quiet small">The footer belongs to the copy pack and is added by the server:</p>
      <div class="sheet-footer">
        <VisibleText text={draft.message.footer} />
      </div>
      {failure === null ? null : (
        <FailureNote failure={failure}>
          <p>Your text is kept here.</p>
        </FailureNote>
      )}
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
        <DecidingButton about={noteName} type="submit" kind="primary" busy={busy} disabled={same}>
          Save and compare
        </DecidingButton>
      </div>
    </form>
  );
};
