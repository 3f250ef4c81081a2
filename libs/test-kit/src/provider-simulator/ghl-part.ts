import { z } from 'zod';
import type { GhlEndpoint } from './endpoints.ts';
import type { GhlLocation, GhlMessage } from './ghl-location.ts';
import type { Answer, VendorCall, VendorPart } from './vendor-part.ts';

const sendSchema = z.strictObject({
  type: z.literal('Email'),
  contactId: z.string().min(1),
  subject: z.string().min(1),
  html: z.string().min(1),
  emailFrom: z.string().nullish(),
  emailTo: z.string().nullish(),
});
const withContact = z.object({ contactId: z.string() });

const error = (status: number, message: string): Answer => ({
  status,
  body: { statusCode: status, message },
});

const patterns: readonly [GhlEndpoint, string, RegExp][] = [
  ['ghl GET /contacts', 'GET', /^contacts\/?$/],
  ['ghl POST /conversations/messages', 'POST', /^conversations\/messages$/],
  ['ghl GET /conversations/search', 'GET', /^conversations\/search$/],
  ['ghl GET /conversations/messages/email/:id', 'GET', /^conversations\/messages\/email\/([^/]+)$/],
  ['ghl GET /conversations/:id/messages', 'GET', /^conversations\/([^/]+)\/messages$/],
];

const listed = (message: GhlMessage) => ({
  id: message.id,
  messageType: 'TYPE_EMAIL',
  direction: 'outbound',
  status: 'sent',
  contactId: message.contactId,
  conversationId: message.conversationId,
  dateAdded: message.dateAdded,
});

const limitOf = (query: URLSearchParams): number =>
  Math.min(100, Math.max(1, Number(query.get('limit') ?? 20)));

function answer(location: GhlLocation, call: VendorCall<GhlEndpoint>): Answer {
  const { query, id } = call;
  switch (call.endpoint) {
    case 'ghl GET /contacts': {
      if (query.get('locationId') === null) return error(422, 'locationId should not be empty');
      const { page, total } = location.contacts(
        query.get('query'),
        limitOf(query),
        query.get('startAfterId'),
      );
      const last = page.at(-1);
      const meta = {
        total,
        startAfter: last === undefined ? null : Date.parse(last.dateAdded),
        startAfterId: last?.id ?? null,
      };
      return { status: 200, body: { contacts: page, meta } };
    }
    case 'ghl POST /conversations/messages': {
      const parsed = sendSchema.safeParse(call.body);
      if (!parsed.success) return error(422, parsed.error.issues[0]?.message ?? 'Unprocessable Entity');
      const { contactId, subject, html, emailFrom } = parsed.data;
      // Said to have gone well, and there is nothing to show for it.
      if (call.partialAdd)
        return { status: 201, body: { conversationId: `conv-${contactId}`, msg: 'queued' } };
      const sent = location.send(
        { contactId, subject, html, emailFrom: emailFrom ?? null },
        call.marks,
        call.change,
      );
      return sent === null
        ? error(400, 'Contact not found')
        : {
            status: 201,
            body: { conversationId: sent.conversationId, messageId: sent.id, msg: 'Email queued' },
          };
    }
    case 'ghl GET /conversations/search': {
      const ids = location.conversationsOf(query.get('contactId') ?? '');
      const conversations = ids.map((one) => ({ id: one, contactId: query.get('contactId') }));
      return { status: 200, body: { conversations, total: conversations.length } };
    }
    case 'ghl GET /conversations/:id/messages': {
      const { page, more } = location.messagesOf(id, limitOf(query), query.get('lastMessageId'));
      const messages = { lastMessageId: page.at(-1)?.id ?? null, nextPage: more, messages: page.map(listed) };
      return { status: 200, body: { messages } };
    }
    case 'ghl GET /conversations/messages/email/:id': {
      const message = location.message(id);
      if (message === undefined) return error(404, 'Message not found');
      const { subject, body, from, to } = message;
      return { status: 200, body: { ...listed(message), subject, body, from, to: [to] } };
    }
  }
}

/** The parts of GoHighLevel's API v2 that serve contacts and conversations. With `apiKey`, other tokens are a 401. */
export const createGhlPart = (options: {
  readonly location: GhlLocation;
  readonly apiKey: string | undefined;
}): VendorPart<GhlEndpoint> => ({
  prefix: '/ghl/',
  contentType: 'application/json; charset=utf-8',
  refusalOf: ({ authorization, version }) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined || (options.apiKey !== undefined && token !== options.apiKey)) {
      return error(401, 'Invalid JWT');
    }
    return version === '2021-07-28' ? null : error(400, 'version header was not found.');
  },
  endpointOf: (method, path) => {
    for (const [endpoint, verb, pattern] of patterns) {
      const match = verb === method ? pattern.exec(path) : null;
      if (match !== null) return { endpoint, id: decodeURIComponent(match[1] ?? '') };
    }
    return null;
  },
  error,
  personOf: ({ body }) => {
    const parsed = withContact.safeParse(body);
    return parsed.success ? (options.location.contact(parsed.data.contactId)?.email ?? null) : null;
  },
  answer: (call) => answer(options.location, call),
  readingOf: (endpoint) => endpoint,
  emptyPage: {
    contacts: [],
    conversations: [],
    messages: { messages: [], nextPage: false },
    meta: { total: 0 },
  },
  mailNow: () => undefined,
});
