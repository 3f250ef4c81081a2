import type { Suppression } from '@caio/contracts';
import { emailKeyOf, linkedinKeyOf, suppressionKeysOf } from '@caio/outreach-core';
import type { GateLists } from '@caio/state-store';

export interface SuppressRequest {
  /** An address, a LinkedIn profile URL, or a person key. */
  readonly person: string;
  readonly reason: Suppression['reason'];
  readonly source: string;
  readonly actor: string;
  readonly correlationId: string;
}

export type SuppressOutcome =
  | { readonly outcome: 'suppressed'; readonly added: number; readonly known: number } // 200
  | { readonly outcome: 'unreadable'; readonly reason: string }; // 400

/** Reads what a person typed as somebody's address or profile. */
export const personOf = (
  text: string,
): { email: string | null; linkedinUrl: string | null } | { reason: string } => {
  const plain = text.trim().replace(/^(email|linkedin):/i, '');
  const url = /^linkedin:/i.test(text.trim()) ? `https://www.linkedin.com/in/${plain}` : plain;
  for (const linkedinUrl of [plain, url]) {
    if (linkedinKeyOf(linkedinUrl) !== null) return { email: null, linkedinUrl };
  }
  if (url !== plain) return { reason: 'this is not the name of a personal LinkedIn profile' };
  const email = emailKeyOf(plain);
  return email.ok ? { email: email.address, linkedinUrl: null } : { reason: email.reason };
};

/** Every pseudonym the gate looks a person up by, with the key it stands for. */
const pseudonymsOf = (
  person: { email: string | null; linkedinUrl: string | null },
  pseudonym: (key: string) => string,
) => suppressionKeysOf(person).map((personKey) => ({ personKey, pseudonym: pseudonym(personKey) }));

/** Adds a permanent reason not to contact a person, under every key the gate looks for. */
export const createSuppressPerson = (deps: {
  lists: GateLists;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  return async (request: SuppressRequest): Promise<SuppressOutcome> => {
    const person = personOf(request.person);
    if ('reason' in person) return { outcome: 'unreadable', reason: person.reason };
    const at = new Date(deps.now()).toISOString();
    const entries = new Map(
      pseudonymsOf(person, deps.pseudonym).map(({ personKey, pseudonym }): [string, Suppression] => [
        pseudonym,
        {
          personKey,
          reason: request.reason,
          source: request.source,
          at,
          by: request.actor,
          provenance: { via: 'person' },
        },
      ]),
    );
    const { added, known } = await deps.lists.suppress(
      entries,
      request.actor,
      request.reason,
      request.correlationId,
    );
    return { outcome: 'suppressed', added, known };
  };
};

export type SuppressPerson = ReturnType<typeof createSuppressPerson>;
