import {
  type Draft,
  type DraftSubmission,
  type GuardResult,
  type IntakeAnswer,
  intakeReasons,
  type Lead,
  type Message,
  type Motion,
  type Route,
} from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import {
  composeMessage,
  draftFingerprint,
  exclusionKeysOf,
  guardDraft,
  identityKeysOf,
  messageBytes,
  readCompanyDomain,
  suppressionKeysOf,
} from '@caio/outreach-core';
import type { DraftStore } from '@caio/state-store';
import type { CompanyRules } from '../company-rules.ts';
import { sha256Hex } from '../digest.ts';
import type { IdSource } from '../ids.ts';
import type { RulesInForce } from '../rules-in-force.ts';

export interface SubmitDraftDependencies {
  readonly drafts: DraftStore;
  readonly rules: RulesInForce;
  readonly company: CompanyRules;
  readonly ids: IdSource;
  readonly pseudonym: (key: string) => string;
  readonly unsubscribeUrlOf: (personKey: string) => string;
}

export interface SubmitDraftRequest {
  readonly submission: DraftSubmission;
  readonly origin: Draft['origin'];
  readonly actor: string;
  readonly correlationId: string;
}

/** A cold first touch may only take a cold route; only people who know us already get the warm one. */
const routeOf = (motion: Motion, channel: DraftSubmission['channel']): Route => {
  if (channel === 'linkedin') return 'cold_linkedin';
  return motion === 'revival' ? 'warm_email' : 'cold_email';
};

/** Rules about who is written to: no edit of the text can keep them, so their answer stays with the draft. */
const recipientRules = ['company_domain_unreadable', 'no_contact_on_record'] as const;
type RecipientRule = (typeof recipientRules)[number];

const brokenRule = (ruleId: RecipientRule): GuardResult => {
  const { meaning, next } = intakeReasons[ruleId];
  return { ruleId, passed: false, message: `${meaning} ${next}` };
};

/** The answers among `guards` that another text cannot change. */
export const lastingGuards = (guards: readonly GuardResult[]): GuardResult[] =>
  guards.filter(({ ruleId, passed }) => !passed && recipientRules.some((rule) => rule === ruleId));

/**
 * The lead with its company's domain as exclusions name domains. A website that cannot be read as one parks the
 * draft: what is not recognised cannot be found on the exclusion list.
 */
const readableLead = (lead: Lead): { readonly lead: Lead; readonly unreadable: RecipientRule[] } => {
  if (lead.companyDomain === null) return { lead, unreadable: [] };
  const read = readCompanyDomain(lead.companyDomain);
  return read.ok
    ? { lead: { ...lead, companyDomain: read.domain }, unreadable: [] }
    : { lead: { ...lead, companyDomain: null }, unreadable: ['company_domain_unreadable'] };
};

/** Whose source keys these are. All runs share theirs, so that a file imported twice adds nothing; agents never meet them. */
const authorOf = (origin: Draft['origin']): readonly string[] =>
  origin.kind === 'agent' ? ['agent', origin.agent] : ['run'];

/** Judges one finished message by every rule, with what was rejected for this person before. */
export const createGuardMessage = (
  deps: Pick<SubmitDraftDependencies, 'drafts' | 'rules' | 'company' | 'pseudonym'>,
) => {
  return async (message: Message, draft: Pick<Draft, 'lead' | 'claims'>): Promise<GuardResult[]> => {
    const { rejection } = deps.rules.policy;
    const rejected = await deps.drafts.rejectedFingerprints(
      deps.pseudonym(message.recipientKey),
      rejection.memoryDays * 86_400_000,
    );
    return guardDraft({
      message,
      claims: draft.claims,
      lead: draft.lead,
      pack: deps.company.pack,
      fingerprint: sha256Hex(draftFingerprint(message)),
      rejectedFingerprints: rejected.map((fingerprint) => ({ fingerprint })),
      rejectionCount: rejected.length,
      rejection,
    });
  };
};

/** Takes a draft from any author: judges the lead, composes the exact message, runs every guard, stores it once. */
export const createSubmitDraft = (deps: SubmitDraftDependencies) => {
  const guardMessage = createGuardMessage(deps);

  return async (request: SubmitDraftRequest): Promise<IntakeAnswer> => {
    const { submission, origin } = request;
    const { motion, channel } = submission;
    const { lead, unreadable } = readableLead(submission.lead);
    const judgement = deps.company.judge(lead, channel);
    const person = { email: lead.email, linkedinUrl: lead.linkedinUrl };
    const personKeys = identityKeysOf(person);
    const firstKey = personKeys[0];
    const composed = composeMessage({
      subject: submission.subject,
      body: submission.body,
      footer: submission.footer,
      sender: submission.sender,
      lead,
      pack: deps.company.pack,
      motion,
      channel,
      route: routeOf(motion, channel),
      unsubscribeUrl: deps.unsubscribeUrlOf(firstKey ?? 'email:nobody@invalid.example'),
    });
    // Without a reachable recipient or a usable sender there is no message to keep, only the answer.
    const message = composed.ok ? composed.message : null;
    const guards = message === null ? [] : await guardMessage(message, { lead, claims: submission.claims });
    const refused = composed.ok
      ? guards.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId)
      : [composed.ruleId];
    // Only people who know us may take the warm way, and nothing here says yet that somebody does.
    const stranger: RecipientRule[] = motion === 'outbound' ? [] : ['no_contact_on_record'];
    const failed = [...unreadable, ...stranger, ...refused];
    const disqualified = judgement.verdict === 'disqualified' || message === null;
    const parked = judgement.verdict === 'parked' || failed.length > 0;
    const bytes = message === null ? '' : messageBytes(message);
    return deps.drafts.accept({
      record: {
        draftId: deps.ids.draft(),
        lead,
        judgement: {
          verdict: judgement.verdict,
          tier: judgement.tier,
          score: judgement.score,
          reasons: judgement.reasons,
        },
        claims: submission.claims,
        guards: [...guards, ...[...unreadable, ...stranger].map(brokenRule)],
        templateId: submission.templateId,
        copyPackVersion: deps.rules.copyPackVersion,
        policyVersion: deps.rules.policyVersion,
        origin,
        sourceKey: submission.sourceKey,
        correlationId: request.correlationId,
      },
      motion,
      outcome: disqualified ? 'disqualified' : parked ? 'parked' : 'accepted',
      reasons: [...judgement.reasons, ...failed],
      bytes,
      contentDigest: sha256Hex(bytes),
      submissionDigest: sha256Hex(canonicalJson(submission)),
      sourceDigest: sha256Hex(canonicalJson([...authorOf(origin), submission.sourceKey])),
      personKeys,
      suppressionPseudonyms: suppressionKeysOf(person).map(deps.pseudonym),
      exclusionKeys: exclusionKeysOf({ ...person, companyDomain: lead.companyDomain }),
      pseudonym: deps.pseudonym(firstKey ?? 'email:nobody@invalid.example'),
      runField: origin.kind === 'run' ? { runId: origin.runId, field: String(origin.line) } : null,
      actor: request.actor,
    });
  };
};

export type SubmitDraft = ReturnType<typeof createSubmitDraft>;
