import type { FaultEffect } from '@caio/test-kit';
import type { Step, Subject } from './subject.ts';

/** A fault and whether the adapter meets it in a hurry, because waiting for it would take for ever. */
export interface FaultCase {
  readonly effect: FaultEffect;
  readonly hasty: boolean;
}

const before = 'before_acceptance';
const after = 'after_acceptance';
const status = (code: number, more: Partial<Extract<FaultEffect, { kind: 'status' }>> = {}): FaultEffect => ({
  kind: 'status',
  status: code,
  when: before,
  ...more,
});

const everyHttpCall: readonly FaultEffect[] = [
  ...[400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 302].map((code) => status(code)),
  status(429, { retryAfter: '7' }),
  status(429, { retryAfter: 'Fri, 31 Dec 2100 23:59:59 GMT' }),
  status(429, { retryAfter: 'soon' }),
  { kind: 'cut', when: before },
  { kind: 'malformed_json' },
  { kind: 'wrong_content_type' },
  { kind: 'partial' },
  { kind: 'oversized' },
  { kind: 'cut', when: after },
];

/** The call was carried out whatever its answer says. */
const afterAcceptance: readonly FaultEffect[] = [
  status(408, { when: after }),
  status(500, { when: after }),
  status(503, { when: after }),
];

const slow: readonly FaultEffect[] = [
  { kind: 'hang', when: before },
  { kind: 'hang', when: after },
  { kind: 'drip', everyMs: 50, bytes: 1 },
];

const everyReply: readonly FaultEffect[] = [
  ...[421, 450, 451, 452, 500, 530, 550, 552, 554].map((code) => status(code)),
  status(550, { message: '5.4.5 Daily sending quota exceeded' }),
  status(454, { message: '4.7.0 Try again later' }),
  { kind: 'cut', when: before },
  { kind: 'cut', when: after },
  { kind: 'malformed_json' },
  { kind: 'partial' },
];

const inTime = (effects: readonly FaultEffect[]): FaultCase[] =>
  effects.map((effect) => ({ effect, hasty: false }));

/** Everything that can happen at one step of a hand-over. */
export function faultCasesOf(
  subject: Pick<Subject, 'speaks'>,
  { when, more = [] }: Step,
): readonly FaultCase[] {
  const lasting =
    subject.speaks === 'smtp'
      ? everyReply
      : [...everyHttpCall, ...(when === 'message' ? afterAcceptance : [])];
  return [...inTime([...lasting, ...more]), ...slow.map((effect) => ({ effect, hasty: true }))];
}
