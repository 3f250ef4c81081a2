import type { Readable } from 'node:stream';
import { digestOf, serviceTokenHeader } from '@caio/auth';
import type { ServiceTokenSigner } from '@caio/auth';
import { errorCatalogue, errorEnvelopeSchema } from '@caio/contracts';
import type { Principal, ServiceName } from '@caio/contracts';
import type { Traces } from '@caio/trace-envelope';
import { Pool } from 'undici';
import type { z } from 'zod';
import { type AnswerTarget, relayAnswer } from './answer-relay.ts';
import { tracedPath } from './traced-path.ts';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface InternalFailure {
  ok: false;
  status: number;
  error: { code: string; message: string; fix?: string; details?: Record<string, unknown> };
}

export type InternalAnswer<T> = { ok: true; status: number; data: T } | InternalFailure;

export interface InternalStream {
  ok: true;
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

/** A body on its way, with the digest that the service token names. */
export interface SentBody {
  content: Readable | Buffer;
  digest: string;
}

interface CallBase {
  method: HttpMethod;
  /** Path with query, starting with `/`. */
  path: string;
  correlationId: string;
  caseId?: string | null;
  /** Only the gateway may name one. */
  user?: Principal;
}

/** `error` is why it broke off; null when it came whole, or when whoever waited for it went away. */
export interface InternalRelay {
  ok: true;
  whole: boolean;
  error: unknown;
}

export interface InternalClient {
  /** One call with a JSON answer; the answer is parsed with the contract schema on this side. Never retried. */
  request<S extends z.ZodType>(
    call: CallBase & { body?: unknown; schema: S },
  ): Promise<InternalAnswer<z.output<S>>>;
  /**
   * One call whose body and answer stream. A body needs its digest beforehand. `ok` means that the service
   * answered, with whatever status; read or destroy `body` in any case.
   */
  stream(
    call: CallBase & {
      body?: SentBody;
      headers?: Readonly<Record<string, string>>;
      signal?: AbortSignal;
      /** How long may pass between two chunks of the answer; 0 is for ever. `timeoutMs` when left out. */
      idleTimeoutMs?: number;
    },
  ): Promise<InternalStream | InternalFailure>;
  /**
   * One call whose answer is written on to `target` as it comes, with whatever status. `ok` means that its head was
   * passed on; `whole` is false when the rest broke off, and then `target.out` is destroyed, or was gone. Leaves no
   * trace of its own: the record of the request that is passed on says it.
   */
  relay(
    call: CallBase & {
      body?: SentBody;
      headers?: Readonly<Record<string, string>>;
      /** For the head, and between two chunks; the client's own when left out. */
      timeoutMs?: number;
    },
    target: AnswerTarget,
  ): Promise<InternalRelay | InternalFailure>;
  close(): Promise<void>;
}

const fieldOf = (source: unknown, name: string): unknown =>
  typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;

const codeOf = (error: unknown): string => {
  const code = fieldOf(error, 'code') ?? fieldOf(fieldOf(error, 'cause'), 'code');
  if (typeof code === 'string') return code;
  const name = fieldOf(error, 'name');
  return typeof name === 'string' ? name : 'unknown';
};

/** So that no spelling of a header passed through stands beside the one set here. */
const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

class AnswerTooLarge extends Error {
  readonly code = 'answer_too_large';
}

const readAnswer = async (body: Readable, limitBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limitBytes) throw new AnswerTooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
};

/**
 * Calls one other service over a keep-alive pool, each call signed for exactly its method, path and body.
 * `timeoutMs` bounds a whole `request`; for `stream` it bounds the wait for the head and between two chunks.
 * No retries here: whoever owns the work decides.
 */
