import type { HandOver } from '@caio/test-kit';
import type { ApprovedDraft } from './people.ts';
import type { LivedLife } from './member.ts';

/** Stands for a message of another channel that holds a person. */
export const elsewhere = 'act_on-another-channel';

/** An action as the store holds it at the end. */
export interface LedgerAction {
  readonly actionId: string;
  readonly draftId: string;
  readonly batchId: string;
  readonly status: string;
  readonly reason: string;
  readonly attempts: number;
  readonly owner: string;
  readonly admittedAtMs: number;
  /** Names of the counters it took a place of and still holds. */
  readonly reserved: readonly string[];
}

export interface LedgerBatch {
  readonly batchId: string;
  readonly status: string;
  /** Actions by status as the batch counts them. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface AuditRow {
  readonly id: string;
  readonly atMs: number;
  readonly kind: string;
  readonly ref: string;
  readonly batch: string;
  readonly from: string;
  readonly to: string;
  readonly code: string;
  readonly cid: string;
}

/** What of the provider's log is compared. */
type HandedOver = Pick<HandOver, 'at' | 'email' | 'subject' | 'body' | 'actionId' | 'contentDigest'>;

/** From `fromMs` to `toMs` nothing may be admitted: for these people, or for anybody when there are none named. */
export interface Bar {
  readonly why: 'halted' | 'suppressed' | 'excluded' | 'mode_changed' | 'policy_changed' | 'batch_expired';
  readonly personKeys: readonly string[] | null;
  readonly fromMs: number;
  toMs: number;
}

/** All that is known when everything is quiet. */
export interface Evidence {
  readonly approved: readonly ApprovedDraft[];
  /** Batches whose approval was answered. */
  readonly approvedBatches: ReadonlySet<string>;
  readonly handOvers: readonly HandedOver[];
  /** Actions of which the provider shows a message now. */
  readonly shownByProvider: ReadonlySet<string>;
  readonly actions: readonly LedgerAction[];
  readonly batches: readonly LedgerBatch[];
  /** Places taken, by counter. */
  readonly counters: Readonly<Record<string, number>>;
  readonly personsInFlight: Readonly<Record<string, string>>;
  readonly open: { readonly queued: number; readonly sending: number; readonly unknown: number };
  readonly audit: readonly AuditRow[];
  /** Null when the store was put back to an older copy, which the audit has to say no to. */
  readonly auditProblem: string | null;
  readonly bars: readonly Bar[];
  /** Ends that the scenario asks for: action id to status and reason; any reason where that is null. */
  readonly demanded: ReadonlyMap<string, { readonly status: string; readonly reason: string | null }>;
  readonly sharedPerson: boolean;
  readonly lives: readonly LivedLife[];
  readonly sendDeadlineMs: number;
  /** What could not even be waited for. */
  readonly stuck: string | null;
}
