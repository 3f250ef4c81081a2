import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { testKitConfig } from './config.ts';
import { waitFor } from './wait-for.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the test's own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** True, or any value, once the process can be used; asked again until then. Defaults to "it was started". */
  readonly readyWhen?: (process: RunningProcess) => unknown;
  readonly readyTimeoutMs?: number;
  /** Removed with the process if the test process dies first; otherwise it is the caller's to remove. */
  readonly scratchDir?: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly exit: Promise<ProcessExit>;
  exited(): ProcessExit | null;
  stdout(): string;
  stderr(): string;
  /** Every complete line of stdout that is a JSON object. */
  jsonLines(): Record<string, unknown>[];
  signal(signal: NodeJS.Signals): void;
  /** Ends it as a crash would, without a chance to say goodbye, and waits for its end. */
  kill9(): Promise<ProcessExit>;
  /** Asks it to end and waits; kills it when it does not within `timeoutMs`. */
  stop(timeoutMs?: number): Promise<ProcessExit>;
}

/**
 * Starts one real process, keeps its output and waits until it is ready. It does not outlive the test, however
 * the test ends: a watcher holds a pipe to the test process and kills the child when that pipe closes.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const child = spawn(options.command, [...(options.args ?? [])], {
    cwd: options.cwd,
    env: definedOnly({ ...testKitConfig.environment, ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new Error(`could not start ${options.command}: ${error.message}`, { cause: error })),
    );
  });
  const running = observe(child, options.scratchDir ?? '');
  try {
    await waitFor(
      () => {
        if (running.exited() !== null) return true;
        return options.readyWhen === undefined ? true : options.readyWhen(running);
      },
      {
        timeoutMs: options.readyTimeoutMs ?? 15_000,
        describe: () => `${options.command} to be ready\n${tail(running)}`,
      },
    );
  } catch (error) {
    await running.kill9();
    throw error;
  }
  const early = running.exited();
  if (early !== null && options.readyWhen !== undefined) {
    throw new Error(
      `${options.command} ended before it was ready (code ${early.code}, signal ${early.signal})\n${tail(running)}`,
    );
  }
  return running;
}

function observe(child: ChildProcess, scratchDir: string): RunningProcess {
  const pid = child.pid;
  if (pid === undefined) throw new Error('a started process has a pid');
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const watcher = watchOver(pid, scratchDir);
  let ended: ProcessExit | null = null;
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('exit', () => watcher.kill('SIGKILL'));
    child.once('close', (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  return {
    pid,
    exit,
    exited: () => ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    jsonLines: () => jsonObjectsOf(output.stdout),
    signal,
    kill9: () => {
      signal('SIGKILL');
      return exit;
    },
    stop: async (timeoutMs = 10_000) => {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), timeoutMs);
      try {
        return await exit;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Exit listeners of a Jest sandbox never fire, and none would after SIGKILL; a closing pipe always does. */
function watchOver(pid: number, scratchDir: string): ChildProcess {
  const script = 'cat >/dev/null; kill -9 "$1"; if [ -n "$2" ]; then rm -rf "$2"; fi';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(pid), scratchDir], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  return watcher;
}

const definedOnly = (env: Record<string, string | undefined>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));

const tail = (running: RunningProcess): string =>
  `stdout: ${running.stdout().slice(-2_000)}\nstderr: ${running.stderr().slice(-2_000)}`;

function jsonObjectsOf(text: string): Record<string, unknown>[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      const value: unknown = JSON.parse(line);
      return isRecord(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
