import type { ActionId } from '@caio/contracts';
import { linkedinKeyOf } from '@caio/outreach-core';
import type { ActionQuery } from '../../provider-port.ts';
import type { Reply } from '../vendor-call.ts';
import type { HeyreachClient } from './client.ts';
import { type ListDesk, wasStarted } from './lists.ts';
import { describeFailure } from './outcomes.ts';
import { heldLeadOf, listNameOf, type HeldLead } from './payload.ts';
import type { CampaignLead, VendorCampaign, VendorLead } from './vendor-schemas.ts';

/** A lead on one of our lists, and the started campaigns that use the list. */
export interface LocatedLead {
  readonly listId: string;
  readonly lead: VendorLead;
  readonly facts: HeldLead;
  readonly campaigns: readonly VendorCampaign[];
  /** A campaign has written to this person, or asked to be connected. */
  readonly mailed: boolean;
}

/** `read` with no leads is absence that was seen: every page of every list of the name was read. */
export type LocatedLeads =
  | { readonly state: 'read'; readonly leads: readonly LocatedLead[] }
  | { readonly state: 'unreadable'; readonly message: string };

const none = new Set(['', 'none']);

const wasWrittenTo = ({ leadConnectionStatus, leadMessageStatus }: CampaignLead): boolean =>
  [leadConnectionStatus, leadMessageStatus].some((word) => !none.has((word ?? '').toLowerCase()));

const isOf = ({ linkedInUserProfile }: CampaignLead, profileUrl: string): boolean => {
  const key = linkedinKeyOf(profileUrl);
  return key !== null && key === linkedinKeyOf(linkedInUserProfile?.profileUrl ?? '');
};

/** Finds the leads of actions by the action id they carry, on every list that has their name. */
export function createLeadLocator(options: {
  readonly client: HeyreachClient;
  readonly desk: ListDesk;
  readonly environment: string;
}) {
  const { client, desk, environment } = options;

  const readLists = async (name: string, correlationId: string): Promise<LocatedLeads> => {
    const named = await desk.named(name, correlationId);
    if (!named.ok) {
      const { failure } = named;
      const message = failure === null ? 'The registry of lists cannot be read.' : describeFailure(failure);
      return { state: 'unreadable', message };
    }
    if (named.ids.length === 0) return { state: 'read', leads: [] };
    const campaigns = await client.campaigns(correlationId);
    if (!campaigns.ok) return unreadable(campaigns);
    const leads: LocatedLead[] = [];
    for (const listId of named.ids) {
      const using = campaigns.value.filter(
        (campaign) => campaign.linkedInUserListId === listId && wasStarted(campaign),
      );
      const written: CampaignLead[] = [];
      for (const { id } of using) {
        const enrolled = await client.campaignLeads(id, correlationId);
        if (!enrolled.ok) return unreadable(enrolled);
        written.push(...enrolled.value.filter(wasWrittenTo));
      }
      const listed = await client.leads(listId, correlationId);
      if (!listed.ok) {
        // A list that a person deleted over there holds nobody.
        if (listed.failure.kind === 'status' && listed.failure.status === 404) continue;
        return unreadable(listed);
      }
      for (const lead of listed.value) {
        const mailed = written.some((one) => isOf(one, lead.profileUrl ?? ''));
        leads.push({ listId, lead, facts: heldLeadOf(lead), campaigns: using, mailed });
      }
    }
    return { state: 'read', leads };
  };

  /** Every queried action has an entry in the answer. */
  const locate = async (queries: readonly ActionQuery[]): Promise<Map<ActionId, LocatedLeads>> => {
    const byName = new Map<string, ActionQuery[]>();
    for (const query of queries) {
      const name = listNameOf(environment, query);
      byName.set(name, [...(byName.get(name) ?? []), query]);
    }
    const located = new Map<ActionId, LocatedLeads>();
    for (const [name, group] of byName) {
      const answer = await readLists(name, group[0]?.correlationId ?? '');
      for (const { actionId } of group) {
        located.set(
          actionId,
          answer.state === 'read'
            ? { state: 'read', leads: answer.leads.filter(({ facts }) => facts.actionId === actionId) }
            : answer,
        );
      }
    }
    return located;
  };

  /** Whether a campaign has written to somebody, on its list or not any more; null when it cannot be read. */
  const writtenTo = async (
    campaignId: string,
    profileUrl: string,
    correlationId: string,
  ): Promise<boolean | null> => {
    const enrolled = await client.campaignLeads(campaignId, correlationId);
    return enrolled.ok ? enrolled.value.some((one) => wasWrittenTo(one) && isOf(one, profileUrl)) : null;
  };

  return { locate, writtenTo, readLists };
}

export type LeadLocator = ReturnType<typeof createLeadLocator>;

const unreadable = (reply: Extract<Reply<unknown>, { ok: false }>): LocatedLeads => ({
  state: 'unreadable',
  message: describeFailure(reply.failure),
});
