import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@caio/test-kit';
import { takenPort } from '../../stack/free-ports.ts';
import { portsFrom } from '../../stack/stack-settings.ts';
import { root } from './gatekeeper-process.ts';

/** A gateway port far from the usual ones, so that a stack somebody is using stays undisturbed. */
export const quietPort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    if ((await takenPort({ ...portsFrom(port) })) === null) return port;
  }
};

const readProc = (file: string): string => {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const childrenOf = (pid: number): number[] =>
  readProc(`${pid}/task/${pid}/children`)
    .trim()
    .split(/\s+/)
    .filter((text) => text !== '')
    .map(Number);

const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** A process that ended and was not yet asked after is no process that stayed. */
const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readProc(`${pid}/stat`));

export const allGone = (pids: readonly number[], timeoutMs = 10_000) =>
  waitFor(() => !pids.some(lives), {
    timeoutMs,
    describe: () =>
      `no process to stay: ${pids
        .filter(lives)
        .map((pid) => `${pid} ${readProc(`${pid}/cmdline`).replaceAll('\0', ' ')}`)
        .join(', ')}`,
  });

export interface LocalStack {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Every process of it, whoever started it. */
  readonly family: () => number[];
  /** The one whose command line contains `text`. */
  readonly find: (text: string) => number;
  readonly up: () => Promise<unknown>;
  readonly code: Promise<number | null>;
}

/** `npm start` as a person types it, or what npm runs. In a session of its own, like a terminal window. */
export const startLocalStack = (
  by: 'npm' | 'itself',
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): LocalStack => {
  const [command, ...first] =
    by === 'npm' ? ['npm', 'start', '--'] : [process.execPath, join(root, 'tools/bin/caio.mjs'), 'start'];
  const child = spawn(command ?? '', [...first, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = new Promise<number | null>((resolve) => child.once('close', (value) => resolve(value)));
  const family = () => (child.exitCode === null && child.signalCode === null ? familyOf(child.pid ?? 0) : []);
  return {
    child,
    said: () => said,
    family,
    find: (text) => {
      const found = family().find((pid) => readProc(`${pid}/cmdline`).replaceAll('\0', ' ').includes(text));
      if (found === undefined) throw new Error(`no process of the stack says ${text}`);
      return found;
    },
    up: () =>
      waitFor(() => said.includes('Press Ctrl-C'), {
        timeoutMs: 40_000,
        describe: () => `the stack to be up\n${said}`,
      }),
    code,
  };
};
