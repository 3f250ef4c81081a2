import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** Whether who reads may still read; a check that fails says nothing. */
export type MayStillRead = () => Promise<boolean>;

export interface EventStreamPlace {
  /**
   * Passes the events on as they come, until the service ends them or the process stops. A reader that goes away is
   * noticed by whoever asked for them, and their end is noticed here.
   */
  readonly carry: (events: Readable) => void;
  readonly leave: () => void;
}

/**
 * The open event streams of this process, at most `max`, and of one person at most `perPersonMax`. `endAll` ends
 * them in order, so that browsers connect again, to whoever answers then; after it nobody gets a place.
 */
export const createEventStreams = ({
  max,
  perPersonMax,
  recheckMs,
}: {
  max: number;
  perPersonMax: number;
  recheckMs: number;
}) => {
  const open = new Map<ServerResponse, { name: string; end: () => void }>();
  const ofPerson = new Map<string, number>();
  let stopping = false;

  return {
    /**
     * A place for this answer, or null when there is none. It is left when the answer closes, and the stream ended
     * when every `recheckMs` it turns out that its reader may no longer read: a logout ends it.
     */
    enter: (name: string, res: ServerResponse, mayStillRead: MayStillRead): EventStreamPlace | null => {
      const mine = ofPerson.get(name) ?? 0;
      // Of an answer that is closed already nothing would say so once more.
      if (stopping || res.destroyed || open.size >= max || mine >= perPersonMax) return null;
      ofPerson.set(name, mine + 1);
      // An answer without its head would be an end that no browser connects again after; a broken one is not.
      const place = { name, end: () => void res.destroy() };
      open.set(res, place);
      const recheck = setInterval(() => {
        mayStillRead().then(
          (may) => void (may || place.end()),
          () => undefined,
        );
      }, recheckMs);
      recheck.unref();
      const leave = (): void => {
        if (!open.delete(res)) return;
        clearInterval(recheck);
        const left = (ofPerson.get(name) ?? 1) - 1;
        if (left === 0) ofPerson.delete(name);
        else ofPerson.set(name, left);
      };
      res.once('close', leave);
      return {
        leave,
        carry: (events) => {
          const finish = (act: () => void): void => {
            events.unpipe(res);
            events.destroy();
            act();
          };
          // A broken stream must not look like one that came to its end.
          events.on('error', () => finish(() => res.destroy()));
          events.once('close', () => finish(() => void (events.readableEnded ? res.end() : res.destroy())));
          place.end = () => {
            events.removeAllListeners('close');
            finish(() => void res.end());
          };
          events.pipe(res, { end: false });
        },
      };
    },
    size: (): number => open.size,
    endAll: (): void => {
      stopping = true;
      for (const { end } of [...open.values()]) end();
    },
  };
};

export type EventStreams = ReturnType<typeof createEventStreams>;
