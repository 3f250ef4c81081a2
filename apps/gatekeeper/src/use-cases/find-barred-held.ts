import { exclusionKeysOf, suppressionKeysOf } from '@caio/outreach-core';
import type { ActionStore, HeldMessages, StoredAction } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { messageOf } from '../frozen-message.ts';

/** Every key under which a person may turn out not to be written to. */
interface BarKeys {
  readonly batchId: string;
  readonly correlationId: string;
  readonly suppressionPseudonyms: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly optOutKeys: readonly string[];
}

/** Why a message that a provider holds must come back, and on whose behalf. */
interface Cause {
  readonly reason: string;
  readonly actor: string;
}

const storedKeys = (text: string): string[] => {
  try {
    const keys: unknown = JSON.parse(text);
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
};

/** Under which keys an action's person and company are barred. The address stored beside a text serves when that is unreadable. */
export const barKeysOf = (action: StoredAction, pseudonym: (key: string) => string): BarKeys => {
  const recipient = messageOf(action)?.recipient;
  const person = {
    email: recipient?.email ?? action.email,
    linkedinUrl: recipient?.linkedinUrl ?? null,
  };
  const optOutKeys = suppressionKeysOf(person);
  return {
    batchId: action.batchId,
    correlationId: action.cid,
    suppressionPseudonyms: optOutKeys.map(pseudonym),
    exclusionKeys: [
      ...new Set([
        ...exclusionKeysOf({ ...person, companyDomain: null }),
        ...storedKeys(action.exclusionKeys),
      ]),
    ],
    optOutKeys,
  };
};

/**
 * Looks through every message that a provider holds for one that must not be mailed any more: its person opted out,
 * bounced or was excluded, its batch was recalled or expired before anybody activated it. Whoever wrote that down, and
 * however, it is found, because the lists themselves are asked each time. What is found is noted and carried out by
 * others. Answers how many were noted.
 */
export const createFindBarredHeld = (deps: {
  held: HeldMessages;
  actions: Pick<ActionStore, 'readWhole' | 'storeNowMs'>;
  pseudonym: (key: string) => string;
  logger: Logger;
}) => {
  // What a message says never changes, so that it is read once and not each second.
  const known = new Map<string, BarKeys>();

  const learn = async (ids: readonly string[]): Promise<void> => {
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length === 0) return;
    (await deps.actions.readWhole(unknown)).forEach((action, index) => {
      const id = unknown[index] ?? '';
      if (action === null)
        deps.logger.error({ actionId: id }, 'a held message cannot be read; nobody can take it back');
      else known.set(id, barKeysOf(action, deps.pseudonym));
    });
  };

  const causesOf = async (ids: readonly string[]): Promise<Map<string, Cause>> => {
    const entries = ids.flatMap((id): [string, BarKeys][] => {
      const keys = known.get(id);
      return keys === undefined ? [] : [[id, keys]];
    });
    const batchIds = [...new Set(entries.map(([, { batchId }]) => batchId))];
    const [listed, facts, nowMs] = await Promise.all([
      deps.held.listed({
        suppressionPseudonyms: entries.flatMap(([, keys]) => keys.suppressionPseudonyms),
        exclusionKeys: entries.flatMap(([, keys]) => keys.exclusionKeys),
        optOutKeys: entries.flatMap(([, keys]) => keys.optOutKeys),
      }),
      deps.held.batchFacts(batchIds),
      deps.actions.storeNowMs(),
    ]);
    const batches = new Map(facts.map((fact) => [fact.batchId, fact]));
    const at = { suppressed: 0, excluded: 0, optedOut: 0 };
    const next = (list: keyof typeof at, count: number): boolean => {
      const start = at[list];
      at[list] += count;
      return listed[list].slice(start, start + count).includes(true);
    };
    const causes = new Map<string, Cause>();
    for (const [id, keys] of entries) {
      const suppressed = next('suppressed', keys.suppressionPseudonyms.length);
      const excluded = next('excluded', keys.exclusionKeys.length);
      const optedOut = next('optedOut', keys.optOutKeys.length);
      const batch = batches.get(keys.batchId);
      if (suppressed || optedOut) causes.set(id, { reason: 'suppressed', actor: 'gatekeeper' });
      else if (excluded) causes.set(id, { reason: 'excluded', actor: 'gatekeeper' });
      else if (batch?.recalled !== null && batch?.recalled !== undefined) {
        causes.set(id, { reason: 'recalled', actor: batch.recalled.by });
      } else if (batch !== undefined && !batch.mailing && nowMs >= batch.expiresAtMs) {
        causes.set(id, { reason: 'batch_expired', actor: 'gatekeeper' });
      }
    }
    return causes;
  };

  return async (): Promise<number> => {
    const present = new Set<string>();
    let noted = 0;
    await deps.held.eachHeld(async (ids) => {
      ids.forEach((id) => present.add(id));
      await learn(ids);
      for (const [actionId, cause] of await causesOf(ids)) {
        const correlationId = known.get(actionId)?.correlationId ?? '';
        const { outcome } = await deps.held.openTakeBack({ actionId, ...cause, correlationId });
        if (outcome === 'opened') noted += 1;
      }
    });
    for (const id of known.keys()) if (!present.has(id)) known.delete(id);
    return noted;
  };
};

export type FindBarredHeld = ReturnType<typeof createFindBarredHeld>;
