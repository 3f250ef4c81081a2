import type { Claim, Lead, Motion, Sender, Tier } from '@caio/contracts';

/** A fact about the lead that somebody found and can show: `kind` is what a template asks for, e.g. `hiring`. */
export interface Evidence {
  readonly kind: string;
  readonly text: string;
  readonly url: string;
}

/**
 * What a draft is asked for. `tier` is null for a lead without one. `takenTemplateIds` are the templates that
 * colleagues at the same company have already got; another is chosen while one fits. `sender` is the pack's
 * default when left out.
 */
export interface DraftRequest {
  readonly lead: Lead;
  readonly tier: Tier | null;
  readonly motion: Motion;
  readonly step: number;
  readonly sender?: Sender;
  readonly evidence: readonly Evidence[];
  readonly takenTemplateIds: readonly string[];
}

export interface DraftText {
  readonly ok: true;
  readonly subject: string;
  readonly body: string;
  readonly claims: Claim[];
  readonly templateId: string | null;
}

/** No text could be written; `ruleId` is one of `guardRules`, so the lead is parked with it. */
export interface NoDraft {
  readonly ok: false;
  readonly ruleId: 'no_template' | 'unrendered_placeholder';
  readonly message: string;
  /** The lead fields that every fitting text needs and this lead does not have. */
  readonly missing: readonly string[];
}

/** Anything that writes texts: a copy pack, a language model, a person's tool. */
export interface Drafter {
  readonly name: string;
  draft(request: DraftRequest): Promise<DraftText | NoDraft>;
}
