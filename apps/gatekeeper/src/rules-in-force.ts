import type { Channel, DeliveryMode, Policy } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import { sha256Hex } from './digest.ts';

/** The versions and modes that a batch is frozen under and that every later step compares with. */
export interface RulesInForce {
  readonly environment: string;
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly copyPackVersion: string;
  readonly deliveryModes: Readonly<Record<Channel, DeliveryMode>>;
  readonly deliveryModesText: string;
  readonly emergencyStop: boolean;
  /** Whether a fresh list of customers is needed to send: the policy says so, or a CRM is set up. */
  readonly customerList?: 'required' | 'not_required';
}

export const createRulesInForce = (rules: Omit<RulesInForce, 'deliveryModesText'>): RulesInForce =>
  Object.freeze({ ...rules, deliveryModesText: canonicalJson(rules.deliveryModes) });

/** Names the listed recipients without showing them; an empty list has a digest too. */
export const allowListDigestOf = (personKeys: readonly string[]): string =>
  sha256Hex(canonicalJson([...personKeys].sort()));
