import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const keptMax = 5;
const archivePrefix = 'until-';

/**
 * Moves the logs of the stack that ran before into a folder named after their last line's time, `until-<UTC>`, so
 * that a new start does not wipe out why the last one ended. The five latest such folders are kept.
 */
export const archiveLogs = (folder: string): void => {
  if (!existsSync(folder)) return;
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  if (logs.length > 0) {
    const last = Math.max(...logs.map((name) => statSync(join(folder, name)).mtimeMs));
    const archive = join(
      folder,
      `${archivePrefix}${new Date(last).toISOString().slice(0, 19).replaceAll(':', '-')}Z`,
    );
    mkdirSync(archive, { recursive: true });
    for (const name of logs) renameSync(join(folder, name), join(archive, name));
  }
  const archives = readdirSync(folder)
    .filter((name) => name.startsWith(archivePrefix))
    .sort();
  for (const name of archives.slice(0, -keptMax)) rmSync(join(folder, name), { recursive: true });
};
