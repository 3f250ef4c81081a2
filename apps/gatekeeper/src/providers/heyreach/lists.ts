import type { DispatchOutcome } from '@caio/contracts';
import type { CampaignRegistry } from '../campaign-registry.ts';
import type { Failure } from '../outcome-table.ts';
import type { HeyreachClient } from './client.ts';
import { listOutcomeOf } from './outcomes.ts';
import type { VendorCampaign } from './vendor-schemas.ts';

export interface ListDeskOptions {
  readonly client: HeyreachClient;
  readonly registry: CampaignRegistry;
  readonly monotonicMs: () => number;
  readonly newToken: () => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly claimTtlMs: number;
}

export interface ListWish {
  readonly name: string;
  readonly correlationId: string;
  readonly deadlineMs: number;
}

export type ListAnswer =
  { readonly ok: true; readonly listId: string } | { readonly ok: false; readonly outcome: DispatchOutcome };

const pollMs = 25;

const resting: ReadonlySet<string> = new Set(['DRAFT', 'PAUSED', 'FINISHED', 'CANCELED', 'FAILED']);

/** A campaign that writes to nobody until a person lets it. One in a state nobody knows is taken to run. */
export const isResting = ({ status }: VendorCampaign): boolean => resting.has(status.toUpperCase());

/** A campaign that a person has let go once, whatever it does now. */
export const wasStarted = ({ status }: VendorCampaign): boolean => status.toUpperCase() !== 'DRAFT';

/**
 * Hands out the one list of a name. Safe against itself in this process (one look-up per name at a time) and in
 * others (a claim in the registry); a list that somebody made and did not get to save is found by its name and
 * adopted. HeyReach has no call that deletes a list, so one that came second stays there, empty.
 */
export function createListDesk(options: ListDeskOptions) {
  const { client, registry, monotonicMs } = options;
  const underway = new Map<string, Promise<ListAnswer>>();

  const ensureOnce = (wish: ListWish): Promise<ListAnswer> => {
    const running = underway.get(wish.name);
    if (running !== undefined) return running;
    const started = ensure(wish)
      .catch((): ListAnswer => released('campaign_registry_unavailable'))
      .finally(() => underway.delete(wish.name));
    underway.set(wish.name, started);
    return started;
  };

  const ensure = async (wish: ListWish): Promise<ListAnswer> => {
    const saved = await registry.read(wish.name);
    if (saved !== null) return { ok: true, listId: saved };
    const token = options.newToken();
    while (!(await registry.claim(wish.name, token, options.claimTtlMs))) {
      if (monotonicMs() + pollMs >= wish.deadlineMs) return released('list_busy');
      await options.pause(pollMs);
      const other = await registry.read(wish.name);
      if (other !== null) return { ok: true, listId: other };
    }
    try {
      const other = await registry.read(wish.name);
      return other === null ? await adoptOrCreate(wish, token) : { ok: true, listId: other };
    } finally {
      await registry.release(wish.name, token);
    }
  };

  const adoptOrCreate = async (wish: ListWish, token: string): Promise<ListAnswer> => {
    const found = await named(wish.name, wish.correlationId);
    if (!found.ok) return failed(found.failure);
    // Twins are told apart the same way everywhere: the one with the lowest id serves.
    const [oldest] = [...found.ids].sort((one, two) => Number(one) - Number(two));
    const made = oldest === undefined ? await client.createList(wish.name, wish.correlationId) : null;
    if (made !== null && !made.ok) return failed(made.failure);
    const listId = made === null ? oldest : made.value.id;
    if (listId === undefined) return released('list_unavailable');
    if (await registry.save(wish.name, token, listId)) return { ok: true, listId };
    // The claim ran out meanwhile, so whoever took it over decides.
    const winner = await registry.read(wish.name);
    return winner === null ? released('list_busy') : { ok: true, listId: winner };
  };

  const named = async (
    name: string,
    correlationId: string,
  ): Promise<{ ok: true; ids: string[] } | { ok: false; failure: Failure }> => {
    const found = await client.lists(name, correlationId);
    if (!found.ok) return found;
    // The search matches parts of names.
    return { ok: true, ids: found.value.filter((list) => list.name === name).map(({ id }) => id) };
  };

  return {
    ensure: ensureOnce,
    /** Every list that carries this name, saved or not; leads of any of them count. */
    named: async (
      name: string,
      correlationId: string,
    ): Promise<{ ok: true; ids: string[] } | { ok: false; failure: Failure | null }> => {
      let saved: string | null;
      try {
        saved = await registry.read(name);
      } catch {
        return { ok: false, failure: null };
      }
      const found = await named(name, correlationId);
      if (!found.ok) return found;
      // A search may lag behind; the id that was saved does not.
      return { ok: true, ids: [...new Set([...found.ids, ...(saved === null ? [] : [saved])])] };
    },
  };
}

export type ListDesk = ReturnType<typeof createListDesk>;

const failed = (failure: Failure): ListAnswer => ({ ok: false, outcome: listOutcomeOf(failure) });

const released = (code: string): ListAnswer => ({
  ok: false,
  outcome: { outcome: 'released', code, retryAfterMs: 1_000 },
});
