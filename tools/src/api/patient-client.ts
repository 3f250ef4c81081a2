import { errorCatalogue } from '@caio/contracts';
import { type ApiCall, type ApiClient, ApiError } from './api-client.ts';

export interface Patience {
  /** How long one question is asked again before this gives up. */
  readonly limitMs: number;
  readonly say: (line: string) => void;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Patience by the clock of this process. */
export const realPatience = (limitMs: number, say: Patience['say']): Patience => ({
  ...{ limitMs, say },
  nowMs: () => performance.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

const firstPauseMs = 250;
const longestPauseMs = 5_000;
const sayAgainMs = 15_000;
const waitedTooLong = 'waited_too_long';

/** Gave up after waiting: what was started before goes on. */
export const gaveUpWaiting = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === waitedTooLong;

const passesByItself = ({ code, status }: ApiError, answeredBefore: boolean): boolean => {
  // Before the first answer it is an address where nothing runs, and waiting would only hide that.
  if (code === 'gateway_unreachable' || code === 'gateway_silent') return answeredBefore;
  // What stands in front of a gateway that is being replaced.
  if (code === 'not_our_gateway') return status >= 502 && status <= 504;
  const entry = Object.entries(errorCatalogue).find(([name]) => name === code)?.[1];
  return entry !== undefined && entry.retryable && (status === 429 || status >= 500);
};

/** A command may be repeated only where the first one did nothing for certain. */
const didNothing = ({ code, details }: ApiError): boolean =>
  details['arrived'] === 'no' || code === 'overloaded' || code === 'too_many_requests';

const tooLong = (error: ApiError, waitedMs: number): ApiError =>
  new ApiError(error.status, {
    code: waitedTooLong,
    message: `Gave up after ${Math.round(waitedMs / 1_000)} ${Math.round(waitedMs / 1_000) === 1 ? 'second' : 'seconds'} of waiting. The last answer was: ${error.message} (${error.code})`,
    fix: `${error.fix ?? 'Look at what runs there.'} What was started goes on without you.`,
    details: { code: error.code, ...error.details },
    correlationId: error.correlationId,
  });

/**
 * A client that asks again for a bounded time while the system says that it cannot answer now, and says what it waits
 * for. Reads are repeated; a command only where the answer says that it did not arrive. Throws ApiError
 * `waited_too_long` with the last answer when the time is over.
 */
export const createPatientClient = (client: ApiClient, patience: Patience): ApiClient => {
  let answeredBefore = false;
  const insist = async <T>(call: ApiCall, ask: () => Promise<T>): Promise<T> => {
    const startedMs = patience.nowMs();
    let pauseMs = firstPauseMs;
    let said = { code: '', atMs: 0 };
    for (;;) {
      try {
        const answer = await ask();
        answeredBefore = true;
        if (said.code !== '') patience.say('  answered again; going on');
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError) || !passesByItself(error, answeredBefore)) throw error;
        if (call.method !== 'GET' && !didNothing(error)) throw error;
        const nowMs = patience.nowMs();
        const leftMs = startedMs + patience.limitMs - nowMs;
        if (leftMs <= 0) throw tooLong(error, nowMs - startedMs);
        if (said.code !== error.code || nowMs - said.atMs >= sayAgainMs) {
          patience.say(
            `  waiting: ${error.message} (${error.code}); asking again for up to ${Math.ceil(leftMs / 1_000)} seconds`,
          );
          said = { code: error.code, atMs: nowMs };
        }
        await patience.pause(Math.min(pauseMs, leftMs));
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  };
  return { ...client, call: (call, schema) => insist(call, () => client.call(call, schema)) };
};
