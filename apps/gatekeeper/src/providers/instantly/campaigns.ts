import type { DispatchOutcome } from '@caio/contracts';
import type { CampaignRegistry } from '../campaign-registry.ts';
import type { InstantlyClient } from './client.ts';
import type { Failure } from '../outcome-table.ts';
import { campaignOutcomeOf } from './outcomes.ts';
import { campaignDifference, type CampaignPayload } from './payload.ts';
import { campaignStatus, type VendorCampaign } from './vendor-schemas.ts';

export interface CampaignDeskOptions {
  readonly client: InstantlyClient;
  readonly registry: CampaignRegistry;
  readonly monotonicMs: () => number;
  readonly newToken: () => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** How long a campaign that was looked at is taken to be as it was. */
  readonly freshMs: number;
  readonly claimTtlMs: number;
}

export interface CampaignWish {
  readonly name: string;
  /** Two wishes with the same key want the same campaign. */
  readonly settingsKey: string;
  readonly payload: () => CampaignPayload;
  readonly correlationId: string;
  readonly deadlineMs: number;
}

export type CampaignAnswer =
  | { readonly ok: true; readonly campaignId: string }
  | { readonly ok: false; readonly outcome: DispatchOutcome };

interface Known {
  readonly campaign: VendorCampaign;
  readonly seenAtMs: number;
  readonly settingsKey: string;
}

type Resolution =
  | { readonly ok: true; readonly campaign: VendorCampaign }
  | { readonly ok: false; readonly outcome: DispatchOutcome };

const pollMs = 25;
const knownMax = 1_000;

/**
 * Hands out the one drafted campaign of a name. Safe against itself in this process (one look-up per name at a
 * time) and in others (a claim in the registry); a campaign that somebody made and did not get to save is found
 * by its name and adopted. Nothing here activates one.
 */
