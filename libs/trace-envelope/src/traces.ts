import { types } from 'node:util';
import type { TraceEnvelope } from '@caio/contracts';
import type { Redactor } from './redactor.ts';
import { currentContext } from './trace-context.ts';
import type { TraceWriter } from './trace-writer.ts';

/** What a caller is about to do: who acts, with which tool, on what. `input` is redacted before it is kept. */
export interface TracedCall {
  agent: string;
  tool: string;
  input?: unknown;
  refs?: readonly string[];
}

/** A finished call. `durationMs` comes from a monotonic clock; `output` and `errorMessage` are redacted. */
export interface FinishedCall extends TracedCall {
  output?: unknown;
  status: TraceEnvelope['status'];
  durationMs: number;
  errorCode?: string | null;
  errorMessage?: string | null;
  correlationId?: string;
  caseId?: string | null;
}

export interface Verdict {
  status: TraceEnvelope['status'];
  errorCode: string | null;
  errorMessage: string | null;
}

export interface Traces {
  /**
   * Measures `fn`, records one envelope, and gives back its result or its error unchanged. `describe` says what of a
   * result is kept; all of it when left out.
   */
  traced<T>(
    call: TracedCall & { judge?: (result: T) => Verdict; describe?: (result: T) => unknown },
    fn: () => Promise<T> | T,
  ): Promise<T>;
  /** Records a finished call without waiting for the disk. */
  record(call: FinishedCall): void;
  /** Records a finished call and resolves when it is on disk. */
  append(call: FinishedCall): Promise<void>;
}

const refsMax = 100;
const success: Verdict = { status: 'success', errorCode: null, errorMessage: null };

const fieldOf = (source: unknown, name: string): unknown =>
  typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `{ok: false}` and `{outcome: 'refused' | 'released' | 'unknown'}` are failures; every other answer is a success. */
const judgeResult = (result: unknown): Verdict => {
  const failed =
    fieldOf(result, 'ok') === false ||
    ['refused', 'released', 'unknown'].includes(String(fieldOf(result, 'outcome')));
  if (!failed) return success;
  const detail = fieldOf(result, 'error') ?? result;
  return {
    status: 'failure',
    errorCode: textOrNull(fieldOf(detail, 'code')) ?? 'failure',
    errorMessage: textOrNull(fieldOf(detail, 'message')),
  };
};

const judgeError = (error: unknown): Verdict => ({
  status: 'error',
  errorCode: textOrNull(fieldOf(error, 'code')) ?? (types.isNativeError(error) ? error.name : 'error'),
  errorMessage: types.isNativeError(error) ? error.message : 'A value that is no error was thrown.',
});

/**
 * Makes trace envelopes: ids from the running context (or `newCorrelationId` where none runs), summaries
 * redacted and bounded, durations from `monotonicNow` in milliseconds. Tracing never fails the traced call.
 */
export const createTraces = (options: {
  writer: TraceWriter;
  redactor: Redactor;
  now: () => number;
  monotonicNow: () => number;
  newCorrelationId: () => string;
}): Traces => {
  const { writer, redactor } = options;

  const envelopeOf = (call: FinishedCall): TraceEnvelope => {
    const context = currentContext();
    return {
      timestamp: new Date(options.now()).toISOString(),
      correlation_id: call.correlationId ?? context?.correlationId ?? options.newCorrelationId(),
      case_id: call.caseId ?? context?.caseId ?? null,
      agent: redactor.text(call.agent),
      tool_name: redactor.shorten(call.tool),
      tool_input_summary: redactor.summarise(call.input),
      tool_output_summary: redactor.summarise(call.output),
      retrieved_context_refs: (call.refs ?? []).slice(0, refsMax).map((ref) => redactor.shorten(String(ref))),
      status: call.status,
      duration_ms: Number.isFinite(call.durationMs) ? Math.round(call.durationMs * 1_000) / 1_000 : 0,
      error_code: call.errorCode == null ? null : redactor.shorten(call.errorCode),
      error_message: call.errorMessage == null ? null : redactor.shorten(call.errorMessage),
    };
  };

  const record = (call: FinishedCall): void => {
    if (writer.enabled) writer.record(envelopeOf(call));
  };

  return {
    record,
    append: (call) => (writer.enabled ? writer.append(envelopeOf(call)) : Promise.resolve()),
    traced: async (call, fn) => {
      if (!writer.enabled) return fn();
      const startedMs = options.monotonicNow();
      const finish = (verdict: Verdict, output: unknown): void =>
        record({ ...call, ...verdict, output, durationMs: options.monotonicNow() - startedMs });
      try {
        const result = await fn();
        finish(
          (call.judge ?? judgeResult)(result),
          call.describe === undefined ? result : call.describe(result),
        );
        return result;
      } catch (error) {
        finish(judgeError(error), undefined);
        throw error;
      }
    },
  };
};
