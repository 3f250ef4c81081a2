import type { ActionId, DeliveryMode, DispatchOutcome } from '@caio/contracts';
import type { RateBudget } from '@caio/dispatch-core';
import type {
  ActionQuery,
  Handover,
  PauseReport,
  ProviderAdapter,
  ProviderFinding,
  TakeBackOutcome,
} from '../provider-port.ts';
import type { CampaignRegistry } from './campaign-registry.ts';
import { createCampaignControl } from './heyreach/campaign-control.ts';
import { createHeyreachClient } from './heyreach/client.ts';
import { createLeadLocator, type LocatedLead, type LocatedLeads } from './heyreach/lead-locator.ts';
import { createListDesk, isResting, wasStarted } from './heyreach/lists.ts';
import { describeFailure, leadOutcomeOf, listOutcomeOf } from './heyreach/outcomes.ts';
import { heldLeadOf, leadPayloadOf, listNameOf, listPrefixOf, misfitOf } from './heyreach/payload.ts';
import { brokenSeal } from './seal.ts';
import { assertVendorAddress } from './vendor-address.ts';

export interface HeyreachOptions {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  readonly environment: string;
  /** Where `/api/public` is: the simulator in `sandbox`, the vendor in `allow-list` and `live`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly registry: CampaignRegistry;
  /** The clock of `sendDeadlineMs`. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, to read a Retry-After that is a date. */
  readonly nowMs: () => number;
  /** Unguessable and never the same, for claims. */
  readonly newToken: () => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Of each single request, from the call to the whole answer. */
  readonly timeoutMs: number;
  /** Defaults to 4. */
  readonly connections?: number;
  /** Defaults to five minutes: leads were seen to show up in lists and campaigns that much later. */
  readonly visibilityLagMaxMs?: number;
  /** Defaults to the vendor's limit, and to none at the simulator, which has none unless it is given some. */
  readonly rateBudget?: RateBudget | null;
  /** Of the claim on creating a list; defaults to 15 seconds, longer than the requests it covers. */
  readonly claimTtlMs?: number;
}

export const heyreachOrigin = 'https://api.heyreach.io';

/** 300 requests a minute for a workspace. A send looks at the campaigns, adds the lead and reads it back. */
const vendorBudget: RateBudget = {
  requestsPerSend: 3,
  windows: [{ windowMs: 60_000, requestsMax: 300 }],
};

/**
 * Puts leads on HeyReach lists, each with its own words, and never starts anything: a person makes a campaign of the
 * list at the vendor, or does not. Success is claimed only after the lead was read back from the list as approved.
 *
 * Adding to the list of a campaign that was started once would start it again, so such a list is refused. Hours,
 * sending account and daily pace are those of the campaign; HeyReach knows none of them for a list.
 *
 * Throws when the mode and the address contradict each other.
 */
