import type { actionComparisonSchema, Receipt } from '@caio/contracts';
import type { z } from 'zod';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ChangesView, DiffView } from '../../parts/diff-view.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Live } from '../../parts/live.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { differencesBeyond } from '../../text/message-differences.ts';
import { receiptReason } from '../../words/reason-words.ts';

const stamp = 'content_mismatch';

type ActionComparison = z.infer<typeof actionComparisonSchema>;

const OtherDifferences = ({ approved, stored }: Pick<ActionComparison, 'approved' | 'stored'>) => {
  const others = differencesBeyond(['subject', 'body', 'footer'], approved.message, stored.message);
  if (others.length === 0) return null;
  return (
    <section>
      <h3>Changed beside the text</h3>
      <ul class="sentences">
        {others.map(({ part, before, after }) => (
          <li>
            <LeadText text={part} />:{' '}
            <del>
              <LeadText text={before ?? 'nothing'} />
            </del>{' '}
            <ins>
              <LeadText text={after ?? 'nothing'} />
            </ins>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Comparison = ({ approved, stored, same, sealHolds }: ActionComparison) => (
  <>
    <div class="in-short">
      <p class="stamp">{stamp}</p>
      <ChangesView before={approved.message} after={stored.message} />
    </div>
    <DiffView
      before={approved.message}
      after={stored.message}
      titles={['What was approved', 'What was about to leave']}
      notes={[
        <Digest digest={approved.contentDigest} what="approved content digest" />,
        <Digest digest={stored.contentDigest} what="found content digest" />,
      ]}
      stamp={stamp}
    />
    <OtherDifferences approved={approved} stored={stored} />
    {same && sealHolds ? (
      <p class="note-line">Both are the same by now: somebody put the approved text back.</p>
    ) : null}
    {sealHolds ? null : (
      <p class="note-line">
        The seal of this message is broken: to whom it goes, how, or what it says was changed in the store.
      </p>
    )}
  </>
);

/** The approved message beside the one that was found in its place, stamped with why it was held back. */
export const MismatchView = (props: { readonly receipt: Receipt; readonly onClose: () => void }) => {
  const { api } = useDesk();
  const { receipt } = props;
  const query = useLiveQuery(
    `comparison-${receipt.actionId}`,
    (signal) => api.comparison(receipt.actionId, signal),
    null,
  );
  const { meaning, next } = receiptReason('content_mismatch');
  return (
    <Dialog title={`Held back: the message to ${receipt.email}`} wide onClose={props.onClose}>
      <p>
        {meaning} <strong>It did not leave.</strong> {next}
      </p>
      <Live query={query} what="both messages" within="panel">
        {(comparison) => <Comparison {...comparison} />}
      </Live>
      <div class="dialog-actions">
        <Button kind="primary" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
};
