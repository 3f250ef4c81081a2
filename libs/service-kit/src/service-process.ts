import { randomUUID } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import { types } from 'node:util';
import type { ServiceName } from '@caio/contracts';
import { createRedactor } from '@caio/trace-envelope';
import type { Logger } from '@caio/trace-envelope';
import { ConfigError, processEnvironment } from './config.ts';
import type { Environment } from './config.ts';
import { formerVariablesLine } from './former-variables.ts';
import { createReadableServer } from './unreadable-requests.ts';

/** What a server puts up with from its clients; times in milliseconds. Only the gateway meets strangers. */
export interface ServerLimits {
  /** A head, and a whole request, that takes longer is cut off. */
  headersTimeout?: number;
  requestTimeout?: number;
  keepAliveTimeout?: number;
  /** How often slow clients are looked for. */
  connectionsCheckingInterval?: number;
  connectionsMax?: number;
}

export interface StartedService {
  app: RequestListener;
  host: string;
  /** 0 takes any free port; the ready line names the one taken. */
  port: number;
  drainMs: number;
  logger: Logger;
  limits?: ServerLimits;
}

export interface StartContext {
  env: Environment;
  /** Called when the process is asked to stop, before it waits for requests: ends what would not end by itself. */
  onStopping: (stop: () => void) => void;
  /** Closers run after the last request, the latest registered first, each with its own time limit. */
  onClose: (name: string, close: () => Promise<void> | void) => void;
}

const closerMs = 5_000;
const parentPollMs = 500;
const serverLimits = {
  requestTimeout: 120_000,
  headersTimeout: 20_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

const bounded = async (work: () => Promise<void> | void, timeoutMs: number): Promise<'done' | 'timeout'> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve(work()).then(() => 'done' as const), deadline]);
  } finally {
    clearTimeout(timer);
  }
};

const codeOf = (error: unknown): string | undefined => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
};

const describeError = (error: unknown): string =>
  types.isNativeError(error)
    ? (error.stack ?? error.message).slice(0, 4_000)
    : 'Something that is no error was thrown.';

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const listenProblem = (error: unknown, service: string, host: string, port: number): string => {
  const code = codeOf(error);
  const where = `${host}:${port}`;
  if (code === 'EADDRINUSE') {
    return `${service} cannot start: ${where} is taken by another process; stop that one or set PORT to a free port.`;
  }
  if (code === 'EACCES')
    return `${service} cannot start: this user may not listen on ${where}; set PORT above 1023.`;
  if (code === 'EADDRNOTAVAIL')
    return `${service} cannot start: this machine has no address ${host}; correct HOST.`;
  return `${service} cannot start: listening on ${where} failed (${code ?? 'unknown'}).`;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

/** Ends with the stack that started it, so that a killed development stack leaves nothing behind on its ports. */
const watchParent = (env: Environment, onGone: () => void): void => {
  const pid = Number(env['CAIO_PARENT_PID'] ?? '');
  if (!Number.isInteger(pid) || pid <= 1) return;
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onGone();
  }, parentPollMs);
  timer.unref();
};

/** Counts requests, and while draining closes each connection after its answer. */
const trackRequests = (server: Server) => {
  let inFlight = 0;
  let draining = false;
  let whenIdle: (() => void) | null = null;
  server.on('request', (_req, res) => {
    inFlight += 1;
    if (draining) res.setHeader('Connection', 'close');
    res.once('close', () => {
      inFlight -= 1;
      if (!draining) return;
      server.closeIdleConnections();
      if (inFlight === 0) whenIdle?.();
    });
  });
  return {
    drain: (): Promise<void> =>
      new Promise((resolve) => {
        draining = true;
        server.close();
        server.closeIdleConnections();
        if (inFlight === 0) resolve();
        else whenIdle = resolve;
      }),
    inFlight: () => inFlight,
  };
};

/**
 * Runs a service's `main.ts`: starts it, listens, prints one JSON ready line to stdout, and on SIGTERM or SIGINT
 * stops accepting, waits at most `drainMs` for requests in flight, runs the closers and exits 0. A second signal
 * exits at once. A wrong configuration or a taken port is one clear message on stderr and exit code 1; so is a
 * failure nobody handled.
 */
export const runService = async (options: {
  service: ServiceName;
  start: (context: StartContext) => Promise<StartedService>;
}): Promise<void> => {
  const { service } = options;
  const env = processEnvironment();
  const stoppers: (() => void)[] = [];
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let logger: Logger | null = null;

  const runClosers = async (): Promise<void> => {
    for (const { name, close } of closers.splice(0).reverse()) {
      try {
        const outcome = await bounded(close, closerMs);
        if (outcome === 'timeout')
          logger?.warn({ closer: name, closerMs }, 'A closer did not finish in time.');
      } catch (error) {
        logger?.error({ closer: name, err: error }, 'A closer failed.');
      }
    }
  };

  const refuse = async (message: string): Promise<never> => {
    process.stderr.write(`${message}\n`);
    await runClosers();
    process.exit(1);
  };

  const crash = (kind: string) => (error: unknown) => {
    if (logger === null) {
      process.stderr.write(`${service} cannot start. ${createRedactor().text(describeError(error))}\n`);
      process.exit(1);
    }
    logger.error({ err: error, kind }, 'The process ends because of a failure nobody handled.');
    // The state of the process is unknown; only what is already queued for the disk gets its chance.
    void bounded(runClosers, closerMs).finally(() => process.exit(1));
  };
  process.once('uncaughtException', crash('uncaught_exception'));
  process.once('unhandledRejection', crash('unhandled_rejection'));

  let started: StartedService;
  try {
    started = await options.start({
      env,
      onClose: (name, close) => closers.push({ name, close }),
      onStopping: (stop) => stoppers.push(stop),
    });
  } catch (error) {
    if (error instanceof ConfigError) return refuse(error.message);
    throw error;
  }
  logger = started.logger;
  const former = formerVariablesLine(env);
  if (former !== null) logger.warn({}, former);

  const { connectionsMax, ...limits } = started.limits ?? {};
  const server = createReadableServer({
    app: started.app,
    limits: { ...serverLimits, ...limits },
    logger,
    newCorrelationId: () => randomUUID(),
  });
  if (connectionsMax !== undefined) server.maxConnections = connectionsMax;
  const requests = trackRequests(server);
  try {
    await listen(server, started.port, started.host);
  } catch (error) {
    return refuse(listenProblem(error, service, started.host, started.port));
  }

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    void (async () => {
      const drained = bounded(requests.drain, started.drainMs);
      // Said when it is so: from here on nobody gets a new connection.
      started.logger.info({ reason, inFlight: requests.inFlight(), drainMs: started.drainMs }, 'Stopping.');
      for (const end of stoppers) end();
      if ((await drained) === 'timeout') {
        started.logger.warn(
          { inFlight: requests.inFlight() },
          'Requests were cut off at the end of the drain time.',
        );
      }
      server.closeAllConnections();
      await runClosers();
      process.exit(0);
    })();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => (stopping ? process.exit(1) : stop(signal)));
  }
  watchParent(env, () => stop('parent_gone'));

  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : started.port;
  process.stdout.write(
    `${JSON.stringify({ ready: true, service, host: started.host, port, pid: process.pid })}\n`,
  );
};
