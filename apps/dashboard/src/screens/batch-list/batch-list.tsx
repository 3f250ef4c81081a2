import type { Batch } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { knownValue } from '../../desk/known-value.ts';
import { may } from '../../desk/session.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { BatchRows } from './batch-rows.tsx';

const againMs = 10_000;
const isOpen = ({ status }: Batch): boolean =>
  status === 'pending' || status === 'approved' || status === 'executing';

const Section = (props: { readonly title: string; readonly batches: readonly Batch[] }) =>
  props.batches.length === 0 ? null : (
    <section>
      <h2>{props.title}</h2>
      <BatchRows batches={props.batches} href={({ batchId }) => `/batches/${batchId}`} />
    </section>
  );

/** Every batch: those that wait for somebody first. */
export const BatchList = () => {
  const desk = useDesk();
  const query = useLiveQuery('batches', desk.api.batches, againMs);
  const status = knownValue(desk.status.state.value);
  const approved = status?.drafts['approved'] ?? 0;
  const canFreeze = may(desk.session.value, 'batches:freeze');
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Batches</h1>
          <p class="quiet">
            {status === null
              ? 'Whether approved drafts wait for a batch is not known yet.'
              : approved === 0
                ? 'No approved draft waits for a batch.'
                : `${approved} approved ${approved === 1 ? 'draft waits' : 'drafts wait'} for a batch.`}
          </p>
        </div>
        {canFreeze ? (
          <Link class={approved === 0 ? 'button' : 'button button-primary'} href="/batches/new">
            New batch…
          </Link>
        ) : null}
      </header>
      <Live query={query} what="the batches">
        {({ batches }) =>
          batches.length === 0 ? (
            <FullNotice kind="empty" title="No batch was ever frozen">
              <p>
                Approve drafts in the review; then an operator freezes them into a batch, which is approved as
                a whole.
              </p>
              <p>
                <Link class="button" href="/">
                  Go to the review
                </Link>
              </p>
            </FullNotice>
          ) : (
            <>
              <Section title="Open" batches={batches.filter(isOpen)} />
              <Section title="Closed" batches={batches.filter((batch) => !isOpen(batch))} />
            </>
          )
        }
      </Live>
    </div>
  );
};
