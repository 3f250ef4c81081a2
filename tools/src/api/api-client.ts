import { createHash } from 'node:crypto';
import { errorEnvelopeSchema } from '@caio/contracts';
import { request } from 'undici';
import type { z } from 'zod';

/** An answer of the API that is an error, in its own words. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  /** Of the call that failed; absent when no service was reached. */
  readonly correlationId: string | undefined;
  constructor(
    status: number,
    error: {
      code: string;
      message: string;
      fix?: string | undefined;
      details?: Record<string, unknown> | undefined;
      correlationId?: string | undefined;
    },
  ) {
    super(error.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code;
    this.fix = error.fix;
    this.details = error.details ?? {};
    this.correlationId = error.correlationId;
  }
}

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: unknown;
  readonly bytes?: { readonly content: Buffer; readonly type: string };
}

const unreachable = (baseUrl: string): ApiError =>
  new ApiError(0, {
    code: 'gateway_unreachable',
    message: `Nothing answers at ${baseUrl}.`,
    fix: 'Start the stack with npm start, or set CAIO_URL to the address of the gateway.',
  });

/** The call may have arrived: whether it was carried out has to be looked up. */
const silent = (baseUrl: string, correlationId: string): ApiError =>
  new ApiError(0, {
    code: 'gateway_silent',
    message: `${baseUrl} was reached and gave no answer, so nobody knows whether it did what was asked.`,
    fix: 'Look at the state it should have changed before you try again.',
    correlationId,
  });

/** Failures after which no byte of the call can have arrived. */
const neverSent = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  'UND_ERR_INVALID_ARG',
]);

const codeOf = (error: unknown): string => {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const code: unknown = first instanceof Error ? Reflect.get(first, 'code') : undefined;
  return typeof code === 'string' ? code : '';
};

const timeoutDefaultMs = 120_000;

/** Talks to the gateway as one person or program; every answer is parsed with its contract. */
export const createApiClient = (options: {
  baseUrl: string;
  token: string;
  correlationId: string;
  /** How long an answer may take. */
  timeoutMs?: number;
}) => {
  const timeoutMs = options.timeoutMs ?? timeoutDefaultMs;
  const send = async (call: ApiCall): Promise<{ status: number; text: string }> => {
    const body = call.json === undefined ? call.bytes?.content : Buffer.from(JSON.stringify(call.json));
    const type = call.json === undefined ? call.bytes?.type : 'application/json';
    const digest = body === undefined ? null : createHash('sha256').update(body).digest('base64');
    try {
      const answer = await request(`${options.baseUrl}${call.path}`, {
        method: call.method,
        headers: {
          'x-dashboard-token': options.token,
          'x-correlation-id': options.correlationId,
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(digest === null ? {} : { 'content-digest': `sha-256=:${digest}:` }),
        },
        body: body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw neverSent.has(codeOf(error))
        ? unreachable(options.baseUrl)
        : silent(options.baseUrl, options.correlationId);
    }
  };

  return {
    baseUrl: options.baseUrl,
    correlationId: options.correlationId,
    /** Throws ApiError for every answer that is not a success. */
    call: async <Schema extends z.ZodType>(call: ApiCall, schema: Schema): Promise<z.output<Schema>> => {
      const { status, text } = await send(call);
      let json: unknown = null;
      try {
        json = JSON.parse(text);
      } catch {
        // Judged below: an answer that is not JSON is not ours.
      }
      if (status >= 400) {
        const envelope = errorEnvelopeSchema.safeParse(json);
        throw envelope.success
          ? new ApiError(status, envelope.data.error)
          : new ApiError(status, {
              code: 'not_our_gateway',
              message: `${options.baseUrl} answered ${status} in a form that is not ours.`,
              fix: 'Check CAIO_URL: something else than the gateway seems to be there.',
            });
      }
      const parsed = schema.safeParse(json);
      if (!parsed.success) {
        throw new ApiError(status, {
          code: 'answer_invalid',
          message: `The answer to ${call.method} ${call.path.split('?')[0] ?? ''} has a form this version does not know.`,
          fix: 'Use the command line of the same version as the gateway.',
        });
      }
      return parsed.data;
    },
  };
};

export type ApiClient = ReturnType<typeof createApiClient>;
