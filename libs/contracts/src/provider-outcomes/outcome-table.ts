import type { refusedReasons, releasedReasons, unknownReasons } from '../dispatch-reasons.ts';
import type { ProviderName } from '../vocabulary.ts';

/** A send that provably did not happen; it is tried again after the provider's own wish, or this long. */
export interface ReleasedAnswer {
  readonly outcome: 'released';
  readonly code: keyof typeof releasedReasons;
  readonly retryDefaultMs: number;
}

/** What an answer of a provider comes to. Each code is explained in dispatch-reasons.ts. */
export type AnswerMeaning =
  | { readonly outcome: 'refused'; readonly code: keyof typeof refusedReasons }
  | { readonly outcome: 'unknown'; readonly code: keyof typeof unknownReasons }
  | ReleasedAnswer;

/** Statuses `from` to `to`, both included: of HTTP, or the reply codes of SMTP. */
export type OutcomeRule = { readonly from: number; readonly to: number } & AnswerMeaning;

/**
 * One request of a hand-over. The rules are asked in their order and the first that fits holds. A request that
 * carries the message leaves it unknown when it gets no whole answer; one that prepares the way cannot.
 */
export type OutcomePhase = { readonly title: string; readonly rules: readonly OutcomeRule[] } & (
  | {
      readonly carriesMessage: true;
      /** Of a status without a rule. */
      readonly otherwise: Extract<AnswerMeaning, { outcome: 'unknown' }>;
    }
  | {
      readonly carriesMessage: false;
      /** Of a status without a rule, and of no answer, or none that can be read. */
      readonly otherwise: ReleasedAnswer;
    }
);

/** Everything a provider can answer to a hand-over and what it proves about the message. */
export interface OutcomeTable<Phase extends string = string> {
  readonly provider: ProviderName;
  /** As people write the vendor's name. */
  readonly title: string;
  /** Where the facts come from. */
  readonly source: string;
  /** What a reader would not expect, in a sentence or two. */
  readonly remark: string;
  /** The wait after a request of which no byte was written. */
  readonly retrySoonMs: number;
  readonly phases: Readonly<Record<Phase, OutcomePhase>>;
}
