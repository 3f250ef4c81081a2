import type { Receipt } from '@caio/contracts';
import { csvFile } from '../../text/table-export.ts';

const header = [
  'email',
  'outcome',
  'reason',
  'mode',
  'provider',
  'provider_message_id',
  'content_digest',
  'tier',
  'attempts',
  'settled_at',
  'action_id',
  'draft_id',
  'batch_id',
] as const;

/** The receipts as a CSV file, outcomes and reasons as their stored words. */
export const receiptCsv = (receipts: readonly Receipt[]): string =>
  csvFile(
    header,
    receipts.map((receipt) => [
      receipt.email,
      receipt.outcome,
      receipt.reason,
      receipt.mode,
      receipt.provider,
      receipt.providerMessageId,
      receipt.contentDigest,
      receipt.tier,
      receipt.attempts,
      receipt.settledAt,
      receipt.actionId,
      receipt.draftId,
      receipt.batchId,
    ]),
  );

/** Hands a file made in the page to the browser's downloads. */
export const saveFile = (name: string, type: string, content: string): void => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
};
