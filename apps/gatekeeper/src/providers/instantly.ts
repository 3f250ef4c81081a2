import type { ActionId, DeliveryMode, DispatchOutcome } from '@caio/contracts';
import type { RateBudget } from '@caio/dispatch-core';
import type {
  ActionQuery,
  Handover,
  PauseReport,
  ProviderAdapter,
  ProviderFinding,
} from '../provider-port.ts';
import type { FaultPoints } from '@caio/service-kit';
import { markedSteps } from '../marked-steps.ts';
import type { CampaignRegistry } from './campaign-registry.ts';
import { createCampaignControl } from './instantly/campaign-control.ts';
import { createCampaignDesk } from './instantly/campaigns.ts';
import { createInstantlyClient } from './instantly/client.ts';
import { describeFailure, leadOutcomeOf } from './instantly/outcomes.ts';
import {
  campaignNameOf,
  campaignPayloadOf,
  campaignPrefixOf,
  heldLeadOf,
  leadPayloadOf,
  misfitOf,
} from './instantly/payload.ts';
import { createLeadLocator, type LocatedLeads } from './instantly/lead-locator.ts';
import { createReadBack } from './instantly/read-back.ts';
import { createTakeBack } from './instantly/take-back.ts';
import { campaignStatus, mailingStatuses, type VendorLead } from './instantly/vendor-schemas.ts';
import { brokenSeal } from './seal.ts';

export interface InstantlyOptions {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  readonly environment: string;
  /** Where `/api/v2` is: the simulator in `sandbox`, the vendor in `allow-list` and `live`. */
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
  /** Defaults to 16. */
  readonly connections?: number;
  /** Defaults to a minute; Instantly documents none. */
  readonly visibilityLagMaxMs?: number;
  /** Defaults to the vendor's limits, and to none at the simulator, which has none unless it is given some. */
  readonly rateBudget?: RateBudget | null;
  /** How long a campaign that was checked is taken to be as it was; defaults to a second. */
  readonly campaignFreshMs?: number;
  /** Where mishaps are rehearsed; defaults to nowhere. */
  readonly faults?: FaultPoints;
  /** Of the claim on creating a campaign; defaults to 15 seconds, longer than the requests it covers. */
  readonly claimTtlMs?: number;
}

const vendorHost = 'api.instantly.ai';

/**
 * Per workspace, all keys and both API versions together. A send is the lead, its read-back and, now and then, the
 * look at its campaign. Source: developer.instantly.ai, rate limits.
 */
const vendorBudget: RateBudget = {
  requestsPerSend: 3,
  windows: [
    { windowMs: 1_000, requestsMax: 100 },
    { windowMs: 60_000, requestsMax: 6_000 },
  ],
};

const vendorBudgetOf = (mode: InstantlyOptions['mode']): RateBudget | null =>
  mode === 'sandbox' ? null : vendorBudget;

/**
 * Hands leads to Instantly, each with its own words, into campaigns that are drafted and stay so. Success is
 * claimed only after the lead was read back and its recipient, sender, subject and text are the approved ones.
 *
 * A second hand-over of an action is not looked up first: Instantly skips a person it has, the skip is looked
 * up, and a lead that carries our action and words is that hand-over's success. Instantly has no idempotency
 * keys (its own conventions say so), so two hand-overs at one instant may both be taken: `idempotency: 'none'`.
 *
 * Throws when the mode and the address contradict each other.
 */
