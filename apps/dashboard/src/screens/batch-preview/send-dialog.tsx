import type { Batch } from '@caio/contracts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { modesSentence } from '../../words/delivery-words.ts';
import { instantWords } from '../../words/instant-words.ts';

/** The last question before a batch is sent: how many messages, where they go, and which approval they go under. */
export const SendDialog = (props: {
  readonly batch: Batch;
  readonly onSend: () => void;
  readonly onClose: () => void;
}) => {
  const { actionCount, approvedAt, approvedBy, batchId, deliveryModes, previewHash } = props.batch;
  const messages = `${actionCount} ${actionCount === 1 ? 'message' : 'messages'}`;
  return (
    <Dialog title={`Start sending ${messages}?`} onClose={props.onClose}>
      <p>
        From now on they are handed over one by one, each after a last check of its own. What was handed over
        cannot always be taken back; the Stop at the top ends the rest at any time.
      </p>
      <Facts
        facts={[
          ['Messages', String(actionCount)],
          ['Delivery', modesSentence(deliveryModes)],
          ['Hash', <Digest digest={previewHash} what="preview hash" />],
          ...(approvedBy === null || approvedAt === null
            ? []
            : [['Approved', `${instantWords(approvedAt)} by ${approvedBy}`] as const]),
        ]}
      />
      <div class="dialog-actions">
        <Button onClick={props.onClose}>Not yet</Button>
        <DecidingButton about={batchId} kind="primary" icon="right" onClick={props.onSend}>
          Send {messages} now
        </DecidingButton>
      </div>
    </Dialog>
  );
};
