import { errorCatalogue } from '@caio/contracts';
import { ApiError } from '../api/api-client.ts';
import { gaveUpWaiting } from '../api/patient-client.ts';
import { leftOutLines, leftOutOf } from './left-out.ts';
import type { TypedCommand } from './typed-command.ts';

/** Why a command line was not carried out, for people and for programs. */
export interface Refusal {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
  readonly correlationId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** False when the wish may have been carried out although no answer came. */
  readonly certain: boolean;
}

/** What a command ends with that waited for as long as it was allowed to. */
export const gaveUpExit = 3;

/** `help` is the command that explains the one that was refused. */
export const refusalOf = (error: unknown, typed: TypedCommand, help: string): Refusal => {
  if (!(error instanceof ApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      ...{ exitCode: 1, code: 'failed', message, fix: null, correlationId: null, details: {} },
      certain: true,
    };
  }
  const { code, details, correlationId = null } = error;
  const held = leftOutOf(details);
  if (code === 'empty_scope' && held.length > 0)
    return {
      ...{ exitCode: 1, code, details, correlationId, certain: true },
      message: `Every approved draft is held back, so there is nothing to put in a batch.`,
      fix: typed(['Each of them says why and what to do:', ...leftOutLines(held)].join('\n')),
    };
  const { message } = error;
  // The catalogue points at the HTTP reference, which is not what somebody at a terminal needs.
  const fix =
    code === 'bad_request' && error.fix === errorCatalogue.bad_request.fix
      ? `See what it takes with: ${help}`
      : (error.fix ?? null);
  return {
    ...{ exitCode: gaveUpWaiting(error) ? gaveUpExit : 1, code, details, correlationId },
    message: typed(message),
    fix: fix === null ? null : typed(fix),
    certain: error.status < 500 && code !== 'gateway_silent',
  };
};

const usageCode = 'wrong_usage';

/** A command line that could not be understood. */
export const wrongUsage = (exitCode: number, message: string, fix: string | null): Refusal => ({
  ...{ exitCode, code: usageCode, message, fix, correlationId: null, details: {}, certain: true },
});

/** One clear message; the code stands once beside the sentence, the correlation id where somebody has to look. */
export const refusalText = (refusal: Refusal): string => {
  // A code is for looking up or searching; a wrong command line and a broken file have only their sentence.
  const named = refusal.message.includes(refusal.code) || ['failed', usageCode].includes(refusal.code);
  const sentence = named ? refusal.message : `${refusal.message} (${refusal.code})`;
  const trail =
    refusal.correlationId !== null && /internal|unavailable|silent/.test(refusal.code)
      ? ` (correlation id ${refusal.correlationId})`
      : '';
  const whole = [sentence, refusal.fix].filter((part) => part !== null).join(' ');
  return `${whole}${trail}`;
};

/** What a program gets instead of an answer. */
export const refusalJson = ({ code, message, fix, correlationId, details }: Refusal) => ({
  error: { code, message, fix, correlationId, ...(Object.keys(details).length === 0 ? {} : { details }) },
});
