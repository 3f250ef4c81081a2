import type { Bar, DraftStatus, Exclusion, PersonRecord, Suppression } from '@caio/contracts';
import { instantWords } from './instant-words.ts';

/** Why nothing goes to somebody, on the row of a list. */
export const barWords: Readonly<Record<Bar, string>> = {
  suppressed: 'Will not be sent: on the opt-out list',
  excluded: 'Will not be sent: on the exclusion list',
};

const sinceWords: Readonly<Record<Suppression['reason'], string>> = {
  unsubscribed: 'Opted out on',
  complained: 'Complained on',
  bounced: 'Mail to this address came back on',
  manual: 'Put on the opt-out list on',
  erased: 'Erased on request on',
};

const oldestOf = <Entry extends { readonly at: string }>(entries: readonly Entry[]): Entry | null =>
  [...entries].sort((a, b) => a.at.localeCompare(b.at))[0] ?? null;

/** Since when nothing goes to somebody, as far as it could be asked. */
export const barTitle = (bar: Bar, record: Pick<PersonRecord, 'suppressions'> | null): string => {
  if (bar === 'excluded') return 'On the exclusion list';
  const first = oldestOf(record?.suppressions ?? []);
  return first === null ? 'On the opt-out list' : `${sinceWords[first.reason]} ${instantWords(first.at)}`;
};

const listedAs: Readonly<Record<Exclusion['kind'], string>> = {
  customer: 'a customer',
  competitor: 'a competitor',
  own: 'our own',
  personal: 'a personal contact',
  other: 'nobody to write to',
};

/** Which entry of the exclusion list is about somebody, and who made it. */
export const exclusionSentence = ({ key, kind, by, at }: Exclusion): string =>
  `${key.slice(key.indexOf(':') + 1)} is ${listedAs[kind]}, put there by ${by}, ${instantWords(at)}.`;

/** The state of a draft that could still be sent if its person were not barred. */
type OpenStatus = Extract<DraftStatus, 'pending' | 'parked' | 'approved' | 'batched'>;

const meaning: Readonly<Record<OpenStatus, string>> = {
  pending: 'this will not be sent',
  parked: 'this will not be sent',
  approved: 'this will not be sent',
  batched: 'what has not left yet is not sent',
};

const fixes: Readonly<Record<OpenStatus, string>> = {
  pending: 'It cannot be approved. Reject it to take it off the list.',
  parked: 'It cannot be approved. Reject it to take it off the list.',
  approved: 'No batch takes it in. Take the approval back and reject it.',
  batched: 'The last check before each message holds it back.',
};

const isOpen = (status: DraftStatus): status is OpenStatus => status in meaning;

/** What being barred means for a draft, and what to do about it; null where nothing can be sent any more. */
export const barredDraftWords = (
  status: DraftStatus,
): { readonly meaning: string; readonly fix: string } | null =>
  isOpen(status) ? { meaning: meaning[status], fix: fixes[status] } : null;
