import type { z } from 'zod';
import { createHttpExchange, type ExchangeRequest } from '../http-exchange.ts';
import { retryAfterMsOf, type Failure } from '../outcome-table.ts';
import {
  contactPageSchema,
  conversationPageSchema,
  emailSchema,
  messagePageSchema,
  sentMessageSchema,
  vendorErrorSchema,
} from './vendor-schemas.ts';

export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface GhlClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly locationId: string;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly monotonicMs: () => number;
  readonly nowMs: () => number;
}

/** The version of the API that the shapes are of; the vendor asks for it with every call. */
const apiVersion = '2021-07-28';
const answerBytesMax = 4 * 1_048_576;
const pageSize = 100;

/** The few calls of GoHighLevel's API v2 that are used, each once, with its answer checked. Never retries. */
export function createGhlClient(options: GhlClientOptions) {
  const base = new URL(options.baseUrl);
  const root = base.pathname.replace(/\/+$/, '');
  const exchange = createHttpExchange({
    origin: base.origin,
    timeoutMs: options.timeoutMs,
    monotonicMs: options.monotonicMs,
    connections: options.connections,
    answerBytesMax,
  });

  const call = async <S extends z.ZodType>(
    schema: S,
    request: Omit<ExchangeRequest, 'headers'>,
    correlationId: string,
  ): Promise<Reply<z.output<S>>> => {
    const answer = await exchange.send({
      ...request,
      path: root + request.path,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        version: apiVersion,
        accept: 'application/json',
        'x-correlation-id': correlationId,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    if (answer.state === 'not_written') {
      return { ok: false, failure: { kind: 'not_written', code: answer.code } };
    }
    if (answer.state === 'lost') return { ok: false, failure: { kind: 'lost', code: answer.code } };
    if (answer.status < 200 || answer.status > 299) {
      const retryAfterMs = retryAfterMsOf(answer.retryAfter, options.nowMs());
      const message = `GoHighLevel answered ${answer.status}${reasonIn(answer.text)}`;
      return { ok: false, failure: { kind: 'status', status: answer.status, retryAfterMs, message } };
    }
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(answer.contentType)) {
      return { ok: false, failure: { kind: 'unreadable', code: 'answer_wrong_type' } };
    }
    const body = jsonOf(answer.text);
    if (!body.ok) return { ok: false, failure: { kind: 'unreadable', code: 'answer_not_json' } };
    const parsed = schema.safeParse(body.value);
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, failure: { kind: 'unreadable', code: 'answer_unexpected' } };
  };

  const get = <S extends z.ZodType>(schema: S, path: string, query: Record<string, string>, cid: string) =>
    call(schema, { method: 'GET', path: `${path}?${new URLSearchParams(query).toString()}` }, cid);
  const { locationId } = options;
  const limit = String(pageSize);

  return {
    /** Whatever the vendor takes for a match: never the person alone. */
    contacts: (query: string, correlationId: string) =>
      get(contactPageSchema, '/contacts/', { locationId, query, limit }, correlationId),
    /** `writeDeadlineMs` guards the message itself; nothing else a client sends carries it. */
    sendMessage: (message: unknown, marks: { correlationId: string; writeDeadlineMs: number }) =>
      call(
        sentMessageSchema,
        {
          method: 'POST',
          path: '/conversations/messages',
          body: JSON.stringify(message),
          writeDeadlineMs: marks.writeDeadlineMs,
        },
        marks.correlationId,
      ),
    conversations: (contactId: string, correlationId: string) =>
      get(conversationPageSchema, '/conversations/search', { locationId, contactId, limit }, correlationId),
    /** Newest first; one page. */
    messages: (conversationId: string, after: string | null, correlationId: string) =>
      get(
        messagePageSchema,
        `/conversations/${encodeURIComponent(conversationId)}/messages`,
        { limit, type: 'TYPE_EMAIL', ...(after === null ? {} : { lastMessageId: after }) },
        correlationId,
      ),
    email: (id: string, correlationId: string) =>
      get(emailSchema, `/conversations/messages/email/${encodeURIComponent(id)}`, {}, correlationId),
    close: () => exchange.close(),
  };
}
export type GhlClient = ReturnType<typeof createGhlClient>;

function jsonOf(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** The vendor's own words, without addresses and cut short: they end up on a screen and in the audit. */
function reasonIn(text: string): string {
  const body = jsonOf(text);
  const parsed = vendorErrorSchema.safeParse(body.ok ? body.value : null);
  if (!parsed.success) return '.';
  const { message } = parsed.data;
  const words = typeof message === 'string' ? message : message.join('; ');
  return `: ${words.replace(/\S+@\S+/g, '[address]').slice(0, 160)}`;
}
