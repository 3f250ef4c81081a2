import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Child, ChildFailure, startChild } from './child-process.ts';
import { freePorts, takenPort } from './free-ports.ts';
import { loadPlainFunction } from './plain-module.ts';
import { urlOf } from './stack-settings.ts';

const readyMs = 20_000;
const registeredMs = 15_000;
const askMs = 1_000;
const everyMs = 100;
const stopMs = 3_000;

/** Inngest's own dev server, running for this stack. */
export interface InngestServer {
  readonly url: string;
  /** Resolves with a sentence when it ends and was not asked to. */
  readonly lost: Promise<string>;
  /** The ids of the functions it runs once the scheduler answered it; none when that takes too long. */
  readonly whenRegistered: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

export type InngestStart =
  | { readonly outcome: 'running'; readonly server: InngestServer }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'failed'; readonly reason: string };

const findBinary = (root: string, path: string): string | null =>
  [
    join(root, 'node_modules', '.bin', 'inngest-cli'),
    ...path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .flatMap((folder) => [join(folder, 'inngest'), join(folder, 'inngest-cli')]),
  ].find((file) => existsSync(file)) ?? null;

const infoSchema = z.object({
  startOpts: z.object({ urls: z.array(z.string()).nullish() }),
  functions: z.array(z.object({ id: z.string().optional(), slug: z.string().optional(), name: z.string() })),
});

/** What the dev server at `url` says of itself, or null while it does not answer as one. */
const askAbout = async (url: string): Promise<z.output<typeof infoSchema> | null> => {
  try {
    const answer = await fetch(`${url}/dev`, { signal: AbortSignal.timeout(askMs) });
    return infoSchema.parse(await answer.json());
  } catch {
    return null;
  }
};

const whenRegistered = async (url: string): Promise<readonly string[]> => {
  const deadline = Date.now() + registeredMs;
  while (Date.now() < deadline) {
    const functions = (await askAbout(url))?.functions ?? [];
    if (functions.length > 0) return functions.map(({ slug, name }) => slug ?? name);
    await pause(everyMs);
  }
  return [];
};

/**
 * Starts the Inngest dev server when its program is there, on `port` or, when that is taken, on a free one. It
 * listens on 127.0.0.1, asks this scheduler alone for functions, keeps nothing on disk and reports to nobody. Only
 * its gateway for workers that connect by themselves, which nothing here does, cannot be bound to 127.0.0.1.
 */
export const startInngest = async (options: {
  root: string;
  path: string;
  port: number;
  schedulerUrl: string;
  recordsDir: string;
  logsDir: string;
}): Promise<InngestStart> => {
  const binary = findBinary(options.root, options.path);
  if (binary === null) return { outcome: 'absent' };
  // Inngest itself would move on to the next port and not tell us.
  const port =
    (await takenPort({ inngest: options.port })) === null ? options.port : (await freePorts()).inngest;
  const url = urlOf(port);
  const appUrl = `${options.schedulerUrl}/inngest`;
  try {
    const child = await startChild({
      name: 'inngest',
      command: binary,
      args: [
        'dev',
        ...['--host', '127.0.0.1', '--port', String(port)],
        ...['--connect-gateway-port', String(port + 1)],
        ...['--connect-gateway-grpc-port', String(port + 2)],
        ...['--connect-executor-grpc-port', String(port + 3)],
        // Asked until it answers once; the scheduler and the dev server live and end together.
        ...['--no-discovery', '--no-poll', '--poll-interval', '1', '--sdk-url', appUrl],
      ],
      environment: { HOME: options.recordsDir, DO_NOT_TRACK: '1' },
      logFile: join(options.logsDir, 'inngest.log'),
      // A line of its log would not do: they come before it listens, and name no address in every version.
      ready: {
        probe: async () => (await askAbout(url))?.startOpts.urls?.includes(appUrl) ?? false,
        everyMs,
      },
      readyMs,
    });
    return { outcome: 'running', server: await guarded(child, url, options.root) };
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    return { outcome: 'failed', reason: error.message };
  }
};

const guarded = async (child: Child, url: string, root: string): Promise<InngestServer> => {
  const endWithUs = await loadPlainFunction(root, 'process/end-with-us.mjs', 'endWithUs');
  const callOff = endWithUs(['kill', '-TERM', String(child.pid)]);
  if (typeof callOff === 'function') {
    void child.ended.then(() => {
      Reflect.apply(callOff, null, []);
    });
  }
  let stopping = false;
  return {
    url,
    lost: new Promise((resolve) => {
      void child.ended.then((how) => {
        if (!stopping) resolve(how);
      });
    }),
    whenRegistered: () => whenRegistered(url),
    stop: () => {
      stopping = true;
      return child.stop(stopMs);
    },
  };
};
