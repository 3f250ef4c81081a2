import {
  type AnswerMeaning,
  type OutcomePhase,
  type OutcomeTable,
  providerOutcomes,
  refusedReasons,
  releasedReasons,
  unknownReasons,
} from '@caio/contracts';
import { code, madeFrom, page, table } from './markdown.ts';

const reasons = { ...refusedReasons, ...releasedReasons, ...unknownReasons };

const becomes = {
  refused: 'refused: it did not happen and is not tried again',
  released: 'released: it did not happen and is tried again',
  unknown: 'unknown: it may have happened and is looked for',
} as const;

const waitOf = (meaning: AnswerMeaning): string =>
  meaning.outcome === 'released' ? `${meaning.retryDefaultMs / 1_000} s` : '';

const row = (answer: string, meaning: AnswerMeaning): string[] => [
  answer,
  becomes[meaning.outcome],
  code(meaning.code),
  reasons[meaning.code].meaning,
  waitOf(meaning),
];

const statusesOf = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  from === to ? String(from) : `${from}–${to}`;

const withoutAnswer = (
  phase: OutcomePhase,
  retrySoonMs: number,
): readonly (readonly [string, AnswerMeaning])[] => {
  if (!phase.carriesMessage) return [['anything else, or no answer that can be read', phase.otherwise]];
  const unwritten = (id: 'connect_failed' | 'deadline_passed' | 'no_connection'): AnswerMeaning => ({
    outcome: 'released',
    code: id,
    retryDefaultMs: retrySoonMs,
  });
  const asked = (id: keyof typeof unknownReasons): AnswerMeaning => ({ outcome: 'unknown', code: id });
  return [
    ['any other status', phase.otherwise],
    ['no connection could be made', unwritten('connect_failed')],
    ['no connection became free', unwritten('no_connection')],
    ['the time ran out before the first byte', unwritten('deadline_passed')],
    ['silence after the request left', asked('timeout')],
    ['the connection broke after the request left', asked('connection_lost')],
    ['an answer that never ends', asked('answer_too_large')],
    ['success that is not what it says it is', asked('answer_wrong_type')],
    ['success that is broken', asked('answer_not_json')],
    ['success of another shape than documented', asked('answer_unexpected')],
  ];
};

const describePhase = (phase: OutcomePhase, retrySoonMs: number): string[] => [
  `### ${phase.title}`,
  phase.carriesMessage
    ? 'This request carries the message.'
    : 'This request carries nothing of the message, so nothing of it can be unknown.',
  table(
    ['Answer', 'The message', 'Code', 'What it means', 'Waits, unless told otherwise'],
    [
      ...phase.rules.map((rule) => row(statusesOf(rule), rule)),
      ...withoutAnswer(phase, retrySoonMs).map(([answer, meaning]) => row(answer, meaning)),
    ],
  ),
];

const describeProvider = (outcomes: OutcomeTable): string[] => [
  `## ${outcomes.title}`,
  `${outcomes.remark} Source: ${outcomes.source}.`,
  ...Object.values(outcomes.phases).flatMap((phase) => describePhase(phase, outcomes.retrySoonMs)),
];

/** docs/provider-outcomes.md: what each answer of each provider proves about a message. */
export const describeProviderOutcomes = (): string =>
  page(
    '# What the answers of the providers come to',
    madeFrom('libs/contracts/src/provider-outcomes'),
    'A hand-over is one or more requests to a provider. Each answer is looked up here, from the top; the first row that fits holds. What is released waits as long as the provider asks for (at most an hour), or as the last column says, and longer from try to try; what is unknown is never sent again on a guess.',
    ...providerOutcomes.flatMap(describeProvider),
  );
