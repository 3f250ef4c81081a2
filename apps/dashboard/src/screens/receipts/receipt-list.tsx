import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { FullNotice } from '../../parts/full-notice.tsx';
import { Live } from '../../parts/live.tsx';
import { BatchRows } from '../batch-list/batch-rows.tsx';

const againMs = 10_000;

/** The batches that were executed, each with a receipt for every message. */
export const ReceiptList = () => {
  const { api } = useDesk();
  const query = useLiveQuery('executed-batches', api.batches, againMs);
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Receipts</h1>
          <p class="quiet">What became of every message, as it is stored.</p>
        </div>
      </header>
      <Live query={query} what="the executed batches">
        {({ batches }) => {
          const executed = batches.filter(({ executionId }) => executionId !== null);
          return executed.length === 0 ? (
            <FullNotice kind="empty" title="Nothing was ever sent from here">
              <p>Receipts appear as soon as the sending of an approved batch starts.</p>
            </FullNotice>
          ) : (
            <BatchRows batches={executed} href={({ batchId }) => `/receipts/${batchId}`} />
          );
        }}
      </Live>
    </div>
  );
};
