// Risk: calls of one request cannot be joined, or tracing changes, leaks or hides what a call did.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceEnvelopeSchema } from '@caio/contracts';
import type { TraceEnvelope } from '@caio/contracts';
import { createIdSource, createManualClock } from '@caio/test-kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createRedactor } from './redactor.ts';
import { currentContext, runInContext } from './trace-context.ts';
import { createTraceWriter } from './trace-writer.ts';
import type { TraceWriter } from './trace-writer.ts';
import { createTraces } from './traces.ts';
import type { Traces } from './traces.ts';

let folder = '';
let writer: TraceWriter;
let traces: Traces;
const clock = createManualClock();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-traces-'));
  const redactor = createRedactor();
  writer = createTraceWriter({
    file: join(folder, 't.jsonl'),
    enabled: true,
    retentionDays: 30,
    cleanupEnabled: false,
    redactor,
    now: clock.nowMs,
    onReport: () => undefined,
  });
  traces = createTraces({
    writer,
    redactor,
    now: clock.nowMs,
    monotonicNow: clock.monotonicMs,
    newCorrelationId: createIdSource().correlationId,
  });
});
afterEach(async () => {
  await writer.close();
  await rm(folder, { recursive: true });
});

const written = async (): Promise<TraceEnvelope[]> => {
  await writer.flush();
  const text = await readFile(join(folder, 't.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => traceEnvelopeSchema.parse(JSON.parse(line)));
};

test('a call is measured on the monotonic clock and described without secrets', async () => {
  const answer = await runInContext({ correlationId: 'cor-12345678', caseId: 'case-00000001' }, () =>
    traces.traced(
      {
        agent: 'gatekeeper',
        tool: 'provider:send',
        input: { to: 'jo@firm.example', api_key: 'k', tier: 'tier_1' },
        refs: ['act_01J9ZKQ8W3N4X5Y6Z7A8B9C0D1', 'email:jo@firm.example'],
      },
      async () => {
        clock.advance(12.3456);
        return { outcome: 'accepted', proof: 'kept' };
      },
    ),
  );
  expect(answer).toEqual({ outcome: 'accepted', proof: 'kept' });
  expect(await written()).toEqual([
    {
      timestamp: new Date(clock.nowMs()).toISOString(),
      correlation_id: 'cor-12345678',
      case_id: 'case-00000001',
      agent: 'gatekeeper',
      tool_name: 'provider:send',
      tool_input_summary: '{"to":"***REDACTED***","api_key":"***REDACTED***","tier":"tier_1"}',
      tool_output_summary: '{"outcome":"accepted","proof":"kept"}',
      retrieved_context_refs: ['act_01J9ZKQ8W3N4X5Y6Z7A8B9C0D1', 'email:***REDACTED***'],
      status: 'success',
      duration_ms: 12.346,
      error_code: null,
      error_message: null,
    },
  ]);
});

test('of a result only what describes it is kept, and the caller gets all of it', async () => {
  const result = { ok: true, status: 200, headers: { etag: 'abc' } };
  const call = { agent: 'a', tool: 't', describe: ({ status }: typeof result) => ({ status }) };
  expect(await traces.traced(call, () => result)).toBe(result);
  expect(await written()).toMatchObject([{ status: 'success', tool_output_summary: '{"status":200}' }]);
});

test('an error passes through unchanged and is recorded redacted', async () => {
  const failure = Object.assign(new Error('no mailbox jo@firm.example'), { code: 'ECONNREFUSED' });
  await expect(traces.traced({ agent: 'a', tool: 't' }, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await written()).toMatchObject([
    { status: 'error', error_code: 'ECONNREFUSED', error_message: 'no mailbox ***REDACTED***' },
  ]);
});

test('a refusal that is a value is a failure, not a success', async () => {
  await traces.traced({ agent: 'a', tool: 't' }, () => ({
    ok: false,
    status: 503,
    error: { code: 'upstream_unavailable', message: 'away' },
  }));
  await traces.traced({ agent: 'a', tool: 't' }, () => ({
    outcome: 'refused',
    code: 'bounced',
    message: 'no',
  }));
  await traces.traced({ agent: 'a', tool: 't' }, () => ({ outcome: 'accepted' }));
  expect(await written()).toMatchObject([
    { status: 'failure', error_code: 'upstream_unavailable', error_message: 'away' },
    { status: 'failure', error_code: 'bounced', error_message: 'no' },
    { status: 'success', error_code: null, error_message: null },
  ]);
});

test('the context reaches everything that is awaited, and two requests do not mix', async () => {
  const seen = await Promise.all(
    ['cor-aaaaaaaa', 'cor-bbbbbbbb'].map((correlationId) =>
      runInContext({ correlationId }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await traces.append({ agent: 'a', tool: 't', status: 'success', durationMs: 0 });
        return currentContext();
      }),
    ),
  );
  expect(seen).toEqual([
    { correlationId: 'cor-aaaaaaaa', caseId: null },
    { correlationId: 'cor-bbbbbbbb', caseId: null },
  ]);
  expect((await written()).map((line) => line.correlation_id).sort()).toEqual([
    'cor-aaaaaaaa',
    'cor-bbbbbbbb',
  ]);
  expect(currentContext()).toBeUndefined();
});

test('outside a context a call gets an id of its own', async () => {
  traces.record({ agent: 'a', tool: 't', status: 'success', durationMs: Number.NaN });
  traces.record({ agent: 'a', tool: 't', status: 'success', durationMs: 0, correlationId: 'cor-explicit' });
  const [first, second] = await written();
  expect(first?.correlation_id).toMatch(/^cor-/);
  expect(first?.duration_ms).toBe(0);
  expect(second?.correlation_id).toBe('cor-explicit');
});

test('at most 100 references are kept', async () => {
  const refs = Array.from({ length: 150 }, (_, index) => `ref-${index}`);
  await traces.append({ agent: 'a', tool: 't', status: 'success', durationMs: 0, refs });
  expect((await written())[0]?.retrieved_context_refs).toHaveLength(100);
});
