import { z } from 'zod';
import { type Channel, channelSchema, motionSchema, routeSchema } from './vocabulary.ts';

/** `email:<address>` or `linkedin:<slug>`: the canonical name of one person on one channel. */
export const personKeySchema = z
  .string()
  .regex(/^(email|linkedin):\S+$/)
  .max(400);
export type PersonKey = z.infer<typeof personKeySchema>;

export const senderSchema = z.object({ name: z.string().min(1).max(120), email: z.string().min(3).max(320) });
export type Sender = z.infer<typeof senderSchema>;

/** When the provider may mail: sealed, because it alters when a message leaves. Hours are `HH:MM`. */
export const sendingScheduleSchema = z.object({
  timezone: z.string(),
  days: z.array(z.number().int().min(1).max(7)),
  from: z.string().regex(/^\d{2}:\d{2}$/),
  to: z.string().regex(/^\d{2}:\d{2}$/),
});

/**
 * The fully rendered effect of one send, and nothing else. Its canonical JSON bytes are what a reviewer
 * approves, what the batch freezes and what the worker hashes again right before the provider call. A part that the
 * channel does not carry (`channelParts`) is empty, and sealed as empty.
 */
export const messageSchema = z.object({
  version: z.literal(1),
  channel: channelSchema,
  motion: motionSchema,
  route: routeSchema,
  recipient: z.object({
    email: z.string().max(320),
    name: z.string().max(200).nullable(),
    company: z.string().max(500).nullable(),
    linkedinUrl: z.string().max(500).nullable(),
  }),
  recipientKey: personKeySchema,
  sender: senderSchema,
  senderKey: personKeySchema,
  subject: z.string().max(998),
  body: z.string().max(20_000),
  footer: z.string().max(4_000),
  unsubscribeUrl: z.string().max(2_000),
  headers: z.record(z.string(), z.string()),
  settings: z.object({
    trackOpens: z.boolean(),
    trackClicks: z.boolean(),
    stopOnReply: z.boolean(),
    followUps: z.number().int().min(0),
    schedule: sendingScheduleSchema,
  }),
});
export type Message = z.infer<typeof messageSchema>;

/**
 * What a channel shows beside the body. A LinkedIn message is its body alone: no subject, and no footer with a link
 * out of it, because the platform's own way out is to answer, to disconnect or to block.
 */
export const channelParts: Readonly<
  Record<Channel, { readonly subject: boolean; readonly footer: boolean }>
> = Object.freeze({
  email: { subject: true, footer: true },
  linkedin: { subject: false, footer: false },
});

/** The text a recipient reads: body, an empty line, footer; the body alone where there is no footer. */
export const textOf = (message: Pick<Message, 'body' | 'footer'>): string =>
  message.footer === '' ? message.body : `${message.body}\n\n${message.footer}`;

/** What a message is called in a list: its subject, or how its text begins on a channel without one. */
export const headingOf = (message: Pick<Message, 'channel' | 'subject' | 'body'>): string =>
  channelParts[message.channel].subject
    ? message.subject
    : (message.body.split('\n').find((line) => line.trim() !== '') ?? '').slice(0, 120);

/** How a recipient is written where one line names them: the address, or the profile of somebody without one. */
export const recipientAddressOf = ({ channel, recipient }: Pick<Message, 'channel' | 'recipient'>): string =>
  channel === 'linkedin' ? (recipient.linkedinUrl ?? recipient.email) : recipient.email;
