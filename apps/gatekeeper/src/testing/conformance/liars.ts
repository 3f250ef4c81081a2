import { sealMessage } from '@caio/test-kit';
import type { DispatchOutcome } from '@caio/contracts';
import type { Handover, ProviderAdapter } from '../../provider-port.ts';
import type { Step, Subject } from './subject.ts';
import type { FaultCase } from './fault-cases.ts';
import {
  ofAnOrdinaryBatch,
  ofASecondHandover,
  ofReadingNothing,
  ofTakingBack,
  ofTheDeadline,
  ofTheSeal,
  underFault,
  type Violations,
} from './promises.ts';

/** An adapter with one lie in it, and the promise that the lie breaks. */
export interface Liar {
  readonly provider: string;
  /** Told by the adapter that does not wait for a slow answer. */
  readonly hasty?: true;
  readonly lie: (honest: ProviderAdapter) => Partial<ProviderAdapter>;
  readonly askedOf: (subject: Subject, liar: ProviderAdapter) => Promise<Violations>;
}

const accepted = (honest: ProviderAdapter): DispatchOutcome => ({
  outcome: 'accepted',
  providerMessageId: 'surely-there',
  holdsBeforeMailing: honest.holdsBeforeMailing,
  proof: 'it will have worked',
});
const released: DispatchOutcome = { outcome: 'released', code: 'connect_failed', retryAfterMs: 1_000 };
const refused: DispatchOutcome = { outcome: 'refused', code: 'provider_refused', message: 'it said no' };

const insteadOfUnknown =
  (other: (honest: ProviderAdapter, handover: Handover) => DispatchOutcome | Promise<DispatchOutcome>) =>
  (honest: ProviderAdapter): Partial<ProviderAdapter> => ({
    send: async (handover) => {
      const outcome = await honest.send(handover);
      return outcome.outcome === 'unknown' ? other(honest, handover) : outcome;
    },
  });

/** At the request that carries the message. */
const meeting =
  (fault: FaultCase) =>
  (subject: Subject, liar: ProviderAdapter): Promise<Violations> => {
    const step: Step | undefined = subject.steps.find(({ when }) => when === 'message');
    if (step === undefined) throw new Error('this provider has no request that carries a message');
    return underFault(subject, step, fault, liar);
  };

const hang = { effect: { kind: 'hang', when: 'before_acceptance' }, hasty: true } as const;
const cutAfter = { effect: { kind: 'cut', when: 'after_acceptance' }, hasty: false } as const;

