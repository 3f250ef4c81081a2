import type { Signal, Suppression } from '@caio/contracts';
import { suppressionKeysOf } from '@caio/outreach-core';
import type { GateLists } from '@caio/state-store';

const suppressionReasons: Partial<Record<Signal['kind'], Suppression['reason']>> = {
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  bounced: 'bounced',
};

const personOf = (personKey: string) => {
  const value = personKey.slice(personKey.indexOf(':') + 1);
  return personKey.startsWith('email:')
    ? { email: value, linkedinUrl: null }
    : { email: null, linkedinUrl: `https://www.linkedin.com/in/${value}` };
};

/** What a delivery means for a person: a reason not to contact is written before anything else happens. */
export const createApplySignal = (deps: { lists: GateLists; pseudonym: (key: string) => string }) => {
  return async (signal: Signal): Promise<void> => {
    const reason = suppressionReasons[signal.kind];
    if (reason === undefined) return;
    const keys = new Set(signal.personKeys.flatMap((personKey) => suppressionKeysOf(personOf(personKey))));
    const entries = new Map(
      [...keys].map((personKey): [string, Suppression] => [
        deps.pseudonym(personKey),
        { personKey, reason, source: signal.source, at: signal.occurredAt, by: signal.source },
      ]),
    );
    await deps.lists.suppress(entries, signal.source, reason, signal.correlationId);
  };
};

export type ApplySignal = ReturnType<typeof createApplySignal>;
