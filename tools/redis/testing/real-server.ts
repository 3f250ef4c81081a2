import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExecutable } from '../../process/find-executable.mjs';

const chosen =
  process.env.CAIO_REDIS_SERVER ?? findExecutable(['redis-server', 'valkey-server'], process.env);

/**
 * The server program of this machine, for tests that put one on a path of their own. Where a container stands in for
 * it, its script needs what is on the path of this machine, so it is wrapped in `folder`.
 */
export const realServerFor = (folder: string): string => {
  if (chosen === null) throw new Error('no redis-server for this test');
  if (!chosen.endsWith('.mjs')) return chosen;
  const file = join(folder, 'real-redis-server');
  writeFileSync(file, `#!/bin/sh\nPATH='${process.env.PATH}' exec '${chosen}' "$@"\n`, { mode: 0o755 });
  return file;
};
