import type { Message } from '@caio/contracts';
import {
  createIdSource,
  sealMessage,
  type Endpoint,
  type FaultEffect,
  type FaultPlanInput,
  type ManualClock,
} from '@caio/test-kit';
import type { ActionQuery, Handover, ProviderAdapter } from '../../provider-port.ts';

/** What the other side has of one action, by its own record and as a recipient would see it. */
export interface Arrived {
  readonly to: string | null;
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string | null;
}

/** One request of a hand-over, and the outcome table's name for it. Log-only delivery has none. */
export interface Step {
  readonly endpoint: Endpoint;
  /** `message` carries it; `before` prepares the way; `after` only looks. */
  readonly when: 'before' | 'message' | 'after';
  /** Beside the faults that every HTTP call can meet. */
  readonly more?: readonly FaultEffect[];
}

/** One adapter with the other side it talks to, and what the promises need to know to judge them both. */
export interface Subject {
  readonly adapter: ProviderAdapter;
  /** The same in a hurry: it gives up on an answer at once. */
  readonly hasty: ProviderAdapter;
  readonly clock: ManualClock;
  readonly speaks: 'http' | 'smtp' | 'nothing';
  readonly steps: readonly Step[];
  /** A message to somebody nobody wrote to yet; the other side knows them if it has to. */
  messageTo(name: string): Message;
  /** The message as it should have arrived. */
  expected(message: Message): Arrived;
  arrived(actionId: string): Promise<readonly Arrived[]>;
  setFaults(plan: FaultPlanInput): void;
  /** Ends faults and delays: what is there can be seen. */
  heal(): void;
  /** From the next call of this endpoint on, every deadline has passed; null puts the time back. */
  lateAfter(endpoint: Endpoint | null): void;
  /** Makes every look at the other side fail until `heal`. */
  breakReads(): void;
  /** Whether the other side can be asked about an action at all. */
  readonly looksUp: boolean;
  /** Whether the adapter itself sees that an action was handed over before. */
  readonly sendsOnce: boolean;
  close(): Promise<void>;
}

const ids = createIdSource(11);
let people = 0;

/** A hand-over of its own batch to a person of its own, in good time. */
export function handoverFor(subject: Subject, overrides: Partial<Handover> = {}): Handover {
  const message = overrides.message ?? subject.messageTo(`person${String((people += 1))}`);
  return {
    actionId: ids.actionId(),
    attemptId: ids.attemptId(),
    batchId: ids.batchId(),
    tier: 'tier_1',
    message,
    ...sealMessage(message),
    correlationId: ids.correlationId(),
    sendDeadlineMs: subject.clock.monotonicMs() + 10_000,
    ...overrides,
  };
}

export const queryFor = ({ actionId, batchId, tier, message, correlationId }: Handover): ActionQuery => ({
  ...{ actionId, batchId, tier, correlationId },
  senderKey: message.senderKey,
  recipientEmail: message.recipient.email,
});

export const anotherAttempt = (handover: Handover): Handover => ({ ...handover, attemptId: ids.attemptId() });
