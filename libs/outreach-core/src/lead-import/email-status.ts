import type { EmailStatus } from '@caio/contracts';
import { cellText } from './cell-text.ts';

/** Words of Apollo, ZeroBounce, NeverBounce, MillionVerifier, Hunter and Clay, letters and digits only. */
const statusWords: Readonly<Record<Exclude<EmailStatus, 'unknown'>, readonly string[]>> = {
  verified: [
    ...['verified', 'valid', 'deliverable', 'safe', 'safetosend', 'ok', 'good', 'passed', 'likelytoengage'],
    ...['verifiedemail', 'validemail'],
  ],
  unverified: [
    ...['unverified', 'notverified', 'guessed', 'extrapolated', 'risky', 'unknown', 'usermanaged', 'pending'],
    ...[
      'newdataavailable',
      'updaterequired',
      'unavailable',
      'questionable',
      'notchecked',
      'role',
      'lowquality',
    ],
    ...['pendingmanualfulfillment', 'maybe', 'timeout'],
  ],
  catch_all: [
    'catchall',
    'acceptall',
    'catchallunverified',
    'validcatchall',
    'catchallvalid',
    'domaincatchall',
  ],
  invalid: [
    ...['invalid', 'undeliverable', 'bounced', 'hardbounce', 'hardbounced', 'bad', 'notvalid', 'spamtrap'],
    ...['abuse', 'donotmail', 'disposable', 'doesnotexist', 'rejected', 'failed', 'unsubscribed'],
  ],
};
const statusOf: ReadonlyMap<string, EmailStatus> = new Map([
  ...statusWords.verified.map((word) => [word, 'verified'] as const),
  ...statusWords.unverified.map((word) => [word, 'unverified'] as const),
  ...statusWords.catch_all.map((word) => [word, 'catch_all'] as const),
  ...statusWords.invalid.map((word) => [word, 'invalid'] as const),
]);

/** `reason` is set when the word is not one we know; the address then counts as unverified. */
export interface StatusReading {
  readonly status: EmailStatus;
  readonly reason: string | null;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * What the file says about an address. A blank cell in a status column is an address nobody verified;
 * `unknown` is left for files without such a column (`statusCell` undefined).
 */
export const readEmailStatus = (
  statusCell: string | undefined,
  catchAllCell: string | undefined,
): StatusReading => {
  const isCatchAll = ['catchall', 'acceptall', 'true', 'yes', '1'].includes(plain(catchAllCell ?? ''));
  if (statusCell === undefined) return { status: isCatchAll ? 'catch_all' : 'unknown', reason: null };
  const word = plain(cellText(statusCell, 'other') ?? '');
  const known = word === '' ? 'unverified' : statusOf.get(word);
  if (known === undefined)
    return { status: 'unverified', reason: 'this status is not known, so the address counts as unverified' };
  return { status: isCatchAll && known === 'verified' ? 'catch_all' : known, reason: null };
};