export function createInstantlyAdapter(options: InstantlyOptions): ProviderAdapter {
  assertAddress(options);
  const { environment } = options;
  const calls = createInstantlyClient({ ...options, connections: options.connections ?? 16 });
  const client = options.faults?.around(calls, markedSteps.instantly) ?? calls;
  const readBack = createReadBack({ client });
  const desk = createCampaignDesk({
    ...options,
    client,
    freshMs: options.campaignFreshMs ?? 1_000,
    claimTtlMs: options.claimTtlMs ?? 15_000,
  });

  const locate = createLeadLocator({ client, desk, environment });

  const send = async (handover: Handover): Promise<DispatchOutcome> => {
    const broken = brokenSeal(handover);
    if (broken !== null) return broken;
    const { message, correlationId, actionId } = handover;
    const misfit = misfitOf(message);
    if (misfit !== null) return { outcome: 'refused', code: misfit.code, message: misfit.message };
    if (options.monotonicMs() >= handover.sendDeadlineMs) {
      return leadOutcomeOf({ kind: 'not_written', code: 'deadline_passed' });
    }
    const name = campaignNameOf(environment, { ...handover, senderKey: message.senderKey });
    const campaign = await desk.ensure({
      name,
      settingsKey: JSON.stringify([message.sender.email, message.settings]),
      payload: () => campaignPayloadOf(name, message),
      correlationId,
      deadlineMs: handover.sendDeadlineMs,
    });
    if (!campaign.ok) return campaign.outcome;
    const lead = leadPayloadOf(handover, campaign.campaignId);
    const added = await client.addLead(lead, {
      actionId,
      correlationId,
      writeDeadlineMs: handover.sendDeadlineMs,
    });
    if (!added.ok) {
      if (added.failure.kind === 'status') desk.forget(name);
      return leadOutcomeOf(added.failure);
    }
    const sealed = {
      ...lead.custom_variables,
      senderEmail: message.sender.email,
      campaign: campaign.campaignId,
    };
    if (added.value.id === undefined) return lookUpSkipped(handover, sealed);
    const answer = await readBack(added.value.id, correlationId);
    switch (answer.state) {
      case 'unreadable':
        return { outcome: 'unknown', code: 'read_back_unreadable', message: answer.message };
      case 'absent':
        return {
          outcome: 'unknown',
          code: 'read_back_absent',
          message: 'Instantly took the lead and does not show it yet.',
        };
      case 'found':
        return judge(answer.lead, sealed);
    }
  };

  const lookUpSkipped = async (handover: Handover, sealed: Sealed): Promise<DispatchOutcome> => {
    const contacts = [handover.message.recipient.email];
    const found = await client.listLeads({ contacts }, handover.correlationId);
    if (!found.ok) {
      return { outcome: 'unknown', code: 'read_back_unreadable', message: describeFailure(found.failure) };
    }
    const own = found.value.find(
      (lead) => heldLeadOf(lead, sealed.senderEmail).actionId === handover.actionId,
    );
    if (own !== undefined) return judge(own, sealed);
    if (found.value.length > 0) return alreadyThere;
    return {
      outcome: 'unknown',
      code: 'skipped_but_absent',
      message: 'Instantly skipped the lead as already present and shows no such lead.',
    };
  };

  const find = async (queries: readonly ActionQuery[]): Promise<Map<ActionId, ProviderFinding>> => {
    const located = await locate(queries);
    const findings = new Map<ActionId, ProviderFinding>();
    for (const { actionId } of queries) findings.set(actionId, findingOf(located.get(actionId)));
    return findings;
  };

  const { takeBack, takeBackMany } = createTakeBack({ client, locate });

  const pauseAll = async ({ correlationId }: { readonly correlationId: string }): Promise<PauseReport> => {
    const prefix = campaignPrefixOf(environment);
    const found = await client.campaigns(prefix, correlationId);
    if (!found.ok)
      return { paused: 0, failed: [{ id: 'campaigns', message: describeFailure(found.failure) }] };
    const failed: { id: string; message: string }[] = [];
    let paused = 0;
    for (const { id, name, status } of found.value) {
      if (!name.startsWith(prefix) || !mailingStatuses.has(status)) continue;
      const reply = await client.pauseCampaign(id, correlationId);
      if (!reply.ok) failed.push({ id, message: describeFailure(reply.failure) });
      else if (reply.value.status !== campaignStatus.paused) {
        failed.push({ id, message: `Instantly answered and the campaign has status ${reply.value.status}.` });
      } else paused += 1;
    }
    return { paused, failed };
  };

  return {
    name: 'instantly',
    mode: options.mode,
    holdsBeforeMailing: true,
    idempotency: 'none',
    visibilityLagMaxMs: options.visibilityLagMaxMs ?? 60_000,
    unsubscribe: 'vendor',
    rateBudget: options.rateBudget === undefined ? vendorBudgetOf(options.mode) : options.rateBudget,
    send,
    find,
    takeBack,
    takeBackMany,
    pauseAll,
    campaigns: createCampaignControl({ client, desk, environment }),
    close: client.close,
  };
}

interface Sealed {
  readonly actionId: string;
  readonly effectDigest: string;
  readonly senderEmail: string;
  readonly campaign: string;
}

/** Compares what Instantly shows with what was approved; anything but equality is not a success. */
function judge(lead: VendorLead, sealed: Sealed): DispatchOutcome {
  const held = heldLeadOf(lead, sealed.senderEmail);
  if (held.effectDigest !== sealed.effectDigest || lead.campaign !== sealed.campaign) {
    return {
      outcome: 'unknown',
      code: 'read_back_mismatch',
      message: `Lead ${lead.id} at Instantly is not the message that was approved.`,
    };
  }
  return {
    outcome: 'accepted',
    providerMessageId: lead.id,
    holdsBeforeMailing: true,
    proof: `Lead ${lead.id} read back from campaign ${sealed.campaign}: recipient, sender, subject and text are the approved ones (${sealed.effectDigest}).`,
  };
}

const alreadyThere: DispatchOutcome = {
  outcome: 'refused',
  code: 'already_at_provider',
  message: 'Instantly has this person from something else and did not take this message.',
};

function findingOf(located: LocatedLeads | undefined): ProviderFinding {
  if (located?.state !== 'read') {
    return { state: 'unreadable', message: located?.message ?? 'The action was not looked for.' };
  }
  const shown = located.leads.find(({ facts }) => facts.mailed) ?? located.leads[0];
  if (shown === undefined) return { state: 'absent' };
  return {
    state: 'present',
    providerMessageId: shown.lead.id,
    contentDigest: shown.facts.contentDigest,
    mailed: shown.facts.mailed,
    attemptId: shown.facts.attemptId,
  };
}

function assertAddress({ mode, baseUrl }: InstantlyOptions): void {
  const { protocol, hostname } = new URL(baseUrl);
  const isVendor = hostname === vendorHost;
  if (mode === 'sandbox' && isVendor) {
    throw new Error(
      `delivery mode sandbox must not use ${vendorHost}: set SANDBOX_URL to the provider simulator`,
    );
  }
  if (mode !== 'sandbox' && (!isVendor || protocol !== 'https:')) {
    throw new Error(`delivery mode ${mode} needs https://${vendorHost} as its address`);
  }
}
