import type { GuardCheck } from './guard-input.ts';

export const checkRejectedFingerprint: GuardCheck = ({ fingerprint, rejectedFingerprints }) =>
  rejectedFingerprints.some((rejected) => rejected.fingerprint === fingerprint)
    ? 'a reviewer has rejected this text for this person'
    : null;

export const checkRejectionCount: GuardCheck = ({ rejectionCount, rejection }) =>
  rejectionCount >= rejection.blockAfter
    ? `${String(rejectionCount)} drafts for this person were rejected within ${String(rejection.memoryDays)} days; ${String(rejection.blockAfter)} end the attempts`
    : null;
