import type { Response } from 'express';

export interface EventStreamLimits {
  /** A comment keeps proxies from taking a silent stream for a dead one. */
  readonly heartbeatMs: number;
  /** Readers come again after it, which checks anew whether they may read. */
  readonly ageMaxMs: number;
  /** A reader that takes nothing for so long is cut off. */
  readonly stallMaxMs: number;
  /** What readers wait before they come again. */
  readonly retryMs: number;
}

export const eventStreamLimits: EventStreamLimits = {
  heartbeatMs: 15_000,
  ageMaxMs: 600_000,
  stallMaxMs: 30_000,
  retryMs: 2_000,
};

export interface StreamedEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id?: number;
}

const textOf = ({ event, data, id }: StreamedEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * One stream of server-sent events whose newest event is all that counts: a reader that is slow is told the
 * newest when it can take it, and nothing is piled up for it.
 */
export const openEventStream = (res: Response, limits: EventStreamLimits) => {
  let waiting: StreamedEvent | null = null;
  let blockedTimer: NodeJS.Timeout | null = null;
  let isLast = false;

  const endNow = (): void => {
    if (!res.writableEnded) res.end();
  };
  const onBlocked = (): void => {
    blockedTimer ??= setTimeout(() => res.destroy(), limits.stallMaxMs);
  };
  const write = (text: string): void => {
    if (!res.write(text)) onBlocked();
  };
  const send = (event: StreamedEvent): void => {
    if (res.writableEnded || res.destroyed) return;
    if (res.writableNeedDrain) waiting = event;
    else write(textOf(event));
  };
  const heartbeat = setInterval(() => {
    if (!res.writableNeedDrain && !res.writableEnded) write(': still here\n\n');
  }, limits.heartbeatMs);
  const age = setTimeout(endNow, limits.ageMaxMs);

  res.on('drain', () => {
    if (blockedTimer !== null) clearTimeout(blockedTimer);
    blockedTimer = null;
    const event = waiting;
    waiting = null;
    if (event !== null) send(event);
    if (isLast && waiting === null) endNow();
  });
  res.once('close', () => {
    clearInterval(heartbeat);
    clearTimeout(age);
    if (blockedTimer !== null) clearTimeout(blockedTimer);
  });

  res.status(200);
  res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  res.setHeader('Cache-Control', 'no-store, no-transform');
  res.setHeader('X-Accel-Buffering', 'no');
  res.flushHeaders();
  write(`retry: ${limits.retryMs}\n\n`);

  return {
    send,
    /** Ends the stream; a last event that a slow reader could not take yet goes out first. */
    end: (last?: StreamedEvent): void => {
      isLast = true;
      if (last !== undefined) send(last);
      if (waiting === null) endNow();
    },
  };
};
