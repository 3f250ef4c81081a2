// Risk: tests that believe they have their own durable Redis, and have a stranger's or a forgetful one.
import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { startRedis, type RedisServer } from './redis-server.ts';

const running: RedisServer[] = [];
const start = async (...options: Parameters<typeof startRedis>): Promise<RedisServer> => {
  const server = await startRedis(...options);
  running.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** One inline command, the raw reply. */
const ask = (port: number, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });

describe('startRedis', () => {
  test('two servers live side by side, refuse to evict and are empty', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(two.port);
    expect(await ask(one.port, 'SET who one')).toBe('+OK\r\n');
    expect(await ask(two.port, 'GET who')).toBe('$-1\r\n');
    expect(await ask(one.port, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  });

  test('a write acknowledged with aof always survives a crash and a restart on the same port', async () => {
    const server = await start({ aof: 'always' });
    await ask(server.port, 'SET kept yes');
    await server.kill9();
    await expect(ask(server.port, 'PING')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await ask(server.port, 'GET kept')).toBe('$3\r\nyes\r\n');
  });

  test('without aof a restart forgets, and stop removes the directory it made', async () => {
    const server = await start();
    await ask(server.port, 'SET kept yes');
    await server.restart();
    expect(await ask(server.port, 'GET kept')).toBe('$-1\r\n');
    await server.stop();
    expect(existsSync(server.dir)).toBe(false);
  });

  test('a port that somebody else answers on is never mistaken for ours', async () => {
    const stranger = createServer((socket) =>
      socket.resume().write('+PONG\r\n$20\r\n# Server\r\nprocess_id:1\r\n\r\n'),
    );
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(start({ port })).rejects.toThrow('ended before it was ready');
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });
});
