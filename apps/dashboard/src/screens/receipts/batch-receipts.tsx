import {
  type ActionStatus,
  actionStatusSchema,
  type BatchId,
  type Receipt,
  type receiptListSchema,
} from '@caio/contracts';
import { useId, useRef, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { z } from 'zod';
import type { ApiOutcome } from '../../api/api-client.ts';
import { isFinal } from '../../desk/batch-progress.ts';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { batchStateWords, outcomeWords } from '../../words/state-words.ts';
import { EvidenceDialog } from './evidence-dialog.tsx';
import { MismatchView } from './mismatch-view.tsx';
import { receiptCsv, saveFile } from './receipt-export.ts';
import { ReceiptTable } from './receipt-table.tsx';

const againMs = 5_000;
/** A batch that is done still changes, when a provider mails what it was handed. */
const doneAgainMs = 60_000;
type ReceiptPage = z.infer<typeof receiptListSchema>;

const Receipts = (props: { readonly page: ReceiptPage; readonly onMore: () => void }) => {
  const { batch, receipts, nextCursor } = props.page;
  const id = useId();
  const [outcome, setOutcome] = useState<ActionStatus | 'any'>('any');
  const [shown, setShown] = useState<{
    readonly receipt: Receipt;
    readonly how: 'evidence' | 'mismatch';
  } | null>(null);
  const listed = receipts.filter((receipt) => outcome === 'any' || receipt.outcome === outcome);
  const name = `receipts-${batch.batchId}`;
  return (
    <>
      <div class="toolbar">
        <label for={id}>Outcome</label>
        <select
          id={id}
          value={outcome}
          onChange={(event) => {
            const chosen = actionStatusSchema.safeParse(event.currentTarget.value);
            setOutcome(chosen.success ? chosen.data : 'any');
          }}
        >
          <option value="any">All ({batch.actionCount})</option>
          {actionStatusSchema.options
            .filter((status) => (batch.counts[status] ?? 0) > 0)
            .map((status) => (
              <option value={status}>
                {outcomeWords(status, batch.deliveryModes.email)} ({batch.counts[status]})
              </option>
            ))}
        </select>
        <span class="toolbar-end">
          <Button onClick={() => saveFile(`${name}.csv`, 'text/csv;charset=utf-8', receiptCsv(listed))}>
            Save {String(listed.length)} as CSV
          </Button>
          <Button
            onClick={() =>
              saveFile(`${name}.json`, 'application/json', `${JSON.stringify(listed, null, 2)}\n`)
            }
          >
            as JSON
          </Button>
        </span>
      </div>
      {listed.length === 0 ? (
        <FullNotice kind="filtered" title={`The filter hides all ${receipts.length} receipts`}>
          <Button kind="primary" onClick={() => setOutcome('any')}>
            Show all
          </Button>
        </FullNotice>
      ) : (
        <ReceiptTable
          receipts={listed}
          onEvidence={(receipt) => setShown({ receipt, how: 'evidence' })}
          onMismatch={(receipt) => setShown({ receipt, how: 'mismatch' })}
        />
      )}
      {nextCursor === null ? null : (
        <p>
          The first {receipts.length} of {batch.actionCount} are loaded.{' '}
          <Button onClick={props.onMore}>Load the next</Button>
        </p>
      )}
      {shown?.how === 'evidence' ? (
        <EvidenceDialog receipt={shown.receipt} onClose={() => setShown(null)} />
      ) : null}
      {shown?.how === 'mismatch' ? (
        <MismatchView receipt={shown.receipt} onClose={() => setShown(null)} />
      ) : null}
    </>
  );
};

/** What became of each message of one batch. */
export const BatchReceipts = ({ batchId }: { readonly batchId: BatchId }) => {
  const { api } = useDesk();
  const pages = useRef(1);
  const load = async (signal: AbortSignal): Promise<ApiOutcome<ReceiptPage>> => {
    let outcome = await api.receipts(batchId, null, signal);
    for (let page = 1; page < pages.current && outcome.ok && outcome.value.nextCursor !== null; page += 1) {
      const { receipts } = outcome.value;
      const more = await api.receipts(batchId, outcome.value.nextCursor, signal);
      outcome = more.ok
        ? { ok: true, value: { ...more.value, receipts: [...receipts, ...more.value.receipts] } }
        : more;
    }
    return outcome;
  };
  const query = useLiveQuery(`receipts-${batchId}`, load, ({ batch }) =>
    isFinal(batch.status) ? doneAgainMs : againMs,
  );
  return (
    <div class="page">
      <Live query={query} what="the receipts">
        {(page) => (
          <>
            <header class="page-head">
              <div>
                <p class="small">
                  <Link href="/receipts">All receipts</Link>
                </p>
                <h1>Receipts of {page.batch.actionCount} messages</h1>
                <p class="quiet">
                  {batchStateWords[page.batch.status]}
                  {isFinal(page.batch.status) ? '' : ' · this list follows by itself'}
                </p>
              </div>
              <Link class="button" href={`/batches/${batchId}`}>
                The batch
              </Link>
            </header>
            <Receipts
              page={page}
              onMore={() => {
                pages.current += 1;
                void query.refresh();
              }}
            />
          </>
        )}
      </Live>
    </div>
  );
};
