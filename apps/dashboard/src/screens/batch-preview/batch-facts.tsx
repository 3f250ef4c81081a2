import type { Batch } from '@caio/contracts';
import { useDesk } from '../../desk/desk.ts';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { countdownWords } from '../../words/age-words.ts';
import { modesSentence } from '../../words/delivery-words.ts';
import { instantWords } from '../../words/instant-words.ts';

const rampWords = {
  ramp: 'in force when it was frozen: it keeps these limits',
  graduated: 'ended when it was frozen; its limits hold again if it comes back',
} as const;

/** What an approval of this batch covers, and until when. */
export const BatchFacts = ({ batch }: { readonly batch: Batch }) => {
  const { clock } = useDesk();
  const isOpen = batch.status === 'pending' || batch.status === 'approved';
  const left = countdownWords(batch.expiresAt, clock.value);
  return (
    <section class="panel batch-facts" aria-label="What the batch is">
      <Facts
        facts={[
          ['Hash', <Digest digest={batch.previewHash} what="preview hash" />],
          ...(isOpen
            ? [
                [
                  'Expires',
                  <span class={left === null ? 'age-stale' : ''}>
                    {left === null ? 'expired' : `in ${left}`} ({instantWords(batch.expiresAt)})
                  </span>,
                ] as const,
              ]
            : []),
          ['Delivery', modesSentence(batch.deliveryModes)],
          ['Frozen', `${instantWords(batch.createdAt)} by ${batch.createdBy}`],
          ...(batch.approvedBy === null || batch.approvedAt === null
            ? []
            : [['Approved', `${instantWords(batch.approvedAt)} by ${batch.approvedBy}`] as const]),
          ...(batch.closedBy === null
            ? []
            : [['Closed', `by ${batch.closedBy}: “${batch.closedReason ?? ''}”`] as const]),
          ...(batch.rampStage === undefined || batch.rampStage === 'off'
            ? []
            : [['Ramp', rampWords[batch.rampStage]] as const]),
          ['Policy', batch.policyVersion],
          ['Copy pack', batch.copyPackVersion],
        ]}
      />
    </section>
  );
};