export function createHeyreachAdapter(options: HeyreachOptions): ProviderAdapter {
  assertVendorAddress({ ...options, vendorOrigin: heyreachOrigin });
  const { environment } = options;
  const client = createHeyreachClient({ ...options, connections: options.connections ?? 4 });
  const desk = createListDesk({ ...options, client, claimTtlMs: options.claimTtlMs ?? 15_000 });
  const locator = createLeadLocator({ client, desk, environment });
  const { locate, writtenTo } = locator;

  const send = async (handover: Handover): Promise<DispatchOutcome> => {
    const broken = brokenSeal(handover);
    if (broken !== null) return broken;
    const { message, correlationId } = handover;
    const misfit = misfitOf(message);
    if (misfit !== null) return { outcome: 'refused', code: misfit.code, message: misfit.message };
    if (options.monotonicMs() >= handover.sendDeadlineMs) {
      return leadOutcomeOf({ kind: 'not_written', code: 'deadline_passed' });
    }
    const name = listNameOf(environment, { ...handover, senderKey: message.senderKey });
    const list = await desk.ensure({ name, correlationId, deadlineMs: handover.sendDeadlineMs });
    if (!list.ok) return list.outcome;
    const campaigns = await client.campaigns(correlationId);
    if (!campaigns.ok) return listOutcomeOf(campaigns.failure);
    const started = campaigns.value.find(
      (campaign) => campaign.linkedInUserListId === list.listId && wasStarted(campaign),
    );
    if (started !== undefined) {
      return {
        outcome: 'refused',
        code: 'list_in_campaign',
        message: `List ${list.listId} is used by campaign ${started.id}, which is ${started.status}; a lead added now would be written to at once.`,
      };
    }
    const payload = leadPayloadOf(handover);
    const marks = { correlationId, writeDeadlineMs: handover.sendDeadlineMs };
    const added = await client.addLead(list.listId, payload.lead, marks);
    if (!added.ok) return leadOutcomeOf(added.failure);
    return readBack(handover, list.listId, payload, added.value.taken);
  };

  /** What the list shows decides; the count in the answer only says whose mistake an absence is. */
  const readBack = async (
    { actionId, correlationId }: Handover,
    listId: string,
    sealed: { readonly effectDigest: string; readonly profileUrl: string },
    taken: number | null,
  ): Promise<DispatchOutcome> => {
    const shown = await client.leads(listId, correlationId, sealed.profileUrl);
    if (!shown.ok) {
      return { outcome: 'unknown', code: 'read_back_unreadable', message: describeFailure(shown.failure) };
    }
    const own = shown.value.find((lead) => heldLeadOf(lead).actionId === actionId);
    if (own === undefined) return taken === 0 ? notTaken : notShown;
    if (heldLeadOf(own).effectDigest !== sealed.effectDigest) {
      return {
        outcome: 'unknown',
        code: 'read_back_mismatch',
        message: `What list ${listId} at HeyReach holds for this action is not the message that was approved.`,
      };
    }
    return {
      outcome: 'accepted',
      providerMessageId: `${listId}:${own.linkedin_id ?? own.id ?? actionId}`,
      holdsBeforeMailing: true,
      proof: `Lead read back from list ${listId}: profile, sender and text are the approved ones (${sealed.effectDigest}).`,
    };
  };

  const find = async (queries: readonly ActionQuery[]): Promise<Map<ActionId, ProviderFinding>> => {
    const located = await locate(queries);
    const findings = new Map<ActionId, ProviderFinding>();
    for (const { actionId } of queries) findings.set(actionId, findingOf(located.get(actionId)));
    return findings;
  };

  /** Out of every started campaign first, so that nothing is written between the two; then off the list. */
  const remove = async ({ listId, lead, campaigns }: LocatedLead, correlationId: string): Promise<void> => {
    const profileUrl = lead.profileUrl ?? '';
    for (const { id } of campaigns) await client.stopLead(id, profileUrl, correlationId);
    await client.deleteLead(listId, profileUrl, correlationId);
  };

  const takeBack = async (query: ActionQuery): Promise<TakeBackOutcome> => {
    const before = (await locate([query])).get(query.actionId);
    if (before?.state !== 'read') return unreadable(before);
    if (before.leads.some(({ mailed }) => mailed)) return alreadyMailed;
    if (before.leads.length === 0) return { ok: true, readBack: 'absent' };
    for (const lead of before.leads) await remove(lead, query.correlationId);
    const after = (await locate([query])).get(query.actionId);
    if (after?.state !== 'read') return unreadable(after);
    if (after.leads.some(({ mailed }) => mailed)) return alreadyMailed;
    if (after.leads.length > 0) return stillThere;
    return writtenMeanwhile(before.leads, query.correlationId);
  };

  /** A lead that is off the list may have been written to while it was taken off. */
  const writtenMeanwhile = async (
    removed: readonly LocatedLead[],
    correlationId: string,
  ): Promise<TakeBackOutcome> => {
    for (const { campaigns, lead } of removed) {
      for (const { id } of campaigns) {
        const left = await writtenTo(id, lead.profileUrl ?? '', correlationId);
        if (left === null) return { ok: false, code: 'unreadable', message: 'A campaign could not be read.' };
        if (left) return alreadyMailed;
      }
    }
    return { ok: true, readBack: 'absent' };
  };

  const pauseAll = async ({ correlationId }: { readonly correlationId: string }): Promise<PauseReport> => {
    const lists = await client.lists(listPrefixOf(environment), correlationId);
    const campaigns = await client.campaigns(correlationId);
    if (!lists.ok) return { paused: 0, failed: [{ id: 'lists', message: describeFailure(lists.failure) }] };
    if (!campaigns.ok) {
      return { paused: 0, failed: [{ id: 'campaigns', message: describeFailure(campaigns.failure) }] };
    }
    const ours = new Set(
      lists.value.filter(({ name }) => name.startsWith(listPrefixOf(environment))).map(({ id }) => id),
    );
    const failed: { id: string; message: string }[] = [];
    let paused = 0;
    for (const campaign of campaigns.value) {
      const { id, linkedInUserListId: listId } = campaign;
      if (listId == null || !ours.has(listId) || isResting(campaign)) continue;
      const reply = await client.pauseCampaign(id, correlationId);
      // The answer to the pause says nothing about the campaign; only the campaign does.
      const shown = reply.ok ? await client.campaign(id, correlationId) : reply;
      if (!shown.ok) failed.push({ id, message: describeFailure(shown.failure) });
      else if (!isResting(shown.value)) {
        failed.push({ id, message: `HeyReach answered and the campaign is ${shown.value.status}.` });
      } else paused += 1;
    }
    return { paused, failed };
  };

  return {
    name: 'heyreach',
    mode: options.mode,
    holdsBeforeMailing: true,
    idempotency: 'none',
    visibilityLagMaxMs: options.visibilityLagMaxMs ?? 300_000,
    unsubscribe: 'none',
    rateBudget: options.rateBudget === undefined ? budgetOf(options.mode) : options.rateBudget,
    send,
    find,
    takeBack,
    pauseAll,
    campaigns: createCampaignControl({ client, locator, environment }),
    close: client.close,
  };
}

