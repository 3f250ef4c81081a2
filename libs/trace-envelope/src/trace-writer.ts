import type { TraceEnvelope } from '@caio/contracts';
import { errorCodeOf } from './error-code.ts';
import { createTraceFile } from './trace-file.ts';
import type { TraceFileEvent } from './trace-file.ts';
import type { Redactor } from './redactor.ts';

export type DropReason = 'queue_full' | 'disk_failed' | 'closed' | 'unreadable';

/** Said once when writing starts to fail or envelopes are dropped, then at most every ten seconds, then when it works again. */
export type TraceReport =
  | TraceFileEvent
  | { event: 'write_failing'; code: string; message: string }
  | {
      event: 'dropped';
      dropped: number;
      droppedTotal: number;
      reason: DropReason;
    }
  | { event: 'write_recovered'; droppedTotal: number };

export interface TraceWriterStats {
  writtenTotal: number;
  droppedTotal: number;
  groupsTotal: number;
  queued: number;
}

export interface TraceWriter {
  readonly enabled: boolean;
  /** Resolves when the line is on disk; rejects with `TraceDropError` when it was dropped and counted. */
  append(envelope: TraceEnvelope): Promise<void>;
  /** Queues the line and returns: on disk within `lingerMs`, lost only with the process or a counted drop. */
  record(envelope: TraceEnvelope): void;
  /** Resolves when everything queued so far is on disk or dropped. */
  flush(): Promise<void>;
  stats(): TraceWriterStats;
  /** Flushes and closes; later envelopes are dropped and counted. */
  close(): Promise<void>;
}

export class TraceDropError extends Error {
  readonly code = 'trace_dropped';
  constructor(reason: string) {
    super(`The trace envelope was not written: ${reason}.`);
    this.name = 'TraceDropError';
  }
}

interface Waiter {
  resolve: () => void;
  reject: (error: Error) => void;
}

interface Entry {
  envelope: TraceEnvelope;
  waiter: Waiter | null;
}

const reportEveryMs = 10_000;

const disabledWriter: TraceWriter = Object.freeze({
  enabled: false,
  append: () => Promise.resolve(),
  record: () => undefined,
  flush: () => Promise.resolve(),
  stats: () => ({ writtenTotal: 0, droppedTotal: 0, groupsTotal: 0, queued: 0 }),
  close: () => Promise.resolve(),
});

/**
 * One line in the order of the format. Whoever made the envelope redacted it already; the texts are cut once
 * more because this is the last place before a file that is kept, copied and mailed around.
 */
const lineOf = (envelope: TraceEnvelope, redactor: Redactor): string =>
  JSON.stringify({
    timestamp: envelope.timestamp,
    correlation_id: envelope.correlation_id,
    case_id: envelope.case_id,
    agent: envelope.agent,
    tool_name: envelope.tool_name,
    tool_input_summary: redactor.text(envelope.tool_input_summary),
    tool_output_summary: redactor.text(envelope.tool_output_summary),
    retrieved_context_refs: envelope.retrieved_context_refs,
    status: envelope.status,
    duration_ms: Number.isFinite(envelope.duration_ms) ? envelope.duration_ms : 0,
    error_code: envelope.error_code,
    error_message: envelope.error_message === null ? null : redactor.shorten(envelope.error_message),
  }) + '\n';

/**
 * The one writer of a process: lines that arrive while a group is being synced become the next group. A disk
 * that fails is tried `attemptsMax` times per group; what cannot be written or queued is dropped, counted,
 * reported through `onReport`, and noted in the file itself once it can be written again. Nothing throws into
 * the caller. `retentionDays` counts UTC days; `rotateBytes` bounds a segment.
 */
