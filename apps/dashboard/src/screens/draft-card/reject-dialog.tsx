import { type Draft, rejectionTags, rejectionTagSchema, type RejectionTag } from '@caio/contracts';
import { useId, useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';

/** The choice of a rejection tag; null until one is chosen. */
export const TagField = (props: {
  readonly tag: RejectionTag | null;
  readonly onTag: (tag: RejectionTag | null) => void;
}) => {
  const id = useId();
  return (
    <>
      <label for={id}>What is wrong with it?</label>
      <select
        id={id}
        value={props.tag ?? ''}
        onChange={(event) => {
          const parsed = rejectionTagSchema.safeParse(event.currentTarget.value);
          props.onTag(parsed.success ? parsed.data : null);
        }}
      >
        <option value="">Choose a tag…</option>
        {rejectionTags.map((entry) => (
          <option value={entry.id}>{entry.label}</option>
        ))}
      </select>
    </>
  );
};

/** Rejecting is final, so it asks for a tag and a reason that helps the next draft. */
export const RejectDialog = (props: {
  readonly draft: Draft;
  readonly onRejected: (draft: Draft) => void;
  readonly onFailed: (failure: ApiFailure) => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const [tag, setTag] = useState<RejectionTag | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const { recipient } = props.draft.message;
  const reject = async (reason: string): Promise<void> => {
    if (tag === null) return;
    setBusy(true);
    const { draftId, contentDigest } = props.draft;
    const outcome = await api.rejectDraft(draftId, { contentDigest, tag, reason });
    setBusy(false);
    if (outcome.ok) return props.onRejected(outcome.value.draft);
    if (outcome.failure.kind === 'conflict') return props.onFailed(outcome.failure);
    setFailure(outcome.failure);
  };
  return (
    <Dialog title={`Reject the message to ${recipient.name ?? recipient.email}?`} onClose={props.onClose}>
      <p class="quiet">This is final. The same text for the same person does not come back for a while.</p>
      <ReasonForm
        question="Why? At least 20 characters, so that the next text gets better."
        lengthMin={20}
        lengthMax={2_000}
        confirm="Reject"
        complete={tag !== null}
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void reject(reason)}
        onCancel={props.onClose}
      >
        <TagField tag={tag} onTag={setTag} />
      </ReasonForm>
    </Dialog>
  );
};
