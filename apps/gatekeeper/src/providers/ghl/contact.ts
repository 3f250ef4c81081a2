import { ghlOutcomes, type DispatchOutcome } from '@caio/contracts';
import { describeFailure, outcomeOf } from '../outcome-table.ts';
import type { GhlClient } from './client.ts';

export type ContactLookUp =
  | { readonly state: 'found'; readonly contactId: string }
  | { readonly state: 'none'; readonly outcome: DispatchOutcome }
  | { readonly state: 'unreadable'; readonly message: string; readonly outcome: DispatchOutcome };

const sameAddress = (one: string, two: string): boolean =>
  one.trim().toLowerCase() === two.trim().toLowerCase();

/**
 * The one contact with exactly this address. The vendor's query finds whatever looks alike, so what it finds is
 * compared letter by letter; nobody and several are both nobody, and nobody is created.
 */
export async function findContact(
  client: Pick<GhlClient, 'contacts'>,
  email: string,
  correlationId: string,
): Promise<ContactLookUp> {
  const found = await client.contacts(email, correlationId);
  if (!found.ok) {
    return {
      state: 'unreadable',
      message: describeFailure(ghlOutcomes, found.failure),
      outcome: outcomeOf(ghlOutcomes, 'contact', found.failure),
    };
  }
  const same = found.value.contacts.filter((one) => sameAddress(one.email ?? '', email));
  const [contact] = same;
  if (contact !== undefined && same.length === 1) return { state: 'found', contactId: contact.id };
  const message =
    same.length === 0
      ? 'GoHighLevel has no contact with exactly this address.'
      : `GoHighLevel has ${same.length} contacts with exactly this address.`;
  return { state: 'none', outcome: { outcome: 'refused', code: 'contact_unresolved', message } };
}
