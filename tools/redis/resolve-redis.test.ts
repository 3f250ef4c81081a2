// Risk: a newcomer has some Redis, or none, and gets a wrong one, a silent one, or a wall of errors.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { pingRedis } from './ping.mjs';
import { resolveRedis } from './resolve-redis.mjs';
import { redisSources } from './sources.mjs';
import { realServerFor } from './testing/real-server.ts';

let realServer: string;
let folder: string;
let bin: string;
let said: string[];
const stops: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-resolve-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  realServer = realServerFor(folder);
  said = [];
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An executable on the test's PATH, written in JavaScript and run by this Node. */
function fake(name: string, body: string): void {
  const path = join(bin, name);
  writeFileSync(path, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}\n`);
  chmodSync(path, 0o755);
}

function linkRealServer(): void {
  symlinkSync(realServer, join(bin, 'redis-server'));
}

async function resolve(
  options: { noInstall?: boolean; isRoot?: boolean; redisUrl?: string; purpose?: 'start' | 'test' } = {},
) {
  const env: NodeJS.ProcessEnv = { PATH: bin };
  if (options.redisUrl !== undefined) env.REDIS_URL = options.redisUrl;
  const redis = await resolveRedis({
    purpose: options.purpose ?? 'test',
    noInstall: options.noInstall ?? false,
    isRoot: options.isRoot ?? true,
    ...(options.purpose === 'start' ? { dataDir: join(folder, 'data') } : {}),
    env,
    say: (line) => said.push(line),
  });
  stops.push(redis.stop);
  return redis;
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

test('the order is REDIS_URL, PATH, container, Debian package, redis-memory-server', () => {
  expect(redisSources.map((source) => source.name)).toEqual([
    'REDIS_URL',
    'redis-server or valkey-server on PATH',
    'a redis:7 container',
    "Debian's redis-server package",
    'redis-memory-server (downloads and compiles Redis)',
  ]);
});

describe('a server on PATH', () => {
  test('is started on 127.0.0.1, durable, never evicting, and is gone after stop', async () => {
    linkRealServer();
    const redis = await resolve();
    expect(redis).toMatchObject({ kind: 'binary', serverBinary: join(bin, 'redis-server') });
    expect(said).toEqual([expect.stringMatching(/^Redis: .*redis-server \d+\.\d+\.\d+ \(found on PATH\)$/)]);
    expect(new URL(redis.url).hostname).toBe('127.0.0.1');
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    client.disconnect();
    await redis.stop();
    expect((await pingRedis(redis.url, 500)).ok).toBe(false);
  });

  test('valkey-server serves as well, but not one that is too old', async () => {
    fake('valkey-server', `console.log('Redis server v=5.0.14 sha=0'); `);
    const message = await messageOf(resolve({ noInstall: true }));
    expect(message).toContain('version 5.0.14 is older than 6.2');
  });

  test('npm start keeps its data between two runs', async () => {
    linkRealServer();
    const { Redis } = await import('ioredis');
    const first = await resolve({ purpose: 'start' });
    const writer = new Redis(first.url);
    await writer.set('kept', 'yes');
    writer.disconnect();
    await first.stop();
    const second = await resolve({ purpose: 'start' });
    const reader = new Redis(second.url);
    expect(await reader.get('kept')).toBe('yes');
    reader.disconnect();
  });

  test('a killed start takes its server with it', async () => {
    linkRealServer();
    const killedStart = `
      const { resolveRedis } = await import(${JSON.stringify(join(__dirname, 'resolve-redis.mjs'))});
      const redis = await resolveRedis({ purpose: 'start', dataDir: ${JSON.stringify(join(folder, 'data'))}, say: () => {} });
      process.stdout.write(redis.url, () => process.kill(process.pid, 'SIGKILL'));`;
    const killed = spawnSync(process.execPath, ['--input-type=module', '-e', killedStart], {
      env: { PATH: bin },
      encoding: 'utf8',
    });
    expect(killed.signal).toBe('SIGKILL');
    expect(killed.stdout).toMatch(/^redis:/);
    await waitFor(async () => !(await pingRedis(killed.stdout, 500)).ok, {
      timeoutMs: 5_000,
      describe: 'the server to end',
    });
  });

  test('a server still running on the data folder is ended first, never doubled, and loses nothing', async () => {
    linkRealServer();
    const { Redis } = await import('ioredis');
    const first = await resolve({ purpose: 'start' });
    const writer = new Redis(first.url);
    await writer.set('kept', 'yes');
    writer.disconnect();
    const note: unknown = JSON.parse(readFileSync(join(folder, 'data', 'server.json'), 'utf8'));
    const second = await resolve({ purpose: 'start' });
    expect(second.url).not.toBe(first.url);
    expect((await pingRedis(first.url, 500)).ok).toBe(false);
    const reader = new Redis(second.url);
    expect(await reader.get('kept')).toBe('yes');
    reader.disconnect();
    expect(JSON.parse(readFileSync(join(folder, 'data', 'server.json'), 'utf8'))).not.toEqual(note);
  });
});

describe('REDIS_URL', () => {
  test('wins over everything, is never stopped by us, and its password is not printed', async () => {
    linkRealServer();
    const theirs = await resolve();
    const url = theirs.url.replace('redis://', 'redis://default:@');
    const redis = await resolve({ redisUrl: url });
    expect(redis).toMatchObject({ kind: 'url', url, serverBinary: join(bin, 'redis-server') });
    expect(said.slice(-2)).toEqual([
      `Redis: ${theirs.url} (REDIS_URL is set)`,
      expect.stringMatching(/^Redis: tests start servers of their own from .*redis-server /),
    ]);
    await redis.stop();
    expect((await pingRedis(theirs.url, 500)).ok).toBe(true);
  });

  test('without any server program is not enough for tests, which would empty it', async () => {
    linkRealServer();
    const theirs = await resolve();
    rmSync(join(bin, 'redis-server'));
    expect((await resolve({ redisUrl: theirs.url, purpose: 'start' })).serverBinary).toBeNull();
    const message = await messageOf(resolve({ redisUrl: theirs.url, noInstall: true }));
    expect(message).toContain('Type this, then try again');
  });

  test('that does not answer is an error naming it, not a reason to take another Redis', async () => {
    linkRealServer();
    const message = await messageOf(resolve({ redisUrl: 'redis://user:hidden-word@127.0.0.1:1' }));
    expect(message).toContain('REDIS_URL points at redis://127.0.0.1:1, which does not answer');
    expect(message).toContain('unset it to have a Redis provided');
    expect(message).not.toContain('hidden-word');
  });
});

describe('a container', () => {
  const engineThatRuns = (log: string) => `
    const fs = require('node:fs'), { spawn } = require('node:child_process');
    fs.appendFileSync(${JSON.stringify(log)}, args.join(' ') + '\\n');
    if (args[0] === 'info') console.log('28.0.0');
    if (args[0] === 'run') {
      const port = /--publish=127.0.0.1:(\\d+):/.exec(args.join(' '))[1];
      const child = spawn(${JSON.stringify(realServer)}, [...args.slice(args.indexOf('redis-server') + 1), '--port', port, '--dir', ${JSON.stringify(folder)}], { detached: true, stdio: 'ignore' });
      fs.writeFileSync(${JSON.stringify(`${log}.pid`)}, String(child.pid));
      child.unref();
    }
    const pid = () => Number(fs.readFileSync(${JSON.stringify(`${log}.pid`)}, 'utf8'));
    if (args[0] === 'stop') process.kill(pid());
    if (args[0] === 'container') {
      try { process.kill(pid(), 0); } catch { process.exit(1); }
    }`;

  test('serves when an engine answers and no server is on PATH', async () => {
    const log = join(folder, 'engine.log');
    fake('docker', engineThatRuns(log));
    const redis = await resolve();
    expect(redis.kind).toBe('container');
    expect(said).toEqual(['Redis: redis:7 container (no server on PATH, and docker answers)']);
    expect(redis.serverBinary).toMatch(/container-redis-server\.mjs$/);
    await redis.stop();
    const calls = readFileSync(log, 'utf8').split('\n');
    expect(calls).toContainEqual(
      expect.stringMatching(/^run --detach --rm .*redis:7 redis-server .*noeviction --protected-mode no$/),
    );
    expect(calls).toContainEqual(expect.stringMatching(/^stop .*caio-redis-/));
  });

  test('still running on the data folder is ended first, never doubled, and loses nothing', async () => {
    const log = join(folder, 'engine.log');
    fake('docker', engineThatRuns(log));
    const { Redis } = await import('ioredis');
    const first = await resolve({ purpose: 'start' });
    const writer = new Redis(first.url);
    await writer.set('kept', 'yes');
    writer.disconnect();
    const second = await resolve({ purpose: 'start' });
    expect((await pingRedis(first.url, 500)).ok).toBe(false);
    const reader = new Redis(second.url);
    expect(await reader.get('kept')).toBe('yes');
    reader.disconnect();
    const names = readFileSync(log, 'utf8').match(/(?<=^run .*--name=)\S+/gm) ?? [];
    // One name for one folder: a real engine refuses the second server, whoever starts it.
    expect(names).toEqual([names[0], names[0]]);
  });

  test('is passed over when the command is there and its engine is not', async () => {
    fake('docker', `if (args[0] === 'info') process.exit(1);`);
    expect(await messageOf(resolve({ noInstall: true }))).toContain('docker has no engine running');
  });
});

describe("Debian's package", () => {
  const installed = () => existsSync(join(bin, 'redis-server'));

  test('is installed as root, after saying so, and then used', async () => {
    fake(
      'apt-get',
      `if (args[0] === 'install' && args.includes('redis-server')) require('node:fs').symlinkSync(${JSON.stringify(realServer)}, ${JSON.stringify(join(bin, 'redis-server'))});`,
    );
    const redis = await resolve();
    expect(redis.kind).toBe('debian-package');
    expect(said[0]).toBe(
      'Redis: none found; installing the redis-server package with apt-get (--no-install refuses this).',
    );
    expect(said.at(-1)).toMatch(/\(just installed with apt-get\)$/);
  });

  test('--no-install refuses it and tells the one line to type', async () => {
    fake(
      'apt-get',
      `require('node:fs').symlinkSync(${JSON.stringify(realServer)}, ${JSON.stringify(join(bin, 'redis-server'))});`,
    );
    const message = await messageOf(resolve({ noInstall: true }));
    expect(installed()).toBe(false);
    expect(message).toContain('--no-install forbids it');
    expect(message).toMatch(
      /Type this, then try again:\n {2}apt-get install -y --no-install-recommends redis-server$/,
    );
  });

  test('is left alone by anyone but root', async () => {
    fake('apt-get', `process.exit(0);`);
    const message = await messageOf(resolve({ isRoot: false }));
    expect(message).toContain('not running as root');
  });

  test('that cannot be installed leaves one message', async () => {
    fake('apt-get', `process.exit(100);`);
    const message = await messageOf(resolve());
    expect(message).toContain('apt-get install failed (exit code 100)');
    expect(message.match(/Type this/g)).toHaveLength(1);
  });
});
