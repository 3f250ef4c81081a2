import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const sessionSchema = z.object({ url: z.url(), token: z.string().min(1) });

/** Where a running stack is and the token that gets in. */
export type LocalSession = z.infer<typeof sessionSchema>;

/** The session left at `file`, or null when there is none that can be read. */
export const readSession = (file: string): LocalSession | null => {
  try {
    return sessionSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

/** Leaves the session for the other commands of this user; a reader sees a whole one or none. */
export const writeSession = (file: string, session: LocalSession): void => {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  renameSync(draft, file);
};

/** Takes the session away if it is still this one; a later stack's stays. */
export const removeSession = (file: string, session: LocalSession): void => {
  if (readSession(file)?.token === session.token) rmSync(file, { force: true });
};
