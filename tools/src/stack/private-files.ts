import { chmodSync, statSync } from 'node:fs';

/**
 * From now on this process, and every process it starts, makes files and folders that nobody else on the machine can
 * read: Redis writes its data and the provider simulator its log with the modes they are given, and both hold addresses
 * and texts.
 */
export const makeFilesPrivately = (): void => void process.umask(0o077);

/** Takes other users' rights from what an earlier start left open. What is not there, or not ours, stays. */
export const closeToOthers = (paths: readonly string[]): void => {
  for (const path of paths) {
    try {
      chmodSync(path, statSync(path).mode & 0o700);
    } catch {
      // Not there yet, or made by somebody else, such as a container: theirs to close.
    }
  }
};
