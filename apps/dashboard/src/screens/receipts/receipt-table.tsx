import type { Receipt } from '@caio/contracts';
import { Link } from 'wouter-preact';
import { useDesk } from '../../desk/desk.ts';
import { Button } from '../../parts/button.tsx';
import { Digest } from '../../parts/digest.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { agoWords } from '../../words/age-words.ts';
import { instantWords } from '../../words/instant-words.ts';
import { receiptReason } from '../../words/reason-words.ts';
import { outcomeWords } from '../../words/state-words.ts';

export interface ReceiptActions {
  readonly onEvidence: (receipt: Receipt) => void;
  readonly onMismatch: (receipt: Receipt) => void;
}

const Reason = ({ receipt }: { readonly receipt: Receipt }) => {
  if (receipt.reason === null) return null;
  const { meaning, next } = receiptReason(receipt.reason);
  return (
    <span class="small receipt-why">
      {meaning} {next}{' '}
      {receipt.deferredUntil === null ? '' : `Tried again ${instantWords(receipt.deferredUntil)}.`}
    </span>
  );
};

/** That a held message has to come back and has not yet, or came too late; and how it is known that it left. */
const HeldState = ({ receipt }: { readonly receipt: Receipt }) => {
  const { clock } = useDesk();
  const { takeBack, mailed } = receipt;
  return (
    <>
      {takeBack?.state === 'open' ? (
        <span class="small receipt-why">
          Being taken back, asked for {agoWords(takeBack.since, clock.value)} by {takeBack.by}:{' '}
          {receiptReason(takeBack.reason).meaning}{' '}
          {takeBack.answer === null ? '' : `Last answer: ${receiptReason(takeBack.answer).meaning}`}
        </span>
      ) : null}
      {mailed === null || mailed === undefined ? null : <span class="small receipt-why">{mailed.proof}</span>}
    </>
  );
};

const Row = ({ receipt, onEvidence, onMismatch }: { readonly receipt: Receipt } & ReceiptActions) => {
  const { clock } = useDesk();
  const isKept =
    receipt.mode === 'log-only' && (receipt.outcome === 'handed_over' || receipt.outcome === 'left');
  return (
    <tr>
      <th scope="row">
        <Link href={`/review/${receipt.draftId}`}>
          <LeadText text={receipt.email} />
        </Link>
      </th>
      <td data-label="Outcome">
        <span class={`state state-${receipt.outcome}`}>{outcomeWords(receipt.outcome, receipt.mode)}</span>
        <Reason receipt={receipt} />
        <HeldState receipt={receipt} />
        {receipt.reason === 'content_mismatch' ? (
          <Button onClick={() => onMismatch(receipt)}>Compare the two</Button>
        ) : null}
      </td>
      <td data-label="When">
        {receipt.settledAt === null ? (
          '–'
        ) : (
          <span title={instantWords(receipt.settledAt)}>{agoWords(receipt.settledAt, clock.value)}</span>
        )}
      </td>
      <td data-label="At the provider">
        {receipt.providerMessageId === null ? (
          '–'
        ) : (
          <span class="provider-id">
            <span class="small quiet">{receipt.provider}</span>
            <code class="wrap">{receipt.providerMessageId}</code>
          </span>
        )}
        {isKept ? (
          <Button kind="quiet" onClick={() => onEvidence(receipt)}>
            See it
          </Button>
        ) : null}
      </td>
      <td data-label="Content">
        <Digest digest={receipt.contentDigest} what="content digest" />
      </td>
    </tr>
  );
};

export const ReceiptTable = (props: { readonly receipts: readonly Receipt[] } & ReceiptActions) => (
  <table class="receipts">
    <thead>
      <tr>
        <th scope="col">To</th>
        <th scope="col">Outcome</th>
        <th scope="col">When</th>
        <th scope="col">At the provider</th>
        <th scope="col">Content</th>
      </tr>
    </thead>
    <tbody>
      {props.receipts.map((receipt) => (
        <Row key={receipt.actionId} {...props} receipt={receipt} />
      ))}
    </tbody>
  </table>
);
