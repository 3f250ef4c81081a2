import type { DispatchOutcome, OutcomeRule, OutcomeTable } from '@caio/contracts';

/**
 * Why a call of a provider gave no usable answer. `not_written` proves that no byte left; `lost` means that
 * some may have. `retryAfterMs` is the provider's own wish, null without one. `message` is one line for a
 * person, never an address, never the whole answer.
 */
export type Failure =
  | { readonly kind: 'not_written'; readonly code: 'deadline_passed' | 'connect_failed' | 'no_connection' }
  | { readonly kind: 'lost'; readonly code: 'timeout' | 'connection_lost' | 'answer_too_large' }
  | {
      readonly kind: 'unreadable';
      readonly code: 'answer_not_json' | 'answer_wrong_type' | 'answer_unexpected';
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly message: string;
    };

/** No provider makes us wait longer than this between two tries; a Retry-After of a year is a mistake. */
export const retryAfterMaxMs = 3_600_000;

const ruleOf = (rules: readonly OutcomeRule[], status: number): OutcomeRule | undefined =>
  rules.find(({ from, to }) => status >= from && status <= to);

/**
 * What became of a message when a request of its hand-over failed like this, by the provider's table. A message
 * that was on its way when the answer was lost is `unknown`; before that it is `released`.
 */
export function outcomeOf<Phase extends string>(
  table: OutcomeTable<Phase>,
  phase: NoInfer<Phase>,
  failure: Failure,
): DispatchOutcome {
  const { carriesMessage, rules, otherwise } = table.phases[phase];
  if (failure.kind === 'status') {
    const { status, message, retryAfterMs } = failure;
    const meaning = ruleOf(rules, status) ?? otherwise;
    return meaning.outcome === 'released'
      ? {
          outcome: 'released',
          code: meaning.code,
          retryAfterMs: Math.min(retryAfterMs ?? meaning.retryDefaultMs, retryAfterMaxMs),
        }
      : { outcome: meaning.outcome, code: meaning.code, message };
  }
  if (!carriesMessage) {
    return { outcome: 'released', code: otherwise.code, retryAfterMs: otherwise.retryDefaultMs };
  }
  switch (failure.kind) {
    case 'not_written':
      return { outcome: 'released', code: failure.code, retryAfterMs: table.retrySoonMs };
    case 'lost':
      return {
        outcome: 'unknown',
        code: failure.code,
        message: `The request left and its answer did not arrive; ${table.title} may hold the message.`,
      };
    case 'unreadable':
      return {
        outcome: 'unknown',
        code: failure.code,
        message: `${table.title} answered with success in a form that cannot be read.`,
      };
  }
}

/** One line for a person; never an address, never the provider's whole answer. */
export const describeFailure = (table: Pick<OutcomeTable, 'title'>, failure: Failure): string =>
  failure.kind === 'status' ? failure.message : `${table.title} could not be asked (${failure.code}).`;

/**
 * Milliseconds that a Retry-After header asks for, at most an hour: seconds or an HTTP date (RFC 9110 §10.2.3);
 * null when it is neither or already past.
 */
export function retryAfterMsOf(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.min(Math.ceil(waitMs), retryAfterMaxMs) : null;
}
