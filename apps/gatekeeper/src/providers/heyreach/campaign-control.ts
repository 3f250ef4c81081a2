import type {
  CampaignControl,
  CampaignOutcome,
  GroupInspection,
  HeldGroup,
  HeldProblem,
} from '../../provider-port.ts';
import type { HeyreachClient } from './client.ts';
import type { LeadLocator, LocatedLead } from './lead-locator.ts';
import { isResting } from './lists.ts';
import { describeFailure } from './outcomes.ts';
import { listNameOf } from './payload.ts';

export interface CampaignControlOptions {
  readonly client: HeyreachClient;
  readonly locator: Pick<LeadLocator, 'readLists'>;
  readonly environment: string;
}

interface Read {
  readonly listId: string;
  /** Started campaigns that use the lists of the group and are not resting. */
  readonly running: readonly string[];
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

/** Everything in which the leads of the lists are not exactly the messages that were handed over. */
function problemsOf(group: HeldGroup, leads: readonly LocatedLead[]): HeldProblem[] {
  const expected = new Set<string>(group.actions.map(({ actionId }) => actionId));
  const problems = group.actions.flatMap(({ actionId, contentDigest }): HeldProblem[] => {
    const own = leads.filter(({ facts }) => facts.actionId === actionId);
    if (own.some(({ mailed }) => mailed))
      return [about(actionId, 'already_mailed', 'A HeyReach campaign has written to this person.')];
    if (own.length === 0) return [about(actionId, 'held_missing', 'HeyReach does not show it any more.')];
    if (own.length > 1) return [about(actionId, 'held_twice', 'HeyReach holds it on more than one list.')];
    return own[0]?.facts.contentDigest === contentDigest
      ? []
      : [about(actionId, 'held_differs', 'HeyReach holds something else than was approved.')];
  });
  const foreign = leads.filter(
    ({ mailed, facts }) => !mailed && (facts.actionId === null || !expected.has(facts.actionId)),
  );
  if (foreign.length > 0)
    problems.push(about(null, 'held_foreign', `HeyReach holds ${foreign.length} more on the list.`));
  return problems;
}

/**
 * Reads and pauses what a person made of a batch's list. Starting and removing are a person's, at HeyReach: a campaign
 * is never started from here, and the vendor has no call that deletes a list.
 */
export function createCampaignControl({
  client,
  locator,
  environment,
}: CampaignControlOptions): CampaignControl {
  const read = async (group: HeldGroup): Promise<Reading> => {
    const located = await locator.readLists(listNameOf(environment, group), group.correlationId);
    if (located.state === 'unreadable') return located;
    const { leads } = located;
    const [first] = leads;
    if (first === undefined) return { state: 'absent' };
    const campaigns = new Map(leads.flatMap((lead) => lead.campaigns.map((one) => [one.id, one] as const)));
    return {
      state: 'read',
      read: {
        listId: first.listId,
        running: [...campaigns.values()].filter((one) => !isResting(one)).map(({ id }) => id),
        problems: problemsOf(group, leads),
      },
    };
  };

  const missing = (reading: Exclude<Reading, { state: 'read' }>): CampaignOutcome =>
    reading.state === 'absent'
      ? refused('campaign_missing', 'HeyReach has nobody on a list of this batch.')
      : refused('unreadable', reading.message);

  const ran = (ids: readonly string[]): CampaignOutcome => ({
    ok: true,
    campaignId: ids.join(','),
    proof: `A person started campaign ${ids.join(' and ')} at HeyReach, which shows it running.`,
  });

  return {
    inspect: async (group): Promise<GroupInspection> => {
      const reading = await read(group);
      if (reading.state !== 'read') return reading;
      const { listId, running, problems } = reading.read;
      return { state: 'read', campaignId: listId, problems, mailing: running.length > 0 };
    },
    activate: async (group) => {
      const reading = await read(group);
      if (reading.state !== 'read') return missing(reading);
      const { listId, running, problems } = reading.read;
      if (running.length > 0) return ran(running);
      const [first] = problems;
      if (first !== undefined) return refused(first.code, first.message, problems);
      return refused(
        'start_at_provider',
        `Everything on list ${listId} is as approved. Only a person starts a HeyReach campaign: make one of this list there, its one step {body}.`,
      );
    },
    pause: async (group) => {
      const reading = await read(group);
      if (reading.state !== 'read') return missing(reading);
      const { listId, running } = reading.read;
      for (const id of running) {
        await client.pauseCampaign(id, group.correlationId);
        const shown = await client.campaign(id, group.correlationId);
        if (!shown.ok) return refused('unreadable', describeFailure(shown.failure));
        if (!isResting(shown.value))
          return refused('campaign_status', `Campaign ${id} goes on: HeyReach shows ${shown.value.status}.`);
      }
      return {
        ok: true,
        campaignId: running.length === 0 ? listId : running.join(','),
        proof: `No campaign of list ${listId} runs when read back.`,
      };
    },
    remove: async (group) => {
      const reading = await read(group);
      if (reading.state === 'absent') {
        return { ok: true, campaignId: '', proof: 'HeyReach has nobody on a list of this batch.' };
      }
      return reading.state === 'unreadable'
        ? missing(reading)
        : refused(
            'campaign_not_empty',
            `List ${reading.read.listId} still holds messages; take them back first.`,
          );
    },
  };
}