export const liars: Readonly<Record<string, Liar>> = {
  'accepts on a timeout': {
    provider: 'instantly',
    hasty: true,
    lie: insteadOfUnknown(accepted),
    askedOf: meeting(hang),
  },
  'accepts on a timeout, by mail': {
    provider: 'smtp',
    hasty: true,
    lie: insteadOfUnknown(accepted),
    askedOf: meeting(hang),
  },
  'releases what was cut off': {
    provider: 'ghl',
    lie: insteadOfUnknown(() => released),
    askedOf: meeting(cutAfter),
  },
  'releases what was cut off, by mail': {
    provider: 'smtp',
    lie: insteadOfUnknown(() => released),
    askedOf: meeting(cutAfter),
  },
  'refuses on a server error': {
    provider: 'heyreach',
    lie: insteadOfUnknown(() => refused),
    askedOf: meeting({
      effect: { kind: 'status', status: 500, when: 'after_acceptance' },
      hasty: false,
    }),
  },
  'tries again by itself': {
    provider: 'ghl',
    lie: insteadOfUnknown((honest, handover) => honest.send(handover)),
    askedOf: meeting(cutAfter),
  },
  'is unsure of a refusal': {
    provider: 'ghl',
    lie: (honest) => ({
      send: async (handover) => {
        const outcome = await honest.send(handover);
        return outcome.outcome === 'refused' ? { ...outcome, outcome: 'unknown', code: 'timeout' } : outcome;
      },
    }),
    askedOf: meeting({ effect: { kind: 'status', status: 422, when: 'before_acceptance' }, hasty: false }),
  },
  'invents a reason': {
    provider: 'ghl',
    lie: insteadOfUnknown(() => ({ outcome: 'unknown', code: 'something_else', message: 'well' })),
    askedOf: meeting(cutAfter),
  },
  'forgets how long to wait': {
    provider: 'instantly',
    lie: (honest) => ({
      send: async (handover) => {
        const outcome = await honest.send(handover);
        return outcome.outcome === 'released' ? { ...outcome, retryAfterMs: 1_000 } : outcome;
      },
    }),
    askedOf: meeting({
      effect: { kind: 'status', status: 429, retryAfter: '7', when: 'before_acceptance' },
      hasty: false,
    }),
  },
  'believes what it does not read back': {
    provider: 'instantly',
    lie: insteadOfUnknown(accepted),
    askedOf: meeting({ effect: { kind: 'alter', body: 'other words' }, hasty: false }),
  },
  'writes after the deadline': {
    provider: 'smtp',
    lie: (honest) => ({
      send: (handover) => honest.send({ ...handover, sendDeadlineMs: handover.sendDeadlineMs + 60_000 }),
    }),
    askedOf: ofTheDeadline,
  },
  'seals what it is given': {
    provider: 'smtp',
    lie: (honest) => ({
      send: (handover) => honest.send({ ...handover, ...sealMessage(handover.message) }),
    }),
    askedOf: ofTheSeal,
  },
  'gives everybody the same words': {
    provider: 'instantly',
    lie: (honest) => {
      let first: Handover | null = null;
      return {
        send: (handover) => {
          first ??= handover;
          const { subject, body } = first.message;
          const message = { ...handover.message, subject, body };
          return honest.send({ ...handover, message, ...sealMessage(message) });
        },
      };
    },
    askedOf: ofAnOrdinaryBatch,
  },
  'takes silence for absence': {
    provider: 'instantly',
    lie: () => ({
      find: (queries) =>
        Promise.resolve(new Map(queries.map(({ actionId }) => [actionId, { state: 'absent' }]))),
    }),
    askedOf: ofReadingNothing,
  },
  'finds nothing': {
    provider: 'ghl',
    lie: () => ({
      find: (queries) =>
        Promise.resolve(new Map(queries.map(({ actionId }) => [actionId, { state: 'absent' }]))),
    }),
    askedOf: ofAnOrdinaryBatch,
  },
  'claims to look up what nobody can': {
    provider: 'smtp',
    lie: () => ({
      find: (queries) =>
        Promise.resolve(new Map(queries.map(({ actionId }) => [actionId, { state: 'absent' }]))),
    }),
    askedOf: ofAnOrdinaryBatch,
  },
  'takes back without looking': {
    provider: 'heyreach',
    lie: () => ({ takeBack: () => Promise.resolve({ ok: true, readBack: 'absent' }) }),
    askedOf: ofTakingBack,
  },
  'takes back what has left': {
    provider: 'smtp',
    lie: () => ({ takeBack: () => Promise.resolve({ ok: true, readBack: 'absent' }) }),
    askedOf: ofTakingBack,
  },
  'pauses what it cannot see': {
    provider: 'instantly',
    lie: () => ({ pauseAll: () => Promise.resolve({ paused: 0, failed: [] }) }),
    askedOf: ofReadingNothing,
  },
  'sends a second time under another name': {
    provider: 'instantly',
    lie: (honest) => ({
      send: async (handover) => {
        const [name = '', domain = ''] = handover.message.recipient.email.split('@');
        const email = `${name}.${handover.attemptId.slice(-6).toLowerCase()}@${domain}`;
        const message = { ...handover.message, recipient: { ...handover.message.recipient, email } };
        return honest.send({ ...handover, message, ...sealMessage(message) });
      },
    }),
    askedOf: ofASecondHandover,
  },
};
