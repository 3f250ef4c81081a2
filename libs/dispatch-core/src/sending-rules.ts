import type { Channel, Policy, RampStage, Route, Tier } from '@caio/contracts';
import type { AdmissionRules } from './admission.ts';

/** Only e-mail has a ramp. Without a word about its stage it is in force wherever the policy has one. */
const isRamped = ({ ramp }: Policy, channel: Channel, stage: RampStage): boolean =>
  channel === 'email' && ramp.enabled && stage !== 'graduated';

/** Tiers that may be sent to: the policy's, narrowed by a running ramp (never widened). */
export const tiersAllowed = (policy: Policy, channel: Channel, stage: RampStage = 'ramp'): readonly Tier[] =>
  policy.tiersAllowed[channel].filter(
    (tier) => !isRamped(policy, channel, stage) || policy.ramp.tiers.includes(tier),
  );

/** Sends of a day that may go to a channel; `grown` is what the cap of e-mail has grown to, 0 when it has not. */
export const dayCap = (policy: Policy, channel: Channel, stage: RampStage = 'ramp', grown = 0): number => {
  const { perDay } = policy.caps[channel];
  const most = channel === 'email' ? Math.max(perDay, grown) : perDay;
  return isRamped(policy, channel, stage) ? Math.min(most, policy.ramp.emailPerDay) : most;
};

const grownMax = ({ growth }: Policy): number =>
  Math.max(0, ...(growth?.steps ?? []).map(({ emailPerDay }) => emailPerDay));

/** The policy's numbers for one channel as the admission script takes them; it alone knows whether the ramp holds. */
export const sendingRules = (policy: Policy, channel: Channel): AdmissionRules => {
  const caps = policy.caps[channel];
  const isMail = channel === 'email';
  return {
    ...(isMail && policy.ramp.enabled
      ? {
          ramp: {
            policy: policy.name,
            perDay: policy.ramp.emailPerDay,
            tiers: tiersAllowed(policy, channel, 'ramp'),
          },
        }
      : {}),
    ...(isMail && policy.growth !== undefined
      ? { growth: { policy: policy.name, perDayMax: grownMax(policy) } }
      : {}),
    tiersAllowed: tiersAllowed(policy, channel, 'graduated'),
    recontactMs: policy.recontactDays * 86_400_000,
    latenessMaxMs: policy.dispatch.latenessMaxHours * 3_600_000,
    gapMs: caps.gapSeconds * 1_000,
    caps: {
      hour: caps.perHour,
      day: caps.perDay,
      month: caps.perMonth,
      domain: caps.perDomainPerDay,
      mailbox: caps.perMailboxPerDay,
    },
  };
};

/**
 * How long a message that was provably not sent waits before it is tried again, doubling from try to try, and how
 * often it is tried.
 */
export interface RetryBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly attemptsMax: number;
}

export const retryBackoff = ({ dispatch }: Policy): RetryBackoff => ({
  firstMs: dispatch.retryFirstSeconds * 1_000,
  maxMs: dispatch.retryMaxSeconds * 1_000,
  attemptsMax: dispatch.attemptsMax,
});

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** A cold first touch may not leave from a domain kept for people who already answered. */
export const isRouteAllowed = (policy: Policy, route: Route, senderEmail: string): boolean => {
  const domain = domainOf(senderEmail);
  const nurture = policy.nurtureDomains.some((kept) => domain === kept || domain.endsWith(`.${kept}`));
  return route === 'warm_email' || !nurture;
};
