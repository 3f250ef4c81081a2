import { z } from 'zod';

/**
 * Every answer of the last check before a provider call, in the order the script asks. `noop` writes
 * nothing, `deny` blocks the action for good, `defer` leaves it queued. Source: docs/architecture.md §5.
 */
export const admissionRefusals = [
  { code: 'store_recovering', kind: 'defer' },
  { code: 'action_not_queued', kind: 'noop' },
  { code: 'fence_lost', kind: 'noop' },
  { code: 'halted', kind: 'defer' },
  { code: 'batch_not_executing', kind: 'deny' },
  { code: 'batch_expired', kind: 'deny' },
  { code: 'content_mismatch', kind: 'deny' },
  { code: 'suppressed', kind: 'deny' },
  { code: 'excluded', kind: 'deny' },
  { code: 'contact_too_recent', kind: 'deny' },
  { code: 'person_in_flight', kind: 'deny' },
  { code: 'cadence_exited', kind: 'deny' },
  { code: 'route_forbidden', kind: 'deny' },
  { code: 'mode_changed', kind: 'deny' },
  { code: 'policy_changed', kind: 'deny' },
  { code: 'tier_not_allowed', kind: 'deny' },
  { code: 'not_allow_listed', kind: 'deny' },
  { code: 'too_late', kind: 'deny' },
  { code: 'outside_window', kind: 'defer' },
  { code: 'gap', kind: 'defer' },
  { code: 'cap_hour', kind: 'defer' },
  { code: 'cap_day', kind: 'defer' },
  { code: 'cap_month', kind: 'defer' },
  { code: 'cap_domain', kind: 'defer' },
  { code: 'cap_mailbox', kind: 'defer' },
  { code: 'clock_skew', kind: 'defer' },
  { code: 'customers_stale', kind: 'defer' },
  { code: 'provider_resting', kind: 'defer' },
  { code: 'rate_budget', kind: 'defer' },
] as const;

export type AdmissionCode = (typeof admissionRefusals)[number]['code'];
export type AdmissionKind = (typeof admissionRefusals)[number]['kind'];

export const admissionCodes: readonly AdmissionCode[] = admissionRefusals.map(({ code }) => code);
export const admissionCodeSchema = z.enum(
  admissionRefusals.map(({ code }) => code) as [AdmissionCode, ...AdmissionCode[]],
);

const kinds = new Map<AdmissionCode, AdmissionKind>(admissionRefusals.map(({ code, kind }) => [code, kind]));
export const admissionKindOf = (code: AdmissionCode): AdmissionKind => kinds.get(code) ?? 'deny';
