import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Ends the sentence "timed out after … waiting for …"; a function is asked when the time is up. */
  readonly describe: string | (() => string);
  readonly intervalMs?: number;
}

/**
 * Asks `condition` until it answers something other than false, null or undefined, and returns that answer.
 * Throws with the description, and with the condition's last error if it was throwing, when the time is up.
 * The only waiting a test may do: there is no helper that merely sleeps.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs, describe, intervalMs = 10 }: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await condition();
      if (isPresent(answer)) return answer;
    } catch (error) {
      failure = error;
    }
    if (performance.now() >= deadline) {
      const text = typeof describe === 'string' ? describe : describe();
      throw new Error(`timed out after ${timeoutMs} ms waiting for ${text}`, { cause: failure });
    }
    await pause(intervalMs);
  }
}

const isPresent = <T>(answer: T): answer is Exclude<T, false | null | undefined> =>
  answer !== false && answer !== null && answer !== undefined;