export const createTraceWriter = (options: {
  file: string;
  enabled: boolean;
  retentionDays: number;
  cleanupEnabled: boolean;
  redactor: Redactor;
  now: () => number;
  onReport: (report: TraceReport) => void;
  rotateBytes?: number;
  queueMax?: number;
  groupMax?: number;
  lingerMs?: number;
  retryDelayMs?: number;
  attemptsMax?: number;
}): TraceWriter => {
  if (!options.enabled) return disabledWriter;
  const { now, redactor } = options;
  const queueMax = options.queueMax ?? 20_000;
  const groupMax = options.groupMax ?? 1_024;
  const lingerMs = options.lingerMs ?? 50;
  const retryDelayMs = options.retryDelayMs ?? 100;
  const attemptsMax = options.attemptsMax ?? 3;

  let queue: Entry[] = [];
  let working = false;
  let immediate: NodeJS.Immediate | null = null;
  let linger: NodeJS.Timeout | null = null;
  let closed = false;
  let failing = false;
  let writtenTotal = 0;
  let droppedTotal = 0;
  let groupsTotal = 0;
  let droppedUnreported = 0;
  let droppedUnnoted = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  let idle: (() => void)[] = [];

  const report = (message: TraceReport): void => {
    try {
      options.onReport(message);
    } catch {
      // A broken log must not stop the traces, and there is nowhere left to say so.
    }
  };

  const file = createTraceFile({
    file: options.file,
    rotateBytes: options.rotateBytes ?? 64 * 1024 * 1024,
    retentionDays: options.retentionDays,
    cleanupEnabled: options.cleanupEnabled,
    now,
    onEvent: report,
  });

  const drop = (entries: readonly Entry[], reason: DropReason): void => {
    droppedTotal += entries.length;
    droppedUnreported += entries.length;
    droppedUnnoted += entries.length;
    for (const { waiter } of entries) waiter?.reject(new TraceDropError(reason));
    const at = now();
    if (at - reportedAtMs < reportEveryMs && at >= reportedAtMs) return;
    reportedAtMs = at;
    report({ event: 'dropped', dropped: droppedUnreported, droppedTotal, reason });
    droppedUnreported = 0;
  };

  const dropNote = (dropped: number): string =>
    lineOf(
      {
        timestamp: new Date(now()).toISOString(),
        correlation_id: 'trace-writer',
        case_id: null,
        agent: 'trace-writer',
        tool_name: 'trace-writer:drop',
        tool_input_summary: '{}',
        tool_output_summary: JSON.stringify({ dropped }),
        retrieved_context_refs: [],
        status: 'error',
        duration_ms: 0,
        error_code: 'trace_dropped',
        error_message: `${dropped} trace envelopes before this line could not be written.`,
      },
      redactor,
    );

  const linesOf = (group: readonly Entry[]): { bytes: Buffer; entries: Entry[] } => {
    let text = droppedUnnoted > 0 ? dropNote(droppedUnnoted) : '';
    const entries: Entry[] = [];
    for (const entry of group) {
      try {
        text += lineOf(entry.envelope, redactor);
        entries.push(entry);
      } catch {
        drop([entry], 'unreadable');
      }
    }
    return { bytes: Buffer.from(redactor.cutKnown(text), 'utf8'), entries };
  };

  const wait = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, delayMs);
    });

  const writeGroup = async (group: readonly Entry[]): Promise<void> => {
    const noted = droppedUnnoted;
    const { bytes, entries } = linesOf(group);
    let left = bytes;
    const attempts = failing || closed ? 1 : attemptsMax;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await file.append(left);
        break;
      } catch (error) {
        if (!failing) {
          failing = true;
          const code = errorCodeOf(error) ?? 'unknown';
          report({ event: 'write_failing', code, message: redactor.shorten(String(error)) });
        }
        if (attempt >= attempts) {
          drop(entries, 'disk_failed');
          if (!closed) await wait(retryDelayMs);
          return;
        }
        await wait(retryDelayMs * attempt);
        // Whole lines that reached the file stay; the fragment after them is cut when it is opened again.
        left = left.subarray(left.lastIndexOf(0x0a, Math.max(file.writtenBytes() - 1, 0)) + 1);
      }
    }
    droppedUnnoted -= noted;
    writtenTotal += entries.length;
    groupsTotal += 1;
    if (failing) {
      failing = false;
      droppedUnreported = 0;
      reportedAtMs = Number.NEGATIVE_INFINITY;
      report({ event: 'write_recovered', droppedTotal });
    }
    for (const { waiter } of entries) waiter?.resolve();
  };

  const run = async (): Promise<void> => {
    working = true;
    while (queue.length > 0) {
      const group = queue.length <= groupMax ? queue : queue.slice(0, groupMax);
      queue = queue.length <= groupMax ? [] : queue.slice(groupMax);
      await writeGroup(group);
    }
    working = false;
    const waiting = idle;
    idle = [];
    for (const resolve of waiting) resolve();
  };

  const start = (): void => {
    if (linger !== null) clearTimeout(linger);
    if (immediate !== null) clearImmediate(immediate);
    linger = null;
    immediate = null;
    if (!working && queue.length > 0) void run();
  };

  const enqueue = (entry: Entry): void => {
    if (closed) return drop([entry], 'closed');
    if (queue.length >= queueMax) return drop([entry], 'queue_full');
    queue.push(entry);
    if (working || immediate !== null) return;
    if (entry.waiter !== null || queue.length >= groupMax) immediate = setImmediate(start);
    else if (linger === null) linger = setTimeout(start, lingerMs);
  };

  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      start();
      if (working) idle.push(resolve);
      else resolve();
    });

  return {
    enabled: true,
    append: (envelope) => {
      const written = new Promise<void>((resolve, reject) => {
        enqueue({ envelope, waiter: { resolve, reject } });
      });
      // A drop is reported already; a caller that does not await must not bring the process down.
      written.catch(() => undefined);
      return written;
    },
    record: (envelope) => enqueue({ envelope, waiter: null }),
    flush,
    stats: () => ({ writtenTotal, droppedTotal, groupsTotal, queued: queue.length }),
    close: async () => {
      if (closed) return;
      closed = true;
      await flush();
      await file.close();
    },
  };
};
