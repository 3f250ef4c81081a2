import type { PersonKey, Signal, Suppression } from '@caio/contracts';
import { suppressionKeysOfKey } from '@caio/outreach-core';
import type { DraftStore, GateLists, OptOuts } from '@caio/state-store';

const suppressionReasons: Partial<Record<Signal['kind'], Suppression['reason']>> = {
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  bounced: 'bounced',
};

/** A bounce is about one address; a wish is about the person, under every name we know them by. */
const isAboutThePerson = (kind: Signal['kind']): boolean => kind !== 'bounced';

/** What a delivery means for a person: a reason not to contact is written before anything else happens. */
export const createApplySignal = (deps: {
  lists: GateLists;
  drafts: Pick<DraftStore, 'namesOfPerson'>;
  optOuts: Pick<OptOuts, 'done'>;
  pseudonym: (key: string) => string;
}) => {
  const namesOf = async (signal: Signal): Promise<PersonKey[]> => {
    if (!isAboutThePerson(signal.kind)) return signal.personKeys;
    const known = await Promise.all(signal.personKeys.map((key) => deps.drafts.namesOfPerson(key)));
    return [...signal.personKeys, ...known.flat()];
  };

  return async (signal: Signal): Promise<void> => {
    const reason = suppressionReasons[signal.kind];
    if (reason === undefined) return;
    const keys = new Set((await namesOf(signal)).flatMap(suppressionKeysOfKey));
    const entries = new Map(
      [...keys].map((personKey): [string, Suppression] => [
        deps.pseudonym(personKey),
        {
          ...{ personKey, reason, source: signal.source, at: signal.occurredAt, by: signal.source },
          provenance: { via: 'signal', reference: signal.deliveryId },
        },
      ]),
    );
    await deps.lists.suppress(entries, signal.source, reason, signal.correlationId);
    await deps.optOuts.done(signal.personKeys);
  };
};

export type ApplySignal = ReturnType<typeof createApplySignal>;
