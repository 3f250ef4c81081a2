import type {
  CampaignControl,
  CampaignOutcome,
  GroupInspection,
  HeldGroup,
  HeldProblem,
} from '../../provider-port.ts';
import type { CampaignDesk } from './campaigns.ts';
import type { InstantlyClient } from './client.ts';
import { type LocatedLead, soleSenderOf } from './lead-locator.ts';
import type { Failure } from '../outcome-table.ts';
import { describeFailure } from './outcomes.ts';
import { campaignDifference, campaignNameOf, campaignPayloadOf, heldLeadOf } from './payload.ts';
import { campaignStatus, mailingStatuses, type VendorCampaign } from './vendor-schemas.ts';

export interface CampaignControlOptions {
  readonly client: InstantlyClient;
  readonly desk: CampaignDesk;
  readonly environment: string;
}

interface Read {
  readonly campaign: VendorCampaign;
  readonly leads: readonly LocatedLead[];
  readonly problems: readonly HeldProblem[];
}

type Reading =
  | { readonly state: 'read'; readonly read: Read }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly message: string };

const about = (actionId: HeldProblem['actionId'], code: string, message: string): HeldProblem => ({
  actionId,
  code,
  message,
});

const refused = (
  code: string,
  message: string,
  problems: readonly HeldProblem[] = [],
): Extract<CampaignOutcome, { ok: false }> => ({ ok: false, code, message, problems });

const failed = (failure: Failure): CampaignOutcome => refused('unreadable', describeFailure(failure));

/** Everything in which the leads of a campaign are not exactly the messages that were handed over. */
function problemsOf(group: HeldGroup, leads: readonly LocatedLead[]): HeldProblem[] {
  const unmailed = leads.filter(({ facts }) => !facts.mailed);
  const expected = new Map<string, string>(
    group.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]),
  );
  const problems = group.actions.flatMap(({ actionId, contentDigest }): HeldProblem[] => {
    const own = leads.filter(({ facts }) => facts.actionId === actionId);
    if (own.some(({ facts }) => facts.mailed))
      return [about(actionId, 'already_mailed', 'Instantly has mailed it.')];
    if (own.length === 0) return [about(actionId, 'held_missing', 'Instantly does not show it any more.')];
    if (own.length > 1) return [about(actionId, 'held_twice', 'Instantly holds it more than once.')];
    return own[0]?.facts.contentDigest === contentDigest
      ? []
      : [about(actionId, 'held_differs', 'Instantly holds something else than was approved.')];
  });
  const foreign = unmailed.filter(({ facts }) => facts.actionId === null || !expected.has(facts.actionId));
  if (foreign.length > 0) {
    const [first] = foreign;
    const what = `Instantly holds ${foreign.length} more in the campaign, the first is lead ${first?.lead.id ?? ''}.`;
    problems.push(about(null, 'held_foreign', what));
  }
  return problems;
}

/** Starts, pauses and removes the one campaign of a batch, tier and sender; never one whose content is not as approved. */
export function createCampaignControl({
  client,
  desk,
  environment,
}: CampaignControlOptions): CampaignControl {
  const read = async (group: HeldGroup): Promise<Reading> => {
    const name = campaignNameOf(environment, group);
    const named = await desk.named(name, group.correlationId);
    if (!named.ok) {
      const { failure } = named;
      const message = failure === null ? 'The campaign registry cannot be read.' : describeFailure(failure);
      return { state: 'unreadable', message };
    }
    const filled: { campaign: VendorCampaign; leads: LocatedLead[] }[] = [];
    for (const campaign of named.campaigns) {
      const page = await client.listLeads({ campaign: campaign.id }, group.correlationId);
      if (!page.ok) return { state: 'unreadable', message: describeFailure(page.failure) };
      const sender = soleSenderOf(campaign);
      filled.push({ campaign, leads: page.value.map((lead) => ({ lead, facts: heldLeadOf(lead, sender) })) });
    }
    const [first, ...others] = filled.sort((a, b) => b.leads.length - a.leads.length);
    if (first === undefined) return { state: 'absent' };
    const { campaign, leads } = first;
    const problems = problemsOf(group, leads);
    const difference = campaignDifference(campaign, campaignPayloadOf(name, group.message));
    if (difference !== null) {
      const message = `Campaign ${campaign.id} differs from what was approved in: ${difference}.`;
      problems.push(about(null, 'campaign_altered', message));
    }
    if (others.some((other) => other.leads.length > 0)) {
      problems.push(about(null, 'campaign_twin', 'Instantly has two campaigns of this name with messages.'));
    }
    return { state: 'read', read: { campaign, leads, problems } };
  };

  const missing = (reading: Exclude<Reading, { state: 'read' }>): CampaignOutcome =>
    reading.state === 'absent'
      ? refused('campaign_missing', 'Instantly has no campaign of this batch.')
      : refused('unreadable', reading.message);

  /** What Instantly shows afterwards decides, not what it answered. */
  const confirm = async (
    group: HeldGroup,
    id: string,
    isRight: (status: number) => boolean,
    what: string,
  ): Promise<CampaignOutcome> => {
    const shown = await client.campaign(id, group.correlationId);
    if (!shown.ok) return failed(shown.failure);
    const { status } = shown.value;
    return isRight(status)
      ? { ok: true, campaignId: id, proof: `Campaign ${id} read back as ${what} (status ${status}).` }
      : refused('campaign_status', `Campaign ${id} is not ${what}: Instantly shows status ${status}.`);
  };

  const runs = (status: number): boolean =>
    mailingStatuses.has(status) || status === campaignStatus.completed;

  return {
    inspect: async (group): Promise<GroupInspection> => {
      const reading = await read(group);
      if (reading.state !== 'read') return reading;
      const { campaign, problems } = reading.read;
      return {
        ...{ state: 'read', campaignId: campaign.id, problems },
        mailing: mailingStatuses.has(campaign.status),
      };
    },
    activate: async (group) => {
      const reading = await read(group);
      if (reading.state !== 'read') return missing(reading);
      const { campaign, problems } = reading.read;
      if (mailingStatuses.has(campaign.status)) return confirm(group, campaign.id, runs, 'active');
      const [first] = problems;
      if (first !== undefined) return refused(first.code, first.message, problems);
      await client.activateCampaign(campaign.id, group.correlationId);
      return confirm(group, campaign.id, runs, 'active');
    },
    pause: async (group) => {
      const reading = await read(group);
      if (reading.state !== 'read') return missing(reading);
      const { id, status } = reading.read.campaign;
      if (mailingStatuses.has(status)) await client.pauseCampaign(id, group.correlationId);
      return confirm(group, id, (shown) => !mailingStatuses.has(shown), 'not mailing');
    },
    remove: async (group) => {
      const reading = await read(group);
      if (reading.state === 'absent') {
        return { ok: true, campaignId: '', proof: 'Instantly has no campaign of this batch.' };
      }
      if (reading.state === 'unreadable') return missing(reading);
      const { campaign, leads } = reading.read;
      if (leads.some(({ facts }) => !facts.mailed)) {
        return refused(
          'campaign_not_empty',
          `Campaign ${campaign.id} still holds messages; take them back first.`,
        );
      }
      await client.deleteCampaign(campaign.id, group.correlationId);
      desk.forget(campaign.name);
      const after = await read(group);
      return after.state === 'absent'
        ? { ok: true, campaignId: campaign.id, proof: `Campaign ${campaign.id} is gone when read back.` }
        : refused('still_present', `Instantly still shows campaign ${campaign.id} after its removal.`);
    },
  };
}
