import type { ActionId } from '@caio/contracts';
import type { ActionQuery, TakeBackOutcome } from '../../provider-port.ts';
import type { InstantlyClient } from './client.ts';
import type { LocatedLeads, LocateLeads } from './lead-locator.ts';
import { heldLeadOf } from './payload.ts';

/** Removes leads that were not mailed, each with what Instantly shows afterwards. */
export function createTakeBack({
  client,
  locate,
}: {
  readonly client: InstantlyClient;
  readonly locate: LocateLeads;
}) {
  /** Null while nothing speaks against the removal having worked; what is there afterwards decides. */
  const remove = async (
    located: LocatedLeads | undefined,
    correlationId: string,
  ): Promise<TakeBackOutcome | null> => {
    if (located?.state !== 'read') return unreadable(located);
    if (located.leads.some(({ facts }) => facts.mailed)) return alreadyMailed;
    for (const { lead } of located.leads) {
      const removed = await client.deleteLead(lead.id, correlationId);
      // The removed lead comes back: it may have been mailed since it was looked at.
      if (removed.ok && heldLeadOf(removed.value, '').mailed) return alreadyMailed;
    }
    return located.leads.length === 0 ? { ok: true, readBack: 'absent' } : null;
  };

  const takeBackMany = async (
    queries: readonly ActionQuery[],
  ): Promise<ReadonlyMap<ActionId, TakeBackOutcome>> => {
    const outcomes = new Map<ActionId, TakeBackOutcome>();
    const before = await locate(queries);
    const removed: ActionQuery[] = [];
    for (const query of queries) {
      const outcome = await remove(before.get(query.actionId), query.correlationId);
      if (outcome === null) removed.push(query);
      else outcomes.set(query.actionId, outcome);
    }
    const after = await locate(removed);
    for (const { actionId } of removed) outcomes.set(actionId, readBackOf(after.get(actionId)));
    return outcomes;
  };

  const takeBack = async (query: ActionQuery): Promise<TakeBackOutcome> =>
    (await takeBackMany([query])).get(query.actionId) ?? unreadable(undefined);

  return { takeBack, takeBackMany };
}

const alreadyMailed: TakeBackOutcome = {
  ok: false,
  code: 'already_mailed',
  message: 'Instantly has mailed this message; it cannot be taken back.',
};

const unreadable = (located: Exclude<LocatedLeads, { state: 'read' }> | undefined): TakeBackOutcome => ({
  ok: false,
  code: 'unreadable',
  message: located?.message ?? 'The action was not looked for.',
});

const readBackOf = (after: LocatedLeads | undefined): TakeBackOutcome => {
  if (after?.state !== 'read') return unreadable(after);
  return after.leads.length > 0
    ? { ok: false, code: 'still_present', message: 'Instantly still shows the lead after its removal.' }
    : { ok: true, readBack: 'absent' };
};
