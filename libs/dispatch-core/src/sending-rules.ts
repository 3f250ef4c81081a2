import type { Channel, Policy, Route, Tier } from '@caio/contracts';
import type { AdmissionRules } from './admission.ts';

/** Tiers that may be sent to now: the policy's, narrowed by a running ramp (never widened). */
export const tiersAllowed = (policy: Policy, channel: Channel): readonly Tier[] =>
  policy.tiersAllowed[channel].filter(
    (tier) => channel !== 'email' || !policy.ramp.enabled || policy.ramp.tiers.includes(tier),
  );

/** The policy's numbers for one channel as the admission script takes them. */
export const sendingRules = (policy: Policy, channel: Channel): AdmissionRules => {
  const caps = policy.caps[channel];
  const day =
    channel === 'email' && policy.ramp.enabled ? Math.min(caps.perDay, policy.ramp.emailPerDay) : caps.perDay;
  return {
    tiersAllowed: tiersAllowed(policy, channel),
    recontactMs: policy.recontactDays * 86_400_000,
    latenessMaxMs: policy.dispatch.latenessMaxHours * 3_600_000,
    gapMs: caps.gapSeconds * 1_000,
    caps: {
      hour: caps.perHour,
      day,
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
