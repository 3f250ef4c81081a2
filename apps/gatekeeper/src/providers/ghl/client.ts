import type { z } from 'zod';
import { createVendorCall, type VendorClientOptions } from '../vendor-call.ts';
import {
  contactPageSchema,
  conversationPageSchema,
  emailSchema,
  messagePageSchema,
  sentMessageSchema,
  vendorErrorSchema,
} from './vendor-schemas.ts';

export interface GhlClientOptions extends VendorClientOptions {
  readonly locationId: string;
}

/** The version of the API that the shapes are of; the vendor asks for it with every call. */
const apiVersion = '2021-07-28';
const pageSize = 100;

/** The few calls of GoHighLevel's API v2 that are used, each once, with its answer checked. Never retries. */
export function createGhlClient(options: GhlClientOptions) {
  const { call, close } = createVendorCall(options, {
    title: 'GoHighLevel',
    prefix: '',
    credential: { authorization: `Bearer ${options.apiKey}`, version: apiVersion },
    answers: 'json',
    wordsIn,
  });

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
    close,
  };
}
export type GhlClient = ReturnType<typeof createGhlClient>;

const wordsIn = (body: unknown): string | null => {
  const { success, data } = vendorErrorSchema.safeParse(body);
  if (!success) return null;
  return typeof data.message === 'string' ? data.message : data.message.join('; ');
};
