import type { GuardResult } from '@caio/contracts';
import { addresseeOf } from '../drafting/addressee.ts';
import { anatomyOf } from './draft-anatomy.ts';
import { checkClaims, checkEvidence } from './evidence-guards.ts';
import {
  checkPostalAddress,
  checkSingleFooter,
  checkStopLine,
  checkUnsubscribeLink,
} from './footer-guards.ts';
import type { GuardCheck, GuardInput } from './guard-input.ts';
import { guardRules } from './guard-rules.ts';
import type { GuardRuleId } from './guard-rules.ts';
import { checkLinks, checkShorteners, linksOf } from './link-guards.ts';
import { checkIndustry, checkRecipient } from './recipient-guards.ts';
import { checkRejectedFingerprint, checkRejectionCount } from './rejection-guards.ts';
import { checkSender, checkSignature } from './sender-guards.ts';
import {
  checkReplyPrefix,
  checkSubjectCapitals,
  checkSubjectExclamation,
  checkSubjectLength,
} from './subject-guards.ts';
import {
  checkChannelForm,
  checkDisguisedLetters,
  checkEmptyText,
  checkEncodedHeaderText,
  checkHiddenCharacters,
  checkMarkup,
  checkPlaceholders,
} from './text-guards.ts';
import {
  checkBannedPhrases,
  checkBodyLength,
  checkCallToAction,
  checkFillerDensity,
  checkOpener,
} from './wording-guards.ts';

const checks = {
  empty_text: checkEmptyText,
  channel_form: checkChannelForm,
  unrendered_placeholder: checkPlaceholders,
  hidden_characters: checkHiddenCharacters,
  disguised_letters: checkDisguisedLetters,
  encoded_header_text: checkEncodedHeaderText,
  markup_in_text: checkMarkup,
  banned_opener: checkOpener,
  banned_phrase: checkBannedPhrases,
  filler_density: checkFillerDensity,
  body_length: checkBodyLength,
  call_to_action: checkCallToAction,
  subject_all_caps: checkSubjectCapitals,
  subject_too_long: checkSubjectLength,
  subject_exclamation: checkSubjectExclamation,
  fake_reply_subject: checkReplyPrefix,
  unsubscribe_link_missing: checkUnsubscribeLink,
  postal_address_missing: checkPostalAddress,
  two_footers: checkSingleFooter,
  legacy_stop_line: checkStopLine,
  wrong_sender: checkSender,
  signature_missing: checkSignature,
  recipient_mismatch: checkRecipient,
  industry_mismatch: checkIndustry,
  unsupported_claim: checkClaims,
  missing_evidence: checkEvidence,
  link_shortener: checkShorteners,
  link_not_allowed: checkLinks,
  rejected_fingerprint: checkRejectedFingerprint,
  rejected_too_often: checkRejectionCount,
} as const satisfies Record<Exclude<GuardRuleId, 'no_template' | 'recipient_unreachable'>, GuardCheck>;

const isJudged = (id: GuardRuleId): id is keyof typeof checks => id in checks;

const messageCharactersMax = 500;

const failure = (finding: string, change: string): string => {
  const start = `${finding.slice(0, 1).toUpperCase()}${finding.slice(1)}`;
  const room = messageCharactersMax - change.length - 2;
  return `${start.length > room ? `${start.slice(0, room - 1)}…` : start}. ${change}`;
};

/**
 * Judges a draft, whoever wrote it, by every rule of `guardRules` that applies to a message; nothing stops at
 * the first breach, so an author sees all there is to change. A draft with any `passed: false` is parked.
 */
export const guardDraft = (input: GuardInput): GuardResult[] => {
  const context = {
    ...input,
    anatomy: anatomyOf(input.message.body),
    addressee: addresseeOf(input.lead, input.pack),
    links: linksOf(input.message),
  };
  return guardRules.flatMap(({ id, title, change }): GuardResult[] => {
    if (!isJudged(id)) return [];
    const finding = checks[id](context);
    return [
      {
        ruleId: id,
        passed: finding === null,
        message: finding === null ? `${title}.` : failure(finding, change),
      },
    ];
  });
};

/** The ids of the rules a draft breaks, in table order. */
export const failedRules = (results: readonly GuardResult[]): readonly string[] =>
  results.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId);
