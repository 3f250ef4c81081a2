import type { Batch, RecallAnswer } from '@caio/contracts';
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../../api/api-failure.ts';
import { useDesk } from '../../desk/desk.ts';
import { may } from '../../desk/session.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { instantWords } from '../../words/instant-words.ts';

const messages = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;

/** How many messages of a batch a provider holds; a log holds nothing for anybody. */
const heldOf = (batch: Batch): number =>
  Object.values(batch.deliveryModes).every((mode) => mode === 'log-only')
    ? 0
    : (batch.counts['handed_over'] ?? 0);

const activationWords = ({ activation }: Batch): string | null => {
  if (activation === null || activation === undefined) return null;
  const by = `by ${activation.by}, ${instantWords(activation.at)}`;
  const words = {
    active: 'The provider mails them by itself',
    activating: 'The provider is being told to mail them',
    paused: 'Paused at the provider: nothing is mailed until it is activated again',
  };
  return `${words[activation.state]} (${by}).`;
};

const ActivateDialog = (props: {
  readonly batch: Batch;
  readonly onDone: (batch: Batch) => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const count = heldOf(props.batch);
  const activate = async (): Promise<void> => {
    setBusy(true);
    const outcome = await api.activateBatch(props.batch.batchId);
    setBusy(false);
    if (outcome.ok) props.onDone(outcome.value.batch);
    else setFailure(outcome.failure);
  };
  return (
    <Dialog title={`Have the provider mail ${messages(count)}?`} onClose={props.onClose}>
      <p>
        Each is read back first. If one is not as approved, or may not be mailed any more, none is mailed.
        What the provider has mailed cannot be taken back.
      </p>
      {failure === null ? null : <FailureNote failure={failure} />}
      <div class="dialog-actions">
        <Button onClick={props.onClose}>Not yet</Button>
        <DecidingButton
          about={props.batch.batchId}
          kind="primary"
          icon="right"
          busy={busy}
          onClick={() => void activate()}
        >
          Mail {messages(count)} now
        </DecidingButton>
      </div>
    </Dialog>
  );
};

const RecallDialog = (props: {
  readonly batch: Batch;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const { api } = useDesk();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [answer, setAnswer] = useState<RecallAnswer | null>(null);
  const recall = async (reason: string): Promise<void> => {
    setBusy(true);
    const outcome = await api.recall(props.batch.batchId, reason);
    setBusy(false);
    if (!outcome.ok) return setFailure(outcome.failure);
    setAnswer(outcome.value);
    props.onDone();
  };
  if (answer !== null)
    return (
      <Dialog title="Recalled" onClose={props.onClose}>
        <p>{answer.done}</p>
        {answer.alreadyLeft.length === 0 ? null : (
          <>
            <h3>Had already left</h3>
            <ul class="sentences">
              {answer.alreadyLeft.map(({ actionId, email, at }) => (
                <li key={actionId}>
                  {email}
                  {at === null ? '' : `, ${instantWords(at)}`}
                </li>
              ))}
            </ul>
          </>
        )}
        <div class="dialog-actions">
          <Button kind="primary" onClick={props.onClose}>
            Close
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="Recall the batch?" onClose={props.onClose}>
      <p>
        What is not handed over yet never will be, and what a provider holds is taken back. What has left, has
        left; it is listed afterwards.
      </p>
      <ReasonForm
        question="Why?"
        lengthMin={3}
        lengthMax={500}
        confirm="Recall the batch"
        failure={failure}
        busy={busy}
        onConfirm={(reason) => void recall(reason)}
        onCancel={props.onClose}
      />
    </Dialog>
  );
};

/** What can be done about a batch whose messages a provider holds, or that is still being sent. */
export const HeldBar = (props: {
  readonly batch: Batch;
  readonly onBatch: (batch: Batch) => void;
  readonly onReload: () => Promise<void>;
}) => {
  const { session } = useDesk();
  const { batch } = props;
  const [asking, setAsking] = useState<'activate' | 'recall' | null>(null);
  const held = heldOf(batch);
  const isDone = batch.status === 'executed' || batch.status === 'partially_executed';
  const isRecalled = batch.recalled !== null && batch.recalled !== undefined;
  if (batch.status !== 'executing' && held === 0 && asking === null) return null;
  const words = activationWords(batch);
  return (
    <>
      {words === null ? null : <p class="note-line">{words}</p>}
      {isRecalled ? (
        <p class="note-line">
          Recalled by {batch.recalled?.by}: {batch.recalled?.reason}
        </p>
      ) : (
        <div class="action-bar">
          {isDone && held > 0 && batch.activation?.state !== 'active' ? (
            <DecidingButton
              key="activate"
              about={`${batch.batchId} ${batch.activation?.state ?? 'held'}`}
              kind="primary"
              icon="right"
              disabled={!may(session.value, 'batches:activate')}
              onClick={() => setAsking('activate')}
            >
              Have the provider mail {messages(held)}…
            </DecidingButton>
          ) : null}
          <DecidingButton
            key="recall"
            about={batch.batchId}
            disabled={!may(session.value, 'batches:execute')}
            onClick={() => setAsking('recall')}
          >
            Recall…
          </DecidingButton>
        </div>
      )}
      {asking === 'activate' ? (
        <ActivateDialog
          batch={batch}
          onClose={() => setAsking(null)}
          onDone={(active) => {
            setAsking(null);
            props.onBatch(active);
          }}
        />
      ) : null}
      {asking === 'recall' ? (
        <RecallDialog batch={batch} onClose={() => setAsking(null)} onDone={() => void props.onReload()} />
      ) : null}
    </>
  );
};
