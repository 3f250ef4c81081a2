import { channelParts, type Message } from '@caio/contracts';

/** The line of a message's subject; none on a channel whose messages have no subject. */
export const subjectLines = ({ channel, subject }: Pick<Message, 'channel' | 'subject'>): string[] =>
  channelParts[channel].subject || subject !== '' ? [`Subject: ${subject}`] : [];
