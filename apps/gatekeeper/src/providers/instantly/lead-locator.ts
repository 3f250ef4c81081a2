import type { ActionId } from '@caio/contracts';
import type { ActionQuery } from '../../provider-port.ts';
import type { CampaignDesk } from './campaigns.ts';
import type { InstantlyClient } from './client.ts';
import { describeFailure } from './outcomes.ts';
import { campaignNameOf, heldLeadOf, type HeldLead } from './payload.ts';
import type { VendorCampaign, VendorLead } from './vendor-schemas.ts';

export interface LocatedLead {
  readonly lead: VendorLead;
  readonly facts: HeldLead;
}

/** `read` with no leads is absence that was seen: every page of every campaign of the name was read. */
export type LocatedLeads =
  | { readonly state: 'read'; readonly leads: readonly LocatedLead[] }
  | { readonly state: 'unreadable'; readonly message: string };

export interface LeadLocatorOptions {
  readonly client: InstantlyClient;
  readonly desk: CampaignDesk;
  readonly environment: string;
}

/** Finds the leads of actions by the action id they carry, in every campaign that has their name. */
export function createLeadLocator({ client, desk, environment }: LeadLocatorOptions) {
  const readCampaigns = async (name: string, correlationId: string): Promise<LocatedLeads> => {
    const named = await desk.named(name, correlationId);
    if (!named.ok) {
      const { failure } = named;
      return {
        state: 'unreadable',
        message: failure === null ? 'The campaign registry cannot be read.' : describeFailure(failure),
      };
    }
    const leads: LocatedLead[] = [];
    for (const campaign of named.campaigns) {
      const page = await client.listLeads({ campaign: campaign.id }, correlationId);
      if (!page.ok) return { state: 'unreadable', message: describeFailure(page.failure) };
      const sender = soleSenderOf(campaign);
      leads.push(...page.value.map((lead) => ({ lead, facts: heldLeadOf(lead, sender) })));
    }
    return { state: 'read', leads };
  };

  /** Every queried action has an entry in the answer. */
  return async (queries: readonly ActionQuery[]): Promise<Map<ActionId, LocatedLeads>> => {
    const byName = new Map<string, ActionQuery[]>();
    for (const query of queries) {
      const name = campaignNameOf(environment, query);
      byName.set(name, [...(byName.get(name) ?? []), query]);
    }
    const located = new Map<ActionId, LocatedLeads>();
    for (const [name, group] of byName) {
      const answer = await readCampaigns(name, group[0]?.correlationId ?? '');
      const byAction = new Map<string, LocatedLead[]>();
      for (const lead of answer.state === 'read' ? answer.leads : []) {
        const { actionId } = lead.facts;
        if (actionId !== null) byAction.set(actionId, [...(byAction.get(actionId) ?? []), lead]);
      }
      for (const { actionId } of group) {
        const leads = byAction.get(actionId) ?? [];
        located.set(actionId, answer.state === 'read' ? { state: 'read', leads } : answer);
      }
    }
    return located;
  };
}

export type LocateLeads = ReturnType<typeof createLeadLocator>;

/** A campaign with several senders has none that can be vouched for. */
export const soleSenderOf = ({ email_list: senders }: VendorCampaign): string =>
  senders?.length === 1 ? (senders[0] ?? '') : '';
