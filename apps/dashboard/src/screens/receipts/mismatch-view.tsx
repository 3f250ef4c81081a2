import type { Draft, Message, Receipt } from '@caio/contracts';
import type { ApiOutcome } from '../../api/api-client.ts';
import { type Desk, useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DiffView } from '../../parts/diff-view.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Live } from '../../parts/live.tsx';
import { receiptReason } from '../../words/reason-words.ts';

interface Mismatch {
  readonly draft: Draft;
  /** The message as it is stored with the action now; null when it could not be found. */
  readonly stored: Message | null;
}

const pagesMax = 50;

const loadMismatch = async (
  { api }: Desk,
  receipt: Receipt,
  signal: AbortSignal,
): Promise<ApiOutcome<Mismatch>> => {
  const draft = await api.draft(receipt.draftId, signal);
  if (!draft.ok) return draft;
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const preview: Awaited<ReturnType<typeof api.preview>> = await api.preview(
      receipt.batchId,
      cursor,
      signal,
    );
    if (!preview.ok) return preview;
    const item = preview.value.items.find(({ actionId }) => actionId === receipt.actionId);
    cursor = preview.value.nextCursor;
    if (item !== undefined) return { ok: true, value: { draft: draft.value.draft, stored: item.message } };
    if (cursor === null) break;
  }
  return { ok: true, value: { draft: draft.value.draft, stored: null } };
};

const Comparison = ({ receipt, draft, stored }: Mismatch & { readonly receipt: Receipt }) => {
  const isApproved = draft.contentDigest === receipt.contentDigest;
  return (
    <>
      {isApproved && stored !== null ? (
        <DiffView
          before={draft.message}
          after={stored}
          titles={['What was approved', 'What was about to leave']}
        />
      ) : (
        <p class="note-line">
          {stored === null
            ? 'The stored message cannot be shown any more.'
            : 'The draft has another text by now, so the approved one cannot be shown beside the stored one.'}
        </p>
      )}
      <p class="small">
        Approved content <Digest digest={receipt.contentDigest} what="approved content digest" />. The bytes
        that were about to leave have another digest, so they did not leave.
      </p>
    </>
  );
};

/** The approved message beside the one that was found in its place, stamped with why it was held back. */
export const MismatchView = (props: { readonly receipt: Receipt; readonly onClose: () => void }) => {
  const desk = useDesk();
  const { receipt } = props;
  const query = useLiveQuery(
    `mismatch-${receipt.actionId}`,
    (signal) => loadMismatch(desk, receipt, signal),
    null,
  );
  const { meaning, next } = receiptReason('content_mismatch');
  return (
    <Dialog title={`Held back: the message to ${receipt.email}`} wide onClose={props.onClose}>
      <p class="stamp">content_mismatch</p>
      <p>
        {meaning} {next}
      </p>
      <Live query={query} what="both messages" within="panel">
        {(mismatch) => <Comparison receipt={receipt} {...mismatch} />}
      </Live>
      <div class="dialog-actions">
        <Button kind="primary" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
