import { type Batch, batchNextSteps } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';

export type Closing = 'reject' | 'revoke';

const words: Readonly<Record<Closing, { title: string; confirm: string }>> = {
  reject: { title: 'Reject the whole batch?', confirm: 'Reject the batch' },
  revoke: { title: 'Take the approval back?', confirm: 'Take it back' },
};

/** Ends a batch without sending; its drafts stay approved. */
export const CloseDialog = (props: {
  readonly batch: Batch;
  readonly closing: Closing;
  readonly onDone: (batch: Batch) => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const close = async (reason: string): Promise<void> => {
    setBusy(true);
    const { batchId } = props.batch;
    const outcome = await (props.closing === 'reject'
      ? api.rejectBatch(batchId, { reason })
      : api.revokeBatch(batchId, reason));
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    props.onDone(outcome.value.batch);
  };
  return (
    <Dialog title={words[props.closing].title} onClose={props.onClose}>
      <p>{batchNextSteps[props.closing === 'reject' ? 'rejected' : 'revoked']}</p>
      <ReasonForm
        question="Why?"
        lengthMin={3}
        lengthMax={500}
        confirm={words[props.closing].confirm}
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void close(reason)}
        onCancel={props.onClose}
      />
    </Dialog>
  );
};
