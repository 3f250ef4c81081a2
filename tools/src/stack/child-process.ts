import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** What says that the process can be used: a line of its standard output, or an answer to our own question. */
  readonly ready:
    | { readonly line: (line: string) => boolean }
    | { readonly probe: () => Promise<boolean>; readonly everyMs: number };
  readonly readyMs: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process ended, with a sentence about how. */
  readonly ended: Promise<string>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly stop: (graceMs: number) => Promise<void>;
}

const lastWordsMs = 1_000;

/** A process that did not become usable; the message is one sentence and the reason it gave itself. */
export class ChildFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ChildFailure';
  }
}

const lastWords = (file: string): string => {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines
    .slice(-12)
    .filter((line) => !line.startsWith('{') && !/^\s+at /.test(line))
    .join('\n');
};

const sentence = (name: string, code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `${name} ended with exit code ${code ?? 'unknown'}` : `${name} was ended by ${signal}`;

const whenEnded = (child: ChildProcess, name: string): Promise<string> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(sentence(name, code, signal)));
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
  });

const untilProbed = async (
  { probe, everyMs }: { readonly probe: () => Promise<boolean>; readonly everyMs: number },
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted && !(await probe())) await pause(everyMs);
};

/** Starts a process, keeps what it says in a file, and resolves when it is ready. Throws ChildFailure otherwise. */
export const startChild = async (options: ChildOptions): Promise<Child> => {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'w', mode: 0o600 });
  const child = spawn(options.command, [...options.args], {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // In a session of its own: Ctrl-C goes to every process of a terminal, and the parts are to end in their order.
    detached: process.platform !== 'win32',
  });
  const ended = whenEnded(child, options.name);
  const silent = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  child.stderr.pipe(log, { end: false });
  const { ready } = options;
  const readyLine = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      if ('line' in ready && ready.line(line)) resolve();
    });
  });
  const giveUp = new AbortController();
  const usable = 'line' in ready ? readyLine : untilProbed(ready, giveUp.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(
      () => resolve(`${options.name} did not become ready within ${options.readyMs / 1_000} s`),
      options.readyMs,
    );
  });
  const failure = await Promise.race([usable.then(() => null), ended, late]);
  clearTimeout(timer);
  giveUp.abort();
  if (failure !== null) {
    child.kill('SIGKILL');
    // Its last words may still be on their way; a grandchild that holds its output open is not waited for.
    await Promise.race([silent, pause(lastWordsMs, undefined, { ref: false })]);
    await new Promise<void>((resolve) => log.end(() => resolve()));
    const words = lastWords(options.logFile);
    throw new ChildFailure(
      words === '' ? `${failure}. Its log is ${options.logFile}.` : `${failure}:\n${words}`,
    );
  }
  return {
    name: options.name,
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async (graceMs) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
      log.end();
    },
  };
};

export const isServiceReady = (line: string): boolean => {
  if (!line.startsWith('{"ready":true')) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && Reflect.get(value, 'ready') === true;
  } catch {
    return false;
  }
};
