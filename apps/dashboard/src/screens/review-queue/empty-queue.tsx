import {
  type DraftStatus,
  draftStatusSchema,
  type NextActor,
  type PipelineRun,
  type QueueStatus,
  rowVerdictSchema,
} from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';
import { rowReason } from '../../words/reason-words.ts';
import { draftStateWords, verdictWords } from '../../words/state-words.ts';

const titles: Readonly<Record<DraftStatus, string>> = {
  pending: 'Nothing waits for your review',
  approved: 'No approved draft waits for a batch',
  batched: 'No draft is in a batch',
  rejected: 'Nothing was rejected',
  parked: 'Nothing is parked',
  expired: 'Nothing expired unread',
  withdrawn: 'Nothing was withdrawn',
};

const Reasons = ({ reasons }: { readonly reasons: Readonly<Record<string, number>> }) => {
  const entries = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (entries.length === 0) return null;
  return (
    <details class="why-not">
      <summary>Why</summary>
      <ul class="sentences small">
        {entries.map(([code, count]) => (
          <li>
            {count}: {rowReason(code)}
          </li>
        ))}
      </ul>
    </details>
  );
};

const LastRun = ({ run }: { readonly run: PipelineRun | null }) => {
  const { clock } = useDesk();
  if (run === null) return <p>No lead file was ever imported here.</p>;
  const counts = rowVerdictSchema.options.map((verdict) => [verdict, run.counts[verdict] ?? 0] as const);
  return (
    <>
      <p>
        <strong>
          <LeadText text={run.fileName} />
        </strong>
        , {agoWords(run.createdAt, clock.value)}, by {run.startedBy}:{' '}
        {run.status === 'done'
          ? `${run.rowsRead} ${run.rowsRead === 1 ? 'row' : 'rows'}`
          : `${run.status}, ${run.rowsDone} of ${run.rowsRead} rows`}
      </p>
      {run.error === null ? null : (
        <p class="note-line">
          <LeadText text={run.error.message} /> {run.error.fix ?? ''}
        </p>
      )}
      <ul class="counts">
        {counts
          .filter(([, count]) => count > 0)
          .map(([verdict, count]) => (
            <li>
              <b>{count}</b>{' '}
              <span>
                {verdictWords[verdict]}
                <Reasons reasons={run.withoutDraft[verdict] ?? {}} />
              </span>
            </li>
          ))}
      </ul>
    </>
  );
};

/** The way to where the next step is done, unless it is this list. */
const NextStep = (props: {
  readonly page: NonNullable<NextActor['page']> | null;
  readonly status: DraftStatus;
  readonly onShow: (status: DraftStatus) => void;
}) => {
  switch (props.page) {
    case null:
      return null;
    case 'review':
    case 'parked': {
      const status = props.page === 'review' ? 'pending' : 'parked';
      return props.status === status ? null : (
        <Button kind="primary" onClick={() => props.onShow(status)}>
          {status === 'pending' ? 'Go to the review' : 'See the parked drafts'}
        </Button>
      );
    }
    case 'batches':
    case 'system':
      return (
        <p>
          <Link class="button button-primary" href={`/${props.page}`}>
            {props.page === 'batches' ? 'Go to the batches' : 'See which messages'}
          </Link>
        </p>
      );
  }
};

/** Nothing waits for review. Says why: where every draft is, what the last import did, who acts next. */
export const EmptyQueue = (props: {
  readonly status: DraftStatus;
  readonly onShow: (status: DraftStatus) => void;
}) => {
  const desk = useDesk();
  const known: QueueStatus | null = knownValue(desk.status.state.value);
  const run = useLiveQuery('last-run', desk.api.lastRun, 30_000);
  const health = useLiveQuery('health', desk.api.health, 30_000);
  const runs = knownValue(run.state.value);
  const parts = knownValue(health.state.value)?.parts ?? [];
  const away = parts.filter(({ ready }) => !ready);
  const next = known?.nextActor;
  return (
    <FullNotice kind="empty" title={titles[props.status]}>
      {next === undefined ? null : <p class="lead">{next.sentence}</p>}
      <NextStep page={next?.page ?? null} {...props} />
      <div class="reasons">
        <section>
          <h3>Where the drafts are</h3>
          {known === null ? (
            <p>Not known at the moment.</p>
          ) : (
            <ul class="counts">
              {draftStatusSchema.options.map((status) => (
                <li>
                  <button type="button" class="count-link" onClick={() => props.onShow(status)}>
                    <b>{known.drafts[status] ?? 0}</b> <span>{draftStateWords[status].toLowerCase()}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          {Object.entries(known?.hidden ?? {}).map(([code, count]) => (
            <p class="small">
              {count} not shown: {rowReason(code)}
            </p>
          ))}
        </section>
        <section>
          <h3>The last lead file</h3>
          {run.state.value.kind === 'failed' ? <FailureNote failure={run.state.value.failure} /> : null}
          {runs === null ? null : <LastRun run={runs.runs[0] ?? null} />}
        </section>
        <section>
          <h3>The system</h3>
          {health.state.value.kind === 'failed' ? <FailureNote failure={health.state.value.failure} /> : null}
          {parts.length > 0 && away.length === 0 ? (
            <p>Every part answers; the list was read just now.</p>
          ) : null}
          {away.map(({ part, message }) => (
            <p class="note-line">
              {part}: {message}
            </p>
          ))}
          {known?.recovering === true ? (
            <p class="note-line">The store came back and is being compared.</p>
          ) : null}
        </section>
      </div>
    </FullNotice>
  );
};
