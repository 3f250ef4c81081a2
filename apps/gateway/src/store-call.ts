import { storeProblemOf } from '@caio/service-kit';
import { CorruptRecordError } from '@caio/state-store';

/** Asks the store; when it cannot be asked, nothing is decided: 503 `store_unavailable`, whatever the question was. */
export const askStore = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CorruptRecordError) throw error;
    throw storeProblemOf(error);
  }
};
