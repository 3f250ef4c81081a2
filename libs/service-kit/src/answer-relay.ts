import type { Writable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** What an answer said before its body. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface AnswerTarget {
  /** The head came. Called once, before anything is written to `out`; false when the answer is not to be passed on. */
  readonly onHead: (head: AnswerHead) => boolean;
  /** Where the body goes, and whose end means that nobody waits for it any more. */
  readonly out: Writable;
}

/**
 * How a relay ended. `turned down`: its head was not to be passed on, and nothing was. `no head`: nothing of an answer came, so the caller can still say something else. `broken`: it
 * broke off in the middle; `out` is destroyed, for nobody to take a part for the whole. `gone`: `out` was closed.
 */
export type RelayEnd =
  | { readonly kind: 'whole'; readonly status: number }
  | { readonly kind: 'turned down'; readonly status: number }
  | { readonly kind: 'no head'; readonly error: unknown }
  | { readonly kind: 'broken'; readonly status: number; readonly error: unknown }
  | { readonly kind: 'gone' };

/** A reader that takes nothing for so long is cut off: its connection to the service is one that others wait for. */
const stallMs = 30_000;

class NobodyWaits extends Error {}
class TurnedDown extends Error {}

/**
 * Sends a request and writes its answer on as it comes, no faster than `out` takes it. Written against the dispatcher
 * itself because a body stream between the two connections costs more than everything else that a proxy does.
 */
export const relayAnswer = (
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { onHead, out }: AnswerTarget,
): Promise<RelayEnd> =>
  new Promise((resolve) => {
    let abort: ((reason: Error) => void) | null = null;
    let status: number | null = null;
    let isGone = out.destroyed;

    const onClose = (): void => {
      isGone = true;
      abort?.(new NobodyWaits());
    };
    const settle = (end: RelayEnd): void => {
      abort = null;
      out.off('close', onClose);
      resolve(end);
    };
    const fail = (error: unknown): void => {
      if (error instanceof TurnedDown) return;
      if (isGone) return settle({ kind: 'gone' });
      if (status === null) return settle({ kind: 'no head', error });
      const end = { kind: 'broken', status, error } as const;
      settle(end);
      out.destroy();
    };
    out.once('close', onClose);

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (controller) => {
        if (isGone) return controller.abort(new NobodyWaits());
        abort = (reason) => controller.abort(reason);
      },
      onResponseStart: (controller, statusCode, headers) => {
        // What is only on the way to an answer (103) is not passed on.
        if (statusCode < 200) return;
        if (onHead({ status: statusCode, headers })) {
          status = statusCode;
          return;
        }
        settle({ kind: 'turned down', status: statusCode });
        controller.abort(new TurnedDown());
      },
      onResponseData: (controller, chunk) => {
        if (out.write(chunk)) return;
        controller.pause();
        const stalled = setTimeout(() => out.destroy(), stallMs);
        stalled.unref();
        const onGone = (): void => clearTimeout(stalled);
        out.once('close', onGone).once('drain', () => {
          out.off('close', onGone);
          clearTimeout(stalled);
          controller.resume();
        });
      },
      onResponseEnd: () => {
        const ended = status ?? 0;
        settle({ kind: 'whole', status: ended });
        out.end();
      },
      onResponseError: (_controller, error) => fail(error),
    };
    try {
      dispatcher.dispatch(request, handler);
    } catch (error) {
      fail(error);
    }
  });
