import type { z } from 'zod';
import { type ApiFailure, failureOf } from './api-failure.ts';

export type ApiOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ApiFailure };

export interface ApiCall<T> {
  readonly method: 'GET' | 'POST';
  /** Path and query from the root of the gateway. */
  readonly path: string;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}

export type ApiClient = <T>(call: ApiCall<T>) => Promise<ApiOutcome<T>>;

/** What asking again who is signed in brought: the same, a new token against forged requests, or somebody else. */
export type RenewedSession = 'same' | 'renewed' | 'other_person';

export interface ApiClientDependencies {
  readonly fetch: typeof fetch;
  readonly newCorrelationId: () => string;
  /** The token against forged requests that the session gave, null where none is needed. */
  readonly csrfToken: () => string | null;
  /** Asks again who is signed in, after a token against forged requests was refused. */
  readonly renewSession: () => Promise<RenewedSession>;
  /** Whether somebody is at the page; a question without anybody keeps no session alive. */
  readonly isAttended: () => boolean;
  readonly onSignedOut: () => void;
  /** What the gateway's clock said, from the Date header. */
  readonly onServerDate: (date: string) => void;
  /** A question can be asked again soon; a change waits for the gateway to say which part is away. */
  readonly timeoutMs: Readonly<Record<'GET' | 'POST', number>>;
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Calls the gateway with the session cookie and parses every answer with its contract. Never throws for what can be
 * expected: the outcome says what went wrong. A refused forgery token is renewed once, since a login in another
 * tab replaces it; nothing is asked again in the name of another person.
 */
export const createApiClient = (deps: ApiClientDependencies): ApiClient => {
  const once = async <T>(call: ApiCall<T>): Promise<ApiOutcome<T>> => {
    const correlationId = deps.newCorrelationId();
    const failed = (failure: ApiFailure): ApiOutcome<T> => ({ ok: false, failure });
    const headers: Record<string, string> = { Accept: 'application/json', 'X-Correlation-ID': correlationId };
    if (call.method === 'GET' && !deps.isAttended()) headers['X-Caio-Background'] = '1';
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    const csrf = deps.csrfToken();
    if (call.method !== 'GET' && csrf !== null) headers['X-CSRF-Token'] = csrf;
    const timeout = AbortSignal.timeout(deps.timeoutMs[call.method]);
    let response: Response;
    let text: string;
    try {
      response = await deps.fetch(call.path, {
        method: call.method,
        headers,
        credentials: 'same-origin',
        redirect: 'error',
        cache: 'no-store',
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      text = await response.text();
    } catch {
      if (call.signal?.aborted === true) return failed({ kind: 'aborted', correlationId });
      return failed({ kind: timeout.aborted ? 'silent' : 'offline', correlationId });
    }
    const date = response.headers.get('date');
    if (date !== null) deps.onServerDate(date);
    const answered = response.headers.get('x-correlation-id') ?? correlationId;
    const body = parsedJson(text);
    if (!response.ok) {
      const failure = failureOf({
        status: response.status,
        body,
        correlationId: answered,
        retryAfter: response.headers.get('retry-after'),
      });
      if (failure.kind === 'signed_out') deps.onSignedOut();
      return failed(failure);
    }
    const parsed = call.answer.safeParse(body);
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    const place = issue ? `${issue.path.join('.') || 'the answer'}: ${issue.message}` : 'the answer';
    return failed({ kind: 'unreadable', place, correlationId: answered });
  };
  return async (call) => {
    const outcome = await once(call);
    const mayRenew =
      !outcome.ok && outcome.failure.kind === 'forbidden' && outcome.failure.permission === null;
    if (!mayRenew || call.method === 'GET') return outcome;
    switch (await deps.renewSession()) {
      case 'same':
        return outcome;
      case 'renewed':
        return once(call);
      case 'other_person':
        return {
          ok: false,
          failure: { kind: 'other_person', correlationId: outcome.failure.correlationId },
        };
    }
  };
};
