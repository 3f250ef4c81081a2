import type { ActionId } from '@caio/contracts';

/** The exact thing that would have left, kept so that a person can look at it. */
export interface Evidence {
  /** `message/rfc822` for an e-mail, `application/json` for a channel without a mail format. */
  readonly contentType: string;
  readonly content: string;
  readonly contentDigest: string;
  readonly attemptId: string;
  /** ISO instant. */
  readonly savedAt: string;
}

/** Where log-only delivery puts what it did not send. */
export interface EvidenceStore {
  /** Write-once per action: `present` means that an earlier one stays and this one was not stored. */
  save(actionId: ActionId, evidence: Evidence): Promise<'saved' | 'present'>;
  read(actionId: ActionId): Promise<Evidence | null>;
}
