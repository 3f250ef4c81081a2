import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { type Child, startChild } from './child-process.ts';
import { loadPlainFunction } from './plain-module.ts';

const findBinary = (root: string, path: string): string | null =>
  [
    join(root, 'node_modules', '.bin', 'inngest-cli'),
    ...path.split(delimiter).flatMap((folder) => [join(folder, 'inngest'), join(folder, 'inngest-cli')]),
  ].find((file) => existsSync(file)) ?? null;

/** Starts the Inngest dev server when its program is there; null when it is not or does not start. */
export const startInngest = async (options: {
  root: string;
  path: string;
  port: number;
  schedulerUrl: string;
  recordsDir: string;
}): Promise<Child | null> => {
  const binary = findBinary(options.root, options.path);
  if (binary === null) return null;
  try {
    const child = await startChild({
      name: 'inngest',
      command: binary,
      args: [
        'dev',
        '--host',
        '127.0.0.1',
        '--port',
        String(options.port),
        '--no-discovery',
        '--sdk-url',
        `${options.schedulerUrl}/inngest`,
      ],
      environment: { HOME: options.recordsDir, DO_NOT_TRACK: '1' },
      logFile: join(options.recordsDir, 'logs', 'inngest.log'),
      isReadyLine: (line) => /starting|listening|service/i.test(line),
      readyMs: 5_000,
    });
    const endWithUs = await loadPlainFunction(options.root, 'process/end-with-us.mjs', 'endWithUs');
    const callOff = z.custom<() => void>((value) => typeof value === 'function');
    void child.ended.then(callOff.parse(endWithUs(['kill', '-TERM', String(child.pid)])));
    return child;
  } catch {
    return null;
  }
};
