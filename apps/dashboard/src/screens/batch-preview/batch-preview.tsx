import { type Batch, batchNextSteps, type BatchId, type DraftId } from '@caio/contracts';
import { useRef, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import type { ApiOutcome } from '../../api/api-client.ts';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { may } from '../../desk/session.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { shortDigest } from '../../parts/digest.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Live } from '../../parts/live.tsx';
import { deliveryBanner } from '../../words/delivery-words.ts';
import { batchStateWords, motionWords, stoppedWords } from '../../words/state-words.ts';
import { LeftOuts } from '../batch-freeze/left-outs.tsx';
import { BatchFacts } from './batch-facts.tsx';
import { BatchMessages, type PreviewItem } from './batch-messages.tsx';
import { CloseDialog, type Closing } from './close-dialog.tsx';
import { DropDialog } from './drop-dialog.tsx';
import { HeldBar } from './held-bar.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { SendDialog } from './send-dialog.tsx';

const againMs = 10_000;
const messages = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;
const isUnderway = ({ status }: Batch): boolean =>
  status === 'executing' || status === 'executed' || status === 'partially_executed' || status === 'failed';

const Buttons = (props: {
  readonly batch: Batch;
  readonly chosen: number;
  /** How many of its texts are on the screen. */
  readonly shown: number;
  readonly busy: boolean;
  readonly onApprove: () => void;
  readonly onExecute: () => void;
  readonly onClosing: (closing: Closing) => void;
  readonly onDrop: () => void;
}) => {
  const { session } = useDesk();
  const { batch, chosen, shown, busy } = props;
  const canApprove = may(session.value, 'batches:approve');
  const about = `${batch.batchId} ${batch.status} ${chosen > 0 ? 'some' : 'all'} ${shown > 0 ? 'shown' : 'unseen'}`;
  if (batch.status === 'pending')
    return (
      <div class="action-bar">
        {chosen > 0 ? (
          <DecidingButton
            key="drop"
            about={about}
            kind="primary"
            icon="cross"
            disabled={!canApprove}
            onClick={props.onDrop}
          >
            Drop {String(chosen)}…
          </DecidingButton>
        ) : (
          <DecidingButton
            key="approve"
            about={about}
            kind="primary"
            icon="seal"
            busy={busy}
            disabled={!canApprove || shown === 0}
            onClick={props.onApprove}
          >
            Approve {messages(batch.actionCount)} · {shortDigest(batch.previewHash)}
          </DecidingButton>
        )}
        <DecidingButton
          key="reject"
          about={about}
          disabled={!canApprove || busy}
          onClick={() => props.onClosing('reject')}
        >
          Reject all…
        </DecidingButton>
        <span class="action-bar-note">
          {shown === 0
            ? 'None of the texts could be shown yet, so they cannot be approved.'
            : `${shown} of ${batch.actionCount} shown`}
        </span>
      </div>
    );
  if (batch.status !== 'approved') return null;
  const harmless = deliveryBanner(batch.deliveryModes);
  return (
    <div class="action-bar">
      <DecidingButton
        key="execute"
        about={about}
        kind="primary"
        icon="right"
        busy={busy}
        disabled={!may(session.value, 'batches:execute')}
        onClick={props.onExecute}
      >
        Start sending {messages(batch.actionCount)}
        {harmless === null ? '' : ` (${harmless.title.toLowerCase()})`}…
      </DecidingButton>
      <DecidingButton
        key="revoke"
        about={about}
        disabled={!canApprove || busy}
        onClick={() => props.onClosing('revoke')}
      >
        Take the approval back…
      </DecidingButton>
    </div>
  );
};

