import type { AffectedMessage, WhatIf } from '@caio/contracts';

const effects: Readonly<Record<AffectedMessage['effect'], string>> = {
  not_approvable: 'waits for review and could not be approved',
  left_out: 'is approved and would be left out of the next batch',
  blocked: 'is in a batch and would be blocked at the last check',
  taken_back: 'lies at its provider and would be taken back',
};

const shownMax = 20;

/** `1 message`, `2 messages`. */
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const countLines = ({ counts }: WhatIf): string[] =>
  (
    [
      [counts.pendingDrafts, 'waiting for review: could not be approved'],
      [counts.approvedDrafts, 'approved: left out of the next batch'],
      [counts.pendingBatchMessages, 'in batches that wait for approval: blocked'],
      [counts.approvedBatchMessages, 'in approved batches: blocked'],
      [counts.executingBatchMessages, 'in batches being sent: blocked'],
      [counts.handedOver, 'at a provider and not mailed: taken back'],
    ] as const
  ).flatMap(([count, words]) => (count === 0 ? [] : [`  ${count} ${words}`]));

/** What a change would do to messages that have not left, in lines. */
export const whatIfLines = ({ counts, ...whatIf }: WhatIf): string[] => {
  if (counts.total === 0) return ['It would block nothing: no message that has not left is to any of them.'];
  const items = whatIf.items.slice(0, shownMax);
  const more = counts.total - items.length;
  return [
    `It would block ${counted(counts.total, 'message')}${counts.batches === 0 ? '' : `, some in ${counts.batches === 1 ? '1 batch' : `${counts.batches} batches`}`}:`,
    ...countLines({ counts, ...whatIf }),
    ...items.map(
      ({ name, company, email, draftId, batchId, effect, because }) =>
        `    ${name}, ${company}${email === null ? '' : ` <${email}>`}: ${draftId}${batchId === null ? '' : ` in ${batchId}`} ${effects[effect]} (${because})`,
    ),
    ...(more > 0 ? [`    … and ${more} more; all of them with --json`] : []),
  ];
};
