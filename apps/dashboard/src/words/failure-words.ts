import type { ApiFailure } from '../api/api-failure.ts';
import { permissionWords } from './state-words.ts';

export interface FailureWords {
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
  readonly correlationId: string | null;
}

const partWords: Readonly<Record<string, string>> = {
  gatekeeper: 'the gatekeeper, which keeps drafts and batches',
  scheduler: 'the scheduler, which imports leads',
  webhooks: 'the webhooks service, which hears back from providers',
  gateway: 'the gateway',
  redis: 'the store (Redis)',
  store: 'the store (Redis)',
};

const permissionSentence = (permission: string): string => {
  const known: Readonly<Record<string, string>> = permissionWords;
  return `Your sign-in does not allow you to ${known[permission] ?? `do this (${permission})`}.`;
};

/** Says a failure to somebody who does not run the system: what happened, and what to do about it. */
export const failureWords = (failure: ApiFailure): FailureWords => {
  const { correlationId } = failure;
  switch (failure.kind) {
    case 'signed_out':
      return {
        title: 'You are signed out',
        detail: 'Nothing was changed.',
        fix: 'Sign in again.',
        correlationId,
      };
    case 'other_person':
      return {
        title: 'Somebody else is signed in now',
        detail: 'Nothing was done with your press.',
        fix: 'Look again before you decide.',
        correlationId,
      };
    case 'forbidden':
      return {
        title: 'Not allowed for you',
        detail: failure.permission === null ? failure.message : permissionSentence(failure.permission),
        fix:
          failure.permission === null
            ? (failure.fix ?? '')
            : 'Ask whoever gave you access for this permission.',
        correlationId,
      };
    case 'unavailable': {
      const part = failure.part === null ? null : (partWords[failure.part.toLowerCase()] ?? failure.part);
      return {
        title: part === null ? 'A part of the system does not answer' : `No answer from ${part}`,
        detail: failure.message,
        fix: 'Nothing is lost. This page tries again by itself.',
        correlationId,
      };
    }
    case 'offline':
      return {
        title: 'No connection',
        detail: 'The desk could not reach the system.',
        fix: 'Check your network. This page tries again by itself.',
        correlationId,
      };
    case 'silent':
      return {
        title: 'No answer in time',
        detail: 'The system was reached and did not answer.',
        fix: 'Nothing is lost. This page tries again by itself.',
        correlationId,
      };
    case 'too_many':
      return {
        title: 'Too many requests',
        detail: failure.message,
        fix: `Wait ${Math.ceil(failure.retryAfterMs / 1_000)} seconds.`,
        correlationId,
      };
    case 'unreadable':
      return {
        title: 'The answer could not be read',
        detail: `It is not in the agreed form (${failure.place}), so it is not shown.`,
        fix: 'Reload the page; if that does not help, give the reference to whoever runs the system.',
        correlationId,
      };
    case 'aborted':
      return { title: 'Interrupted', detail: 'The request was given up.', fix: '', correlationId };
    case 'missing':
      return { title: 'Not found', detail: failure.message, fix: failure.fix ?? '', correlationId };
    case 'conflict':
      return {
        title: conflictTitle(failure.code),
        detail: failure.message,
        fix: failure.fix ?? '',
        correlationId,
      };
    case 'refused':
      return { title: 'Refused', detail: failure.message, fix: failure.fix ?? '', correlationId };
  }
};

const conflictTitles: Readonly<Record<string, string>> = {
  stale_digest: 'The text changed since you read it',
  hash_mismatch: 'This is not the batch you looked at',
  batch_expired: 'The batch has expired',
  policy_changed: 'The sending rules changed',
  mode_changed: 'The delivery mode changed',
  empty_scope: 'There is nothing to put in a batch',
  halted: 'Everything is stopped',
};

const conflictTitle = (code: string): string => conflictTitles[code] ?? 'Somebody was faster';