const OpenBatch = (props: {
  readonly batch: Batch;
  readonly onBatch: (batch: Batch) => void;
  readonly onReload: () => Promise<void>;
}) => {
  const desk = useDesk();
  const [, navigate] = useLocation();
  const { batch } = props;
  const [chosen, setChosen] = useState<readonly DraftId[]>([]);
  const [asking, setAsking] = useState<Closing | 'drop' | 'send' | null>(null);
  const [shown, setShown] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const isStopped = batch.status === 'executing' && knownValue(desk.status.state.value)?.halt.active === true;
  const canDrop = batch.status === 'pending' && may(desk.session.value, 'batches:approve');
  const choose = ({ draftId }: PreviewItem, how: 'in' | 'out'): void => {
    const others = chosen.filter((other) => other !== draftId);
    setChosen(how === 'out' ? [...others, draftId] : others);
  };
  const deciding = useRef(false);
  const command = async (run: () => Promise<ApiOutcome<{ batch: Batch }>>): Promise<void> => {
    // Two presses can come before the page is drawn again.
    if (deciding.current) return;
    deciding.current = true;
    setBusy(true);
    setFailure(null);
    const outcome = await run();
    setBusy(false);
    deciding.current = false;
    if (outcome.ok) props.onBatch(outcome.value.batch);
    else {
      setFailure(outcome.failure);
      void props.onReload();
    }
    void desk.status.refresh();
  };
  return (
    <>
      <header class="page-head">
        <div>
          <p class="small">
            <Link href="/batches">All batches</Link>
          </p>
          <h1>{messages(batch.actionCount)}</h1>
          <p class="quiet">
            {motionWords[batch.motion]} ·{' '}
            <span class={`state state-${isStopped ? 'blocked' : batch.status}`}>
              {isStopped ? stoppedWords : batchStateWords[batch.status]}
            </span>
          </p>
          <p>{batchNextSteps[batch.status]}</p>
        </div>
        {isUnderway(batch) ? (
          <Link class="button" href={`/receipts/${batch.batchId}`}>
            See the receipts
          </Link>
        ) : null}
      </header>
      {isUnderway(batch) ? <ProgressPanel batch={batch} onEnd={() => void props.onReload()} /> : null}
      {failure === null ? null : <FailureNote failure={failure} />}
      <HeldBar batch={batch} onBatch={props.onBatch} onReload={props.onReload} />
      <BatchFacts batch={batch} />
      <Buttons
        batch={batch}
        chosen={chosen.length}
        shown={shown}
        busy={busy}
        onApprove={() => void command(() => desk.api.approveBatch(batch.batchId, batch.previewHash))}
        onExecute={() => setAsking('send')}
        onClosing={setAsking}
        onDrop={() => setAsking('drop')}
      />
      <section>
        <h2>Messages</h2>
        {canDrop ? (
          <p class="quiet small">Mark messages to drop them; the others become a new batch.</p>
        ) : null}
        <BatchMessages
          batch={batch}
          chosen={new Set<string>(chosen)}
          onChoose={canDrop ? choose : null}
          onShown={setShown}
        />
      </section>
      <section>
        <h2>Left out: {batch.leftOut.length}</h2>
        <LeftOuts leftOut={batch.leftOut} />
      </section>
      {asking === 'send' && batch.status === 'approved' ? (
        <SendDialog
          batch={batch}
          onClose={() => setAsking(null)}
          onSend={() => {
            setAsking(null);
            void command(() => desk.api.executeBatch(batch.batchId));
          }}
        />
      ) : null}
      {asking === 'drop' ? (
        <DropDialog
          batch={batch}
          draftIds={chosen}
          onClose={() => setAsking(null)}
          onDone={({ batch: closed, replacement }) => {
            setAsking(null);
            setChosen([]);
            props.onBatch(closed);
            void desk.status.refresh();
            if (replacement !== null) navigate(`/batches/${replacement.batchId}`);
          }}
        />
      ) : null}
      {asking === 'reject' || asking === 'revoke' ? (
        <CloseDialog
          batch={batch}
          closing={asking}
          onClose={() => setAsking(null)}
          onDone={(closed) => {
            setAsking(null);
            props.onBatch(closed);
            void desk.status.refresh();
          }}
        />
      ) : null}
    </>
  );
};

/** One batch: what is in it, who was left out, and the decisions about it as a whole. */
export const BatchPreview = ({ batchId }: { readonly batchId: BatchId }) => {
  const { api } = useDesk();
  const query = useLiveQuery(
    `batch-${batchId}`,
    async (signal) => {
      const outcome = await api.batch(batchId, signal);
      return outcome.ok ? { ok: true, value: outcome.value.batch } : outcome;
    },
    againMs,
  );
  return (
    <div class="page">
      <Live query={query} what="the batch">
        {(batch) => <OpenBatch batch={batch} onBatch={query.put} onReload={query.refresh} />}
      </Live>
    </div>
  );
};
