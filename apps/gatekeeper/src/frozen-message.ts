import { type Message, messageSchema } from '@caio/contracts';
import type { StoredAction } from '@caio/state-store';

/** What the store keeps of a message, or null when its bytes cannot be read any more. */
export const messageOf = ({ bytes }: Pick<StoredAction, 'bytes'>): Message | null => {
  try {
    return messageSchema.parse(JSON.parse(bytes));
  } catch {
    return null;
  }
};