export function createCampaignDesk(options: CampaignDeskOptions) {
  const { client, registry, monotonicMs } = options;
  const known = new Map<string, Known>();
  const underway = new Map<string, Promise<Resolution>>();

  const resolveOnce = (wish: CampaignWish): Promise<Resolution> => {
    const running = underway.get(wish.name);
    if (running !== undefined) return running;
    const started = resolve(wish)
      .catch((): Resolution => ({ ok: false, outcome: released('campaign_registry_unavailable') }))
      .finally(() => underway.delete(wish.name));
    underway.set(wish.name, started);
    return started;
  };

  const resolve = async (wish: CampaignWish): Promise<Resolution> => {
    const saved = await registry.read(wish.name);
    let gone: string | null = null;
    if (saved !== null) {
      const reply = await client.campaign(saved, wish.correlationId);
      if (reply.ok) return { ok: true, campaign: reply.value };
      if (!isNotFound(reply.failure)) return failed(reply.failure);
      // Somebody deleted it over there. Holding on to its id would refuse this batch for good.
      gone = saved;
    }
    const token = options.newToken();
    for (;;) {
      if (await registry.claim(wish.name, token, options.claimTtlMs)) break;
      if (monotonicMs() + pollMs >= wish.deadlineMs) return { ok: false, outcome: released('campaign_busy') };
      await options.pause(pollMs);
      const other = await registry.read(wish.name);
      if (other !== null && other !== gone) return byId(other, wish.correlationId);
    }
    try {
      const other = await registry.read(wish.name);
      if (other !== null && other !== gone) return await byId(other, wish.correlationId);
      return await adoptOrCreate(wish, token);
    } finally {
      await registry.release(wish.name, token);
    }
  };

  const byId = async (id: string, correlationId: string): Promise<Resolution> => {
    const reply = await client.campaign(id, correlationId);
    return reply.ok ? { ok: true, campaign: reply.value } : failed(reply.failure);
  };

  const adoptOrCreate = async (wish: CampaignWish, token: string): Promise<Resolution> => {
    const found = await client.campaigns(wish.name, wish.correlationId);
    if (!found.ok) return failed(found.failure);
    // The search matches parts of names. Twins are told apart the same way everywhere: the oldest one serves.
    const [oldest] = found.value.filter(({ name }) => name === wish.name).sort(byAge);
    if (oldest !== undefined) {
      await registry.save(wish.name, token, oldest.id);
      return { ok: true, campaign: oldest };
    }
    const created = await client.createCampaign(wish.payload(), wish.correlationId);
    if (!created.ok) return failed(created.failure);
    if (await registry.save(wish.name, token, created.value.id)) return { ok: true, campaign: created.value };
    // The claim ran out while creating, so whoever took it over decides, and may have adopted this one.
    const winner = await registry.read(wish.name);
    if (winner === created.value.id) return { ok: true, campaign: created.value };
    if (winner !== null) {
      await client.deleteCampaign(created.value.id, wish.correlationId);
      return byId(winner, wish.correlationId);
    }
    return { ok: false, outcome: released('campaign_busy') };
  };

  return {
    /** The id of a campaign that is as wished and will not mail anything by itself. */
    ensure: async (wish: CampaignWish): Promise<CampaignAnswer> => {
      const seen = known.get(wish.name);
      const isFresh = seen !== undefined && monotonicMs() - seen.seenAtMs < options.freshMs;
      if (isFresh && seen.settingsKey === wish.settingsKey) return { ok: true, campaignId: seen.campaign.id };
      const seenAtMs = monotonicMs();
      const resolution: Resolution = isFresh
        ? { ok: true, campaign: seen.campaign }
        : await resolveOnce(wish);
      if (!resolution.ok) return resolution;
      const { campaign } = resolution;
      const difference = campaignDifference(campaign, wish.payload());
      if (difference !== null) {
        return {
          ok: false,
          outcome: {
            outcome: 'refused',
            code: 'campaign_altered',
            message: `Campaign ${campaign.id} differs from what was approved in: ${difference}.`,
          },
        };
      }
      if (campaign.status !== campaignStatus.draft && campaign.status !== campaignStatus.paused) {
        return {
          ok: false,
          outcome: {
            outcome: 'refused',
            code: 'campaign_not_holding',
            message: `Campaign ${campaign.id} has status ${campaign.status}; a lead added now would be mailed at once.`,
          },
        };
      }
      if (!isFresh) {
        known.delete(wish.name);
        known.set(wish.name, { campaign, seenAtMs, settingsKey: wish.settingsKey });
        for (const name of known.keys()) {
          if (known.size <= knownMax) break;
          known.delete(name);
        }
      }
      return { ok: true, campaignId: campaign.id };
    },
    /** The next hand-over looks again. */
    forget: (name: string): void => void known.delete(name),
    /** Every campaign that carries this name, saved or not; leads of any of them count. */
    named: async (
      name: string,
      correlationId: string,
    ): Promise<{ ok: true; campaigns: VendorCampaign[] } | { ok: false; failure: Failure | null }> => {
      let saved: string | null;
      try {
        saved = await registry.read(name);
      } catch {
        return { ok: false, failure: null };
      }
      const found = await client.campaigns(name, correlationId);
      if (!found.ok) return found;
      const campaigns = found.value.filter((campaign) => campaign.name === name);
      if (saved === null || campaigns.some(({ id }) => id === saved)) return { ok: true, campaigns };
      // A search may lag behind; the id that was saved does not.
      const direct = await client.campaign(saved, correlationId);
      if (direct.ok) return { ok: true, campaigns: [...campaigns, direct.value] };
      return isNotFound(direct.failure) ? { ok: true, campaigns } : direct;
    },
  };
}

export type CampaignDesk = ReturnType<typeof createCampaignDesk>;

const isNotFound = (failure: Failure): boolean => failure.kind === 'status' && failure.status === 404;

const failed = (failure: Failure): Resolution => ({ ok: false, outcome: campaignOutcomeOf(failure) });

const released = (code: string): DispatchOutcome => ({ outcome: 'released', code, retryAfterMs: 1_000 });

const ageOf = ({ timestamp_created, id }: VendorCampaign): string => `${timestamp_created ?? ''} ${id}`;
const byAge = (one: VendorCampaign, two: VendorCampaign): number => (ageOf(one) < ageOf(two) ? -1 : 1);
