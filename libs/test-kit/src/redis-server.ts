import { accessSync, constants, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { testKitConfig } from './config.ts';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process-runner.ts';

export interface RedisOptions {
  /** How durable a write is; `no` keeps everything in memory. Defaults to `no`. */
  readonly aof?: 'always' | 'everysec' | 'no';
  /** A fixed port of 127.0.0.1; by default a free one. */
  readonly port?: number;
  /** Where its files live; by default a new directory that `stop` removes. */
  readonly dir?: string;
  /** Further `--name value` settings, e.g. `{ 'repl-diskless-load': 'disabled' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly pid: () => number;
  /** Ends it in order and removes its directory if this library made it. */
  stop(): Promise<void>;
  /** Ends it as a crash would; its files stay. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and directory; stops it in order first if it runs. */
  restart(): Promise<void>;
}

const portAttemptsMax = 5;

/**
 * Starts a real Redis (or Valkey) for one test file: 127.0.0.1 only, `noeviction`, no snapshots. Resolves once
 * it answers PING. Throws with the fix in the message when there is no binary.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const binary = redisBinary();
  // The script runs Redis in a container, where it has another process id than the script we started.
  const standsIn = binary.endsWith('.mjs');
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'caio-redis-')));
  const arguments_ = (port: number): string[] => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--appendonly', (options.aof ?? 'no') === 'no' ? 'no' : 'yes'],
    ...['--appendfsync', options.aof ?? 'no', '--daemonize', 'no', '--logfile', ''],
    ...Object.entries(options.settings ?? {}).flatMap(([name, value]) => [`--${name}`, value]),
  ];
  const start = (port: number): Promise<RunningProcess> =>
    startProcess({
      ...(options.dir === undefined ? { scratchDir: dir } : {}),
      command: binary,
      args: arguments_(port),
      readyWhen: (running) =>
        standsIn
          ? running.stdout().includes('Ready to accept connections') && answersPing(port, null)
          : answersPing(port, running.pid),
    });

  const { port, process } = await startOnFreePort(start, options.port);
  let running: RunningProcess | null = process;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    pid: () => {
      if (running === null) throw new Error('this Redis is stopped');
      return running.pid;
    },
    stop: async () => {
      await running?.stop();
      running = null;
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
    kill9: async () => {
      await running?.kill9();
      running = null;
    },
    restart: async () => {
      await running?.stop();
      running = await start(port);
    },
  };
}

async function startOnFreePort(
  start: (port: number) => Promise<RunningProcess>,
  fixedPort: number | undefined,
): Promise<{ port: number; process: RunningProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = fixedPort ?? (await freePort());
    try {
      return { port, process: await start(port) };
    } catch (error) {
      // Another process may take the port between the probe and Redis binding it.
      const taken =
        error instanceof Error && /address already in use|port is already allocated/i.test(error.message);
      if (!taken || fixedPort !== undefined || attempt >= portAttemptsMax) throw error;
    }
  }
}

function redisBinary(): string {
  if (testKitConfig.redisServer !== null) return testKitConfig.redisServer;
  for (const name of ['redis-server', 'valkey-server']) {
    for (const directory of testKitConfig.path.split(delimiter)) {
      const candidate = join(directory, name);
      if (directory !== '' && isExecutable(candidate)) return candidate;
    }
  }
  throw new Error(
    'no Redis binary: neither redis-server nor valkey-server is on PATH. Install one (Debian: ' +
      'apt-get install --no-install-recommends redis-server) or set CAIO_REDIS_SERVER to its path.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * PONG alone could come from a stranger that took the port meanwhile, so the answer must carry our pid; null
 * where Redis cannot know it.
 */
const answersPing = (port: number, pid: number | null): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
    socket.once('connect', () => socket.write('PING\r\nINFO server\r\n'));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (!'+PONG'.startsWith(answer.slice(0, 5))) settle(false);
      const process = /\r\nprocess_id:(\d+)\r\n/.exec(answer);
      if (process !== null) settle(pid === null || process[1] === String(pid));
    });
  });
