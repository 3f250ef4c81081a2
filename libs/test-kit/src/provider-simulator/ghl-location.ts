import { randomBytes } from 'node:crypto';
import type { HandOverLog } from './hand-over-log.ts';
import type { LeadChange, RequestMarks } from './workspace.ts';

/** A person as a test puts them there. */
export interface GhlContactInput {
  readonly email: string | null;
  readonly name?: string;
  readonly website?: string | null;
  readonly tags?: readonly string[];
}

export interface GhlContact {
  readonly id: string;
  readonly locationId: string;
  readonly email: string | null;
  readonly contactName: string | null;
  readonly website: string | null;
  readonly tags: readonly string[];
  readonly dateAdded: string;
}

export interface GhlMessage {
  readonly id: string;
  readonly contactId: string;
  readonly conversationId: string;
  readonly subject: string;
  readonly body: string;
  readonly from: string | null;
  readonly to: string;
  readonly dateAdded: string;
  visibleAtMs: number;
}

export interface GhlSend {
  readonly contactId: string;
  readonly subject: string;
  readonly html: string;
  readonly emailFrom: string | null;
}

/** Contacts and conversations of one simulated location of GoHighLevel, held in memory. Every message leaves at once. */
export function createGhlLocation({
  log,
  nowMs,
}: {
  readonly log: HandOverLog;
  readonly nowMs: () => number;
}) {
  const instance = randomBytes(4).toString('hex');
  let sequence = 0;
  const newId = (kind: string): string => `${kind}${instance}${String((sequence += 1)).padStart(8, '0')}`;
  const now = (): string => new Date(nowMs()).toISOString();
  let contacts: GhlContact[] = [];
  let messages: GhlMessage[] = [];
  const visible = (): GhlMessage[] => messages.filter(({ visibleAtMs }) => visibleAtMs <= nowMs());
  const mark = (name: string, html: string): string | null =>
    new RegExp(`data-caio-${name}="([^"]+)"`).exec(html)?.[1] ?? null;

  return {
    addContacts: (given: readonly GhlContactInput[]): readonly GhlContact[] => {
      const added = given.map(({ email, name, website, tags }): GhlContact => ({
        id: newId('c'),
        locationId: 'simulated',
        email,
        contactName: name ?? null,
        website: website ?? null,
        tags: tags ?? [],
        dateAdded: now(),
      }));
      contacts.push(...added);
      return added;
    },
    contact: (id: string): GhlContact | undefined => contacts.find((one) => one.id === id),
    /** One page after `afterId`. Like the vendor's, `query` finds whatever looks like it, not only the same. */
    contacts: (query: string | null, limit: number, afterId: string | null) => {
      const loose = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
      const found =
        query === null || query === ''
          ? contacts
          : contacts.filter(({ email, contactName }) =>
              loose(`${email ?? ''} ${contactName ?? ''}`).includes(loose(query)),
            );
      const start = afterId === null ? 0 : found.findIndex(({ id }) => id === afterId) + 1;
      return { total: found.length, page: found.slice(start, start + limit) };
    },
    /** Null when there is no such contact. */
    send: (wanted: GhlSend, marks: RequestMarks, change: LeadChange | null): GhlMessage | null => {
      const contact = contacts.find(({ id }) => id === wanted.contactId);
      if (contact === undefined || contact.email === null) return null;
      const at = now();
      const message: GhlMessage = {
        id: newId('m'),
        contactId: contact.id,
        conversationId: `conv-${contact.id}`,
        subject: change?.alter?.subject ?? wanted.subject,
        body: change?.alter?.body ?? wanted.html,
        from: wanted.emailFrom,
        to: change?.alter?.email ?? contact.email,
        dateAdded: at,
        visibleAtMs: nowMs() + (change?.visibilityMs ?? 0),
      };
      messages.push(message);
      log.append({
        at,
        vendor: 'ghl',
        leadId: message.id,
        campaignId: '',
        campaignName: '',
        email: contact.email,
        subject: wanted.subject,
        body: wanted.html,
        actionId: mark('action', wanted.html),
        attemptId: mark('attempt', wanted.html),
        contentDigest: mark('digest', wanted.html),
        wouldMail: {
          from: wanted.emailFrom,
          subject: message.subject,
          body: message.body,
          openTracking: false,
          linkTracking: false,
          steps: 1,
        },
        ...marks,
      });
      return message;
    },
    /** Newest first, one page after `afterId`. */
    messagesOf: (conversationId: string, limit: number, afterId: string | null) => {
      const all = visible()
        .filter((message) => message.conversationId === conversationId)
        .reverse();
      const start = afterId === null ? 0 : all.findIndex(({ id }) => id === afterId) + 1;
      return { page: all.slice(start, start + limit), more: all.length > start + limit };
    },
    conversationsOf: (contactId: string): readonly string[] =>
      visible().some((message) => message.contactId === contactId) ? [`conv-${contactId}`] : [],
    message: (id: string): GhlMessage | undefined => visible().find((message) => message.id === id),
    reveal: (): void => {
      for (const message of messages) message.visibleAtMs = 0;
    },
    clear: (): void => {
      contacts = [];
      messages = [];
    },
  };
}
export type GhlLocation = ReturnType<typeof createGhlLocation>;
