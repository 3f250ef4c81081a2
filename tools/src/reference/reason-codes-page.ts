import {
  activationReasons,
  admissionReasons,
  admissionRefusals,
  fileRefusals,
  intakeReasons,
  judgementReasons,
  leftOutReasons,
  type OutcomeReason,
  refusedReasons,
  rejectionTags,
  releasedReasons,
  rowReasons,
  settledReasons,
  suppressionReasonSchema,
  takeBackReasons,
  unknownReasons,
  unknownStandings,
} from '@caio/contracts';
import { guardRules } from '@caio/outreach-core';
import { code, madeFrom, page, table } from './markdown.ts';

const reasons = (entries: Readonly<Record<string, OutcomeReason>>): string =>
  table(
    ['Code', 'What it means', 'What to do'],
    Object.entries(entries).map(([id, { meaning, next }]) => [
      code(id.endsWith('_') ? `${id}…` : id),
      meaning,
      next === '' ? 'Nothing.' : next,
    ]),
  );

const kinds = {
  defer: 'waits',
  deny: 'blocked',
  noop: 'nothing changes',
} as const;

/** docs/reason-codes.md: every short word the system gives for a decision, by the place a person meets it. */
export const describeReasonCodes = (): string =>
  page(
    '# Reason codes',
    madeFrom(
      'libs/contracts/src/outcome-reasons.ts, dispatch-reasons.ts, judgement-reasons.ts and admission.ts',
    ),
    'The short word that stands beside every decision, by the place you meet it. Refusals of the API have codes of their own: [errors.md](errors.md).',
    '## A lead file was refused, or its run failed',
    'The message that comes with the code says where and what to do. Rows that have a verdict were decided; of the others nothing was taken.',
    reasons(fileRefusals),
    '## A row of a lead file',
    'The column `why` of `caio run-pipeline` shows these, the codes of the judgement, of the guards and of the intake.',
    reasons(rowReasons),
    '## The judgement of a lead',
    'Why a lead has its tier, is parked or is disqualified. `{0}` and `{1}` stand for what varies.',
    table(
      ['Code', 'Sentence'],
      judgementReasons.map(({ code: id, sentence }) => [code(id), sentence]),
    ),
    '## The guards',
    `A text that breaks a rule is parked with the rule's id: ${guardRules.map(({ id }) => code(id)).join(', ')}. What each asks: [guards.md](guards.md).`,
    '## The intake of a draft',
    reasons(intakeReasons),
    '## Left out of a batch',
    'Printed by `caio batches freeze` for every approved draft that the freeze did not take.',
    reasons(leftOutReasons),
    '## The last check before a send',
    'In the order asked; the first that holds decides. A blocked action is settled: it is never sent. One that waits keeps its place and is asked again.',
    table(
      ['Code', 'The action', 'What it means', 'What to do'],
      admissionRefusals.map(({ code: id, kind }) => {
        const { meaning, next } = admissionReasons[id];
        return [code(id), kinds[kind], meaning, next === '' ? 'Nothing.' : next];
      }),
    ),
    '## Receipts',
    'The column `why` of `caio receipts`, beside the codes of the last check.',
    '### Refused: it did not happen and is not tried again',
    reasons(refusedReasons),
    '### Released: it did not happen and is tried again',
    reasons(releasedReasons),
    '### Unknown: nobody knows yet',
    'What happens by itself and what you do: [runbooks/unknown-action.md](runbooks/unknown-action.md).',
    reasons(unknownReasons),
    '#### What was found out about one',
    'Shown by `caio reconcile` and by the page of the desk; only the first and the last settle by themselves.',
    reasons(unknownStandings),
    '### Settled afterwards',
    reasons(settledReasons),
    '## Taking a message back',
    reasons(takeBackReasons),
    '## Activating a batch',
    reasons(activationReasons),
    '## Words a person chooses',
    `A rejection carries a tag: ${rejectionTags.map(({ id }) => code(id)).join(', ')}. A suppression carries a reason: ${suppressionReasonSchema.options.map(code).join(', ')}.`,
  );
