import { ghlOutcomes, type DeliveryMode, type DispatchOutcome } from '@caio/contracts';
import type { RateBudget } from '@caio/dispatch-core';
import type { ActionQuery, Handover, ProviderAdapter, TakeBackOutcome } from '../provider-port.ts';
import { createGhlClient } from './ghl/client.ts';
import { findContact } from './ghl/contact.ts';
import { createMessageLocator } from './ghl/message-locator.ts';
import { messagePayloadOf, misfitOf } from './ghl/payload.ts';
import { outcomeOf } from './outcome-table.ts';
import { brokenSeal } from './seal.ts';
import { assertVendorAddress } from './vendor-address.ts';

export interface GhlOptions {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  /** Where `/contacts` is: the simulator in `sandbox`, the vendor in `allow-list` and `live`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly locationId: string;
  /** The clock of `sendDeadlineMs`. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, to read a Retry-After that is a date. */
  readonly nowMs: () => number;
  /** Of each single request, from the call to the whole answer. */
  readonly timeoutMs: number;
  /** Defaults to 8. */
  readonly connections?: number;
  /** Defaults to a minute; GoHighLevel documents none. */
  readonly visibilityLagMaxMs?: number;
  readonly rateBudget?: RateBudget | null;
}

/** Where GoHighLevel's API is. */
export const ghlOrigin = 'https://services.leadconnectorhq.com';

/**
 * Answers people who know us, in their conversation at GoHighLevel. The contact must be there with exactly the
 * approved address; none is made. A message leaves at once, so nothing is held or taken back, and there are no
 * idempotency keys. No unsubscribe header can be set, so no first message may leave here.
 *
 * Throws when the mode and the address contradict each other.
 */
export function createGhlAdapter(options: GhlOptions): ProviderAdapter {
  assertVendorAddress({ ...options, vendorOrigin: ghlOrigin });
  const client = createGhlClient({ ...options, connections: options.connections ?? 8 });
  const find = createMessageLocator(client);

  const send = async (handover: Handover): Promise<DispatchOutcome> => {
    const broken = brokenSeal(handover);
    if (broken !== null) return broken;
    const { message, correlationId, sendDeadlineMs } = handover;
    const misfit = misfitOf(message);
    if (misfit !== null) return misfit;
    if (options.monotonicMs() >= sendDeadlineMs) {
      return outcomeOf(ghlOutcomes, 'message', { kind: 'not_written', code: 'deadline_passed' });
    }
    const contact = await findContact(client, message.recipient.email, correlationId);
    if (contact.state !== 'found') return contact.outcome;
    const sent = await client.sendMessage(messagePayloadOf(handover, contact.contactId), {
      correlationId,
      writeDeadlineMs: sendDeadlineMs,
    });
    if (!sent.ok) return outcomeOf(ghlOutcomes, 'message', sent.failure);
    const { messageId } = sent.value;
    if (messageId === undefined) {
      return outcomeOf(ghlOutcomes, 'message', { kind: 'unreadable', code: 'answer_unexpected' });
    }
    return {
      outcome: 'accepted',
      providerMessageId: messageId,
      holdsBeforeMailing: false,
      proof: `GoHighLevel took the message as ${messageId} for contact ${contact.contactId}, whose address is exactly the approved one.`,
    };
  };

  const takeBack = async (query: ActionQuery): Promise<TakeBackOutcome> => {
    const finding = (await find([query])).get(query.actionId);
    switch (finding?.state) {
      case 'absent':
        return { ok: true, readBack: 'absent' };
      case 'present':
        return {
          ok: false,
          code: 'already_mailed',
          message: 'GoHighLevel mails at once; it cannot be taken back.',
        };
      default:
        return {
          ok: false,
          code: 'unreadable',
          message: finding?.message ?? 'The action was not looked for.',
        };
    }
  };

  return {
    name: 'ghl',
    mode: options.mode,
    holdsBeforeMailing: false,
    idempotency: 'none',
    visibilityLagMaxMs: options.visibilityLagMaxMs ?? 60_000,
    unsubscribe: 'none',
    rateBudget: options.rateBudget === undefined ? budgetIn(options.mode) : options.rateBudget,
    send,
    find,
    takeBack,
    pauseAll: () => Promise.resolve({ paused: 0, failed: [] }),
    close: client.close,
  };
}

/** The vendor's own, for one app in one location; a message takes two requests. */
const vendorBudget: RateBudget = {
  requestsPerSend: 2,
  windows: [
    { windowMs: 10_000, requestsMax: 100 },
    { windowMs: 86_400_000, requestsMax: 200_000 },
  ],
};
const budgetIn = (mode: GhlOptions['mode']): RateBudget | null => (mode === 'sandbox' ? null : vendorBudget);
