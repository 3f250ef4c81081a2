import type { AffectedMessage, WhatIf } from '@caio/contracts';

const effects: Readonly<Record<AffectedMessage['effect'], string>> = {
  not_approvable: 'waits for review and could not be approved',
  left_out: 'is approved and would be left out of the next batch',
  blocked: 'is in a batch and would be blocked at the last check',
  taken_back: 'lies at its provider and would be taken back',
};

const shownMax = 20;

const countLines = ({ counts }: WhatIf): string[] =>
  (
    [
      [counts.pendingDrafts, 'drafts that wait for review could not be approved'],
      [counts.approvedDrafts, 'approved drafts would be left out of the next batch'],
      [counts.pendingBatchMessages, 'messages in batches that wait for approval would be blocked'],
      [counts.approvedBatchMessages, 'messages in approved batches would be blocked'],
      [counts.executingBatchMessages, 'messages of batches being sent would be blocked'],
      [counts.handedOver, 'messages that lie at a provider would be taken back'],
    ] as const
  ).flatMap(([count, words]) => (count === 0 ? [] : [`  ${count} ${words}`]));

/** What a change would do to messages that have not left, in lines. */
export const whatIfLines = (whatIf: WhatIf): string[] =>
  whatIf.counts.total === 0
    ? ['It would block nothing: no message that has not left is to any of them.']
    : [
        `It would block ${whatIf.counts.total} messages, in ${whatIf.counts.batches} batches and outside of any:`,
        ...countLines(whatIf),
        ...whatIf.items
          .slice(0, shownMax)
          .map(
            ({ name, company, email, draftId, batchId, effect, because }) =>
              `    ${name}, ${company}${email === null ? '' : ` <${email}>`}: ${draftId}${batchId === null ? '' : ` in ${batchId}`} ${effects[effect]} (${because})`,
          ),
        ...(whatIf.counts.total > Math.min(shownMax, whatIf.items.length)
          ? [
              `    … and ${whatIf.counts.total - Math.min(shownMax, whatIf.items.length)} more; all of them with --json`,
            ]
          : []),
      ];
