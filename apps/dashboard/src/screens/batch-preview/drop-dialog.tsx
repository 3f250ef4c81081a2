import type { Batch, DraftId, RejectedBatch, RejectionTag } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { TagField } from '../draft-card/reject-dialog.tsx';

/** Takes some messages out: they are rejected, the others come back as a new batch with a hash of its own. */
export const DropDialog = (props: {
  readonly batch: Batch;
  readonly draftIds: readonly DraftId[];
  readonly onDone: (answer: RejectedBatch) => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const [tag, setTag] = useState<RejectionTag | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const dropped = props.draftIds.length;
  const kept = props.batch.actionCount - dropped;
  const drop = async (reason: string): Promise<void> => {
    if (tag === null) return;
    setBusy(true);
    const outcome = await api.rejectBatch(props.batch.batchId, {
      reason: `${dropped} of ${props.batch.actionCount} messages dropped: ${reason}`.slice(0, 500),
      drop: props.draftIds.map((draftId) => ({ draftId, tag, reason })),
    });
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    props.onDone(outcome.value);
  };
  return (
    <Dialog title={`Drop ${dropped} of ${props.batch.actionCount} messages?`} onClose={props.onClose}>
      <p>
        A batch cannot be changed. This one is rejected, the chosen{' '}
        {dropped === 1 ? 'draft is' : 'drafts are'} rejected for good, and{' '}
        {kept === 0
          ? 'nothing is left for another batch.'
          : kept === 1
            ? 'the other one comes back as a new batch with a new hash.'
            : `the other ${kept} come back as a new batch with a new hash.`}
      </p>
      <ReasonForm
        question="Why? At least 20 characters."
        lengthMin={20}
        lengthMax={2_000}
        confirm={`Drop ${dropped}`}
        complete={tag !== null}
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void drop(reason)}
        onCancel={props.onClose}
      >
        <TagField tag={tag} onTag={setTag} />
      </ReasonForm>
    </Dialog>
  );
};