export const createInternalClient = (options: {
  baseUrl: string;
  audience: ServiceName;
  signer: ServiceTokenSigner;
  traces: Traces;
  timeoutMs: number;
  connections?: number;
  answerLimitBytes?: number;
}): InternalClient => {
  const { audience, signer, traces, timeoutMs } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, {
    connections: options.connections ?? 64,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  const unavailable = (message: string, reason: string): InternalFailure => ({
    ok: false,
    status: errorCatalogue.upstream_unavailable.status,
    error: {
      code: 'upstream_unavailable',
      message,
      fix: errorCatalogue.upstream_unavailable.fix,
      details: { service: audience, reason },
    },
  });

  const headersOf = (call: CallBase, bodyDigest: string | null): Record<string, string> => ({
    [serviceTokenHeader]: signer.sign({
      audience,
      method: call.method,
      path: prefix + call.path,
      bodyDigest,
      correlationId: call.correlationId,
      ...(call.user === undefined ? {} : { user: call.user }),
    }),
    'x-correlation-id': call.correlationId,
    ...(call.caseId == null ? {} : { 'x-case-id': call.caseId }),
  });

  const failureOf = (status: number, json: unknown): InternalFailure => {
    const envelope = errorEnvelopeSchema.safeParse(json);
    if (!envelope.success) {
      return unavailable(
        `The ${audience} answered with status ${status} and no readable error.`,
        `http_${status}`,
      );
    }
    const { code, message, fix, details } = envelope.data.error;
    return {
      ok: false,
      status,
      error: {
        code,
        message,
        ...(fix === undefined ? {} : { fix }),
        ...(details === undefined ? {} : { details }),
      },
    };
  };

  const send = async <S extends z.ZodType>(
    call: CallBase & { body?: unknown; schema: S },
  ): Promise<InternalAnswer<z.output<S>>> => {
    const body = call.body === undefined ? null : Buffer.from(JSON.stringify(call.body), 'utf8');
    const headers = headersOf(call, body === null ? null : digestOf(body));
    if (body !== null) headers['content-type'] = 'application/json';
    let status: number;
    let json: unknown;
    try {
      const answer = await pool.request({
        method: call.method,
        path: prefix + call.path,
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = answer.statusCode;
      json = parseJson(await readAnswer(answer.body, options.answerLimitBytes ?? 32 * 1024 * 1024));
    } catch (error) {
      return unavailable(`The ${audience} is not answering.`, codeOf(error));
    }
    if (status >= 400) return failureOf(status, json);
    const data = call.schema.safeParse(json);
    if (data.success) return { ok: true, status, data: data.data };
    return unavailable(`The ${audience} answered in a form this version does not know.`, 'answer_invalid');
  };

  const open = async (
    call: Parameters<InternalClient['stream']>[0],
  ): Promise<InternalStream | InternalFailure> => {
    try {
      const answer = await pool.request({
        method: call.method,
        path: prefix + call.path,
        headers: { ...lowerCased(call.headers ?? {}), ...headersOf(call, call.body?.digest ?? null) },
        body: call.body?.content ?? null,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
        ...(call.idleTimeoutMs === undefined ? {} : { bodyTimeout: call.idleTimeoutMs }),
      });
      return { ok: true, status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      return unavailable(`The ${audience} is not answering.`, codeOf(error));
    }
  };

  const relay = async (
    call: Parameters<InternalClient['relay']>[0],
    target: AnswerTarget,
  ): Promise<InternalRelay | InternalFailure> => {
    const headers = headersOf(call, call.body?.digest ?? null);
    for (const name in call.headers) headers[name.toLowerCase()] ??= call.headers[name] ?? '';
    const request = {
      ...{ method: call.method, path: prefix + call.path, headers },
      body: call.body?.content ?? null,
      ...(call.timeoutMs === undefined
        ? {}
        : { headersTimeout: call.timeoutMs, bodyTimeout: call.timeoutMs }),
    };
    const end = await relayAnswer(pool, request, target);
    switch (end.kind) {
      case 'whole':
        return { ok: true, whole: true, error: null };
      case 'gone':
        return { ok: true, whole: false, error: null };
      case 'broken':
        return { ok: true, whole: false, error: end.error };
      case 'turned down':
        return unavailable(`The ${audience} gave no answer to pass on.`, `http_${end.status}`);
      case 'no head':
        return unavailable(`The ${audience} is not answering.`, codeOf(end.error));
    }
  };

  /** Ids and filters in a path are not part of a tool's name. */
  const trace = (call: CallBase) => ({
    agent: signer.service,
    tool: `${audience}:${call.method}`,
    input: { path: tracedPath(call.path) },
  });

  return {
    request: (call) => traces.traced(trace(call), () => send(call)),
    stream: (call) =>
      traces.traced(
        {
          ...trace(call),
          judge: (answer) =>
            answer.ok
              ? { status: 'success', errorCode: null, errorMessage: null }
              : { status: 'failure', errorCode: answer.error.code, errorMessage: answer.error.message },
          // The body is still on its way, and the headers are somebody else's.
          describe: ({ status }) => ({ status }),
        },
        () => open(call),
      ),
    relay,
    close: () => pool.close(),
  };
};
