import type {
  ActionId,
  AttemptId,
  BatchId,
  DeliveryMode,
  DispatchOutcome,
  Message,
  ProviderName,
  Tier,
} from '@caio/contracts';
import type { RateBudget } from '@caio/dispatch-core';

/**
 * One admitted action on its way to a provider. `bytes` is the exact canonical JSON that was approved and
 * `message` is what those bytes say; an adapter refuses a pair that differs. `sendDeadlineMs` is an instant on
 * the monotonic clock the adapter was built with: not one byte of the message is written at or after it.
 */
export interface Handover {
  readonly actionId: ActionId;
  readonly attemptId: AttemptId;
  readonly batchId: BatchId;
  readonly tier: Tier;
  readonly bytes: string;
  readonly message: Message;
  readonly contentDigest: string;
  readonly correlationId: string;
  readonly sendDeadlineMs: number;
}

/** What names one action at any provider, without its content. */
export interface ActionQuery {
  readonly actionId: ActionId;
  readonly batchId: BatchId;
  readonly tier: Tier;
  readonly senderKey: string;
  /** Some providers keep messages by person alone and cannot look for one without it. */
  readonly recipientEmail?: string;
  readonly correlationId: string;
}

/**
 * The provider's own word about one action. `contentDigest` is computed from what the provider holds, null
 * where it holds too little to compute one; `mailed` says that it already left the provider. `unreadable`
 * means that nothing was learned and must never be taken for absence.
 */
export type ProviderFinding =
  | {
      readonly state: 'present';
      readonly providerMessageId: string;
      readonly contentDigest: string | null;
      readonly mailed: boolean;
      readonly attemptId: string | null;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly message: string };

/** `readBack: 'absent'` is the provider's answer after the removal, not our belief. */
export type TakeBackOutcome =
  | { readonly ok: true; readonly readBack: 'absent' }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** `paused` counts what the provider confirmed; everything else is in `failed`, by the provider's id. */
export interface PauseReport {
  readonly paused: number;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/** The messages of one batch, tier and sender, as a provider that holds messages keeps them together. */
export interface HeldGroup {
  readonly batchId: BatchId;
  readonly tier: Tier;
  readonly senderKey: string;
  /** One of its messages: what alters bytes or timing is the same in all of them. */
  readonly message: Message;
  /** Those that were handed over and are neither mailed nor taken back. */
  readonly actions: readonly { readonly actionId: ActionId; readonly contentDigest: string }[];
  readonly correlationId: string;
}

/** One thing at the provider that is not as it was handed over; `actionId` is null when it is about all of them. */
export interface HeldProblem {
  readonly actionId: ActionId | null;
  readonly code: string;
  readonly message: string;
}

/** `mailing`: the provider mails what it holds by itself. `problems` is everything that speaks against starting it. */
export type GroupInspection =
  | {
      readonly state: 'read';
      readonly campaignId: string;
      readonly mailing: boolean;
      readonly problems: readonly HeldProblem[];
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly message: string };

export type CampaignOutcome =
  | { readonly ok: true; readonly campaignId: string; readonly proof: string }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly problems: readonly HeldProblem[];
    };

/** What a provider that holds messages is told about all of a group. Nothing here retries. */
export interface CampaignControl {
  inspect(group: HeldGroup): Promise<GroupInspection>;
  /** Inspects again, starts the mailing and reads back that it runs. Starts nothing while anything speaks against it. */
  activate(group: HeldGroup): Promise<CampaignOutcome>;
  /** Stops the mailing and reads back that it does not run. */
  pause(group: HeldGroup): Promise<CampaignOutcome>;
  /** Removes what kept the group together, with read-back; refuses while any message is in it. */
  remove(group: HeldGroup): Promise<CampaignOutcome>;
}

/**
 * The only way from an admitted action to a provider. Expected failures are outcomes; a rejected promise is a
 * bug and the caller must treat the action as `unknown`. No adapter retries: the caller owns that.
 */
export interface ProviderAdapter {
  readonly name: ProviderName;
  readonly mode: DeliveryMode;
  /** The provider keeps the message until something else lets it go, so it can be taken back. */
  readonly holdsBeforeMailing: boolean;
  /** `keyed`: the provider itself drops a second message with the same key, whoever hands it over. */
  readonly idempotency: 'keyed' | 'none';
  /** How long an accepted message may stay invisible to `find`. */
  readonly visibilityLagMaxMs: number;
  /** Whose List-Unsubscribe header the recipient gets. */
  readonly unsubscribe: 'own' | 'vendor' | 'none';
  /** What the vendor lets our account ask, held over all workers; null where nobody counts. */
  readonly rateBudget: RateBudget | null;
  send(handover: Handover): Promise<DispatchOutcome>;
  /** Every queried action has an entry in the answer. */
  find(queries: readonly ActionQuery[]): Promise<ReadonlyMap<ActionId, ProviderFinding>>;
  takeBack(query: ActionQuery): Promise<TakeBackOutcome>;
  /** The same for many; every one has an entry in the answer. Only of providers where asking together saves calls. */
  takeBackMany?(queries: readonly ActionQuery[]): Promise<ReadonlyMap<ActionId, TakeBackOutcome>>;
  pauseAll(request: { readonly correlationId: string }): Promise<PauseReport>;
  /** Only of providers that hold messages until somebody starts the mailing. */
  readonly campaigns?: CampaignControl;
  close(): Promise<void>;
}
