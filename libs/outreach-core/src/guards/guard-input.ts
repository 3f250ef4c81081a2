import type { Claim, Lead, Message, Policy } from '@caio/contracts';
import type { CompiledCopyPack } from '../copy-pack/compiled-copy-pack.ts';
import type { Addressee } from '../drafting/addressee.ts';
import type { DraftAnatomy } from './draft-anatomy.ts';
import type { Link } from './link-guards.ts';

/**
 * A draft to judge. `fingerprint` is the shell's SHA-256 of `draftFingerprint(message)`; `rejectedFingerprints`
 * are those of drafts a reviewer rejected for this lead within the policy's memory, `rejectionCount` how many
 * there were. `sentSubjects` are subjects this person already got from us.
 */
export interface GuardInput {
  readonly message: Message;
  readonly claims: readonly Claim[];
  readonly lead: Lead;
  readonly pack: CompiledCopyPack;
  readonly fingerprint: string;
  readonly rejectedFingerprints: readonly { readonly fingerprint: string }[];
  readonly rejectionCount: number;
  readonly rejection: Policy['rejection'];
  readonly sentSubjects?: readonly string[];
}

/** What every rule is given: the draft, and what is read out of it once. */
export interface GuardContext extends GuardInput {
  readonly anatomy: DraftAnatomy;
  readonly addressee: Addressee;
  readonly links: readonly Link[];
}

/** Null when the rule holds, else what is wrong in this draft. */
export type GuardCheck = (context: GuardContext) => string | null;

/** A finding list as one short sentence part. */
export const listed = (findings: readonly string[]): string | null =>
  findings.length === 0
    ? null
    : `${findings.slice(0, 3).join('; ')}${findings.length > 3 ? `; and ${String(findings.length - 3)} more` : ''}`;
