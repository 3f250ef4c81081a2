/** What the numbers of an operation choose from; weighed by how often something is named. */

export const people = 10;
export const draftsMax = 40;
export const caps = [3, 4, 6, 1, 5] as const;
export const draftCommands = [
  'approve',
  'approve',
  'approve',
  'approve',
  'edit',
  'recall',
  'reject',
  'park',
  'withdraw',
  'expire',
] as const;
export const outcomes = [
  'handed_over',
  'handed_over',
  'left',
  'left',
  'refused',
  'released',
  'released',
  'unknown',
] as const;
export const claimRules = [
  'same',
  'same',
  'same',
  'same',
  'same',
  'policy',
  'pack',
  'mode',
  'allowList',
  'stopped',
] as const;
export const deliveries = [
  { ledger: 'sandbox', mode: 'sandbox' },
  { ledger: 'real', mode: 'live' },
  { ledger: 'real', mode: 'allow-list' },
] as const;

export const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % list.length];
export const emailOf = (person: number): string => `email:person${person}@company${person % 3}.example`;
export const linkedinOf = (person: number): string => `linkedin:person-${person}`;
