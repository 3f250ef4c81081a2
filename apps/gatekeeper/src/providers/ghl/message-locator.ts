import { ghlOutcomes, type ActionId } from '@caio/contracts';
import type { ActionQuery, ProviderFinding } from '../../provider-port.ts';
import { describeFailure } from '../outcome-table.ts';
import type { GhlClient } from './client.ts';
import { findContact } from './contact.ts';
import { heldEmailOf, type HeldEmail } from './payload.ts';

type Emails =
  { readonly ok: true; readonly emails: HeldEmail[] } | { readonly ok: false; readonly message: string };

/** A conversation longer than that is not read to its end, and what is not read is not absent. */
const messagesMax = 500;

/** Looks for actions in the conversations of the people they were for. */
export const createMessageLocator = (client: GhlClient) => {
  const emailsOf = async (contactId: string, correlationId: string): Promise<Emails> => {
    const conversations = await client.conversations(contactId, correlationId);
    if (!conversations.ok) return { ok: false, message: describeFailure(ghlOutcomes, conversations.failure) };
    const emails: HeldEmail[] = [];
    for (const { id: conversationId } of conversations.value.conversations) {
      let after: string | null = null;
      for (;;) {
        const listed: Awaited<ReturnType<GhlClient['messages']>> = await client.messages(
          conversationId,
          after,
          correlationId,
        );
        if (!listed.ok) return { ok: false, message: describeFailure(ghlOutcomes, listed.failure) };
        const { messages, nextPage, lastMessageId } = listed.value.messages;
        for (const { id, direction } of messages) {
          if (direction === 'inbound') continue;
          if (emails.length >= messagesMax)
            return { ok: false, message: 'The conversation is too long to read.' };
          const email = await client.email(id, correlationId);
          if (!email.ok) return { ok: false, message: describeFailure(ghlOutcomes, email.failure) };
          emails.push(heldEmailOf(email.value));
        }
        if (nextPage !== true || messages.length === 0) break;
        if (lastMessageId == null || lastMessageId === after) {
          return { ok: false, message: 'GoHighLevel says that there is more and not where.' };
        }
        after = lastMessageId;
      }
    }
    return { ok: true, emails };
  };

  const findOne = async ({
    actionId,
    recipientEmail,
    correlationId,
  }: ActionQuery): Promise<ProviderFinding> => {
    if (recipientEmail === undefined) {
      return {
        state: 'unreadable',
        message: 'Without its recipient a message cannot be looked for at GoHighLevel.',
      };
    }
    const contact = await findContact(client, recipientEmail, correlationId);
    if (contact.state === 'unreadable') return { state: 'unreadable', message: contact.message };
    if (contact.state === 'none') {
      return {
        state: 'unreadable',
        message: 'GoHighLevel shows no contact whose conversation could be read.',
      };
    }
    const read = await emailsOf(contact.contactId, correlationId);
    if (!read.ok) return { state: 'unreadable', message: read.message };
    const own = read.emails.find((email) => email.actionId === actionId);
    if (own === undefined) {
      // What lost its marks, or was written by hand, may be the one that is looked for.
      return read.emails.every((email) => email.actionId !== null)
        ? { state: 'absent' }
        : {
            state: 'unreadable',
            message: 'The conversation holds an e-mail that does not say where it is from.',
          };
    }
    const { id, contentDigest, attemptId } = own;
    return { state: 'present', providerMessageId: id, contentDigest, attemptId, mailed: true };
  };

  return async (queries: readonly ActionQuery[]): Promise<Map<ActionId, ProviderFinding>> => {
    const findings = new Map<ActionId, ProviderFinding>();
    for (const query of queries) findings.set(query.actionId, await findOne(query));
    return findings;
  };
};