const budgetOf = (mode: HeyreachOptions['mode']): RateBudget | null =>
  mode === 'sandbox' ? null : vendorBudget;

const notTaken: DispatchOutcome = {
  outcome: 'refused',
  code: 'not_taken',
  message: 'HeyReach answered with success, counted nobody, and does not show the lead.',
};

const notShown: DispatchOutcome = {
  outcome: 'unknown',
  code: 'read_back_absent',
  message: 'HeyReach took the lead and does not show it yet.',
};

const alreadyMailed: TakeBackOutcome = {
  ok: false,
  code: 'already_mailed',
  message: 'A HeyReach campaign has written to this person; it cannot be taken back.',
};

const stillThere: TakeBackOutcome = {
  ok: false,
  code: 'still_present',
  message:
    'HeyReach still shows the lead on its list after its removal; it changes no list of a running campaign. The lead was stopped there: pause the campaign, then try again.',
};

function findingOf(located: LocatedLeads | undefined): ProviderFinding {
  if (located?.state !== 'read') {
    return { state: 'unreadable', message: located?.message ?? 'The action was not looked for.' };
  }
  const shown = located.leads.find(({ mailed }) => mailed) ?? located.leads[0];
  if (shown === undefined) return { state: 'absent' };
  return {
    state: 'present',
    providerMessageId: `${shown.listId}:${shown.lead.linkedin_id ?? shown.lead.id ?? shown.facts.actionId}`,
    contentDigest: shown.facts.contentDigest,
    mailed: shown.mailed,
    attemptId: shown.facts.attemptId,
  };
}

const unreadable = (located: Exclude<LocatedLeads, { state: 'read' }> | undefined): TakeBackOutcome => ({
  ok: false,
  code: 'unreadable',
  message: located?.message ?? 'The action was not looked for.',
});
