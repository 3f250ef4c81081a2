import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const sessionSchema = z.object({ url: z.url(), token: z.string().min(1) });
export type LocalSession = z.infer<typeof sessionSchema>;

/** Facts of the machine and the caller that the command line needs, read once. */
export interface ToolConfig {
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the gateway is and who asks: CAIO_URL and CAIO_TOKEN, else the running local stack. */
  readonly session: LocalSession | null;
}

/** Where a running local stack leaves its address and token for the other commands. */
export const sessionFileIn = (dataDir: string): string => join(dataDir, 'local', 'session.json');

const readSession = (file: string): LocalSession | null => {
  if (!existsSync(file)) return null;
  try {
    return sessionSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

export const readToolConfig = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ToolConfig => {
  const root = environment['CAIO_ROOT'] ?? process.cwd();
  const sessionFile = sessionFileIn(join(root, '.hive-mind'));
  const url = environment['CAIO_URL'];
  const token = environment['CAIO_TOKEN'];
  const local = readSession(sessionFile);
  return {
    root,
    environment,
    session:
      url === undefined && token === undefined
        ? local
        : { url: url ?? local?.url ?? 'http://127.0.0.1:8080', token: token ?? local?.token ?? '' },
  };
};
