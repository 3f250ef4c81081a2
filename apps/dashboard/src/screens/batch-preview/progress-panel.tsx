import { actionStatusSchema, type Batch, type BatchProgress } from '@caio/contracts';
import { useEffect, useMemo } from 'preact/hooks';
import { followBatch, isFinal } from '../../desk/batch-progress.ts';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { instantWords } from '../../words/instant-words.ts';
import { receiptReason } from '../../words/reason-words.ts';
import { batchStateWords, outcomeWords, stoppedWords } from '../../words/state-words.ts';

const handedOverOf = (counts: Readonly<Record<string, number>>): number =>
  (counts['handed_over'] ?? 0) + (counts['left'] ?? 0);

const progressOf = (batch: Batch, updatedAt: string): BatchProgress => ({
  status: batch.status,
  counts: batch.counts,
  handedOver: handedOverOf(batch.counts),
  total: batch.actionCount,
  updatedAt,
});

const Counts = ({ batch, progress }: { readonly batch: Batch; readonly progress: BatchProgress }) => {
  const { status } = useDesk();
  const isStopped = progress.status === 'executing' && knownValue(status.state.value)?.halt.active === true;
  return (
    <>
      <p class="progress-words">
        <strong>
          {progress.handedOver} of {progress.total}
        </strong>{' '}
        handed over · {isStopped ? stoppedWords : batchStateWords[progress.status]}
      </p>
      <progress max={progress.total} value={progress.handedOver} aria-label="Messages handed over" />
      <ul class="counts counts-line">
        {actionStatusSchema.options
          .filter((status) => (progress.counts[status] ?? 0) > 0)
          .map((status) => (
            <li>
              <b>{progress.counts[status]}</b> {outcomeWords(status, batch.deliveryModes.email).toLowerCase()}
            </li>
          ))}
      </ul>
    </>
  );
};

/** Why messages that wait their turn are not sent at once; over all batches, since the caps are shared. */
export const Waiting = () => {
  const { status } = useDesk();
  const queued = knownValue(status.state.value)?.queued ?? [];
  const deferred = queued.filter(({ reason }) => reason !== null);
  if (deferred.length === 0) return null;
  return (
    <ul class="sentences">
      {deferred.map(({ reason, count, nextAt }) => (
        <li>
          <b>{count}</b> put off: {receiptReason(reason ?? '').meaning} Next at {instantWords(nextAt)}.
        </li>
      ))}
    </ul>
  );
};

const Following = ({ batch, onEnd }: { readonly batch: Batch; readonly onEnd: () => void }) => {
  const { api, timers } = useDesk();
  const following = useMemo(
    () =>
      followBatch(batch.batchId, {
        open: (address) => new EventSource(address),
        poll: async () => {
          const outcome = await api.batch(batch.batchId);
          return outcome.ok ? progressOf(outcome.value.batch, new Date(timers.now()).toISOString()) : null;
        },
        every: (ms, then) => {
          const timer = window.setInterval(then, ms);
          return () => window.clearInterval(timer);
        },
        onEnd,
      }),
    [batch.batchId],
  );
  useEffect(() => following.stop, [following]);
  const { via, progress, trouble } = following.state.value;
  return (
    <>
      <Counts batch={batch} progress={progress ?? progressOf(batch, batch.createdAt)} />
      {trouble === null ? null : <p class="note-line">{trouble}</p>}
      <Waiting />
      <p class="small quiet" role="status">
        {via === 'events' ? 'Live.' : via === 'polling' ? 'Asked again every two seconds.' : 'Connecting…'}
      </p>
    </>
  );
};

/** How far the sending is; live while it runs. */
export const ProgressPanel = ({ batch, onEnd }: { readonly batch: Batch; readonly onEnd: () => void }) => (
  <section class="panel progress" aria-label="Progress">
    {isFinal(batch.status) ? (
      <Counts batch={batch} progress={progressOf(batch, batch.createdAt)} />
    ) : (
      <Following batch={batch} onEnd={onEnd} />
    )}
  </section>
);
