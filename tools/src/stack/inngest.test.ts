// Risk: the Inngest dev server is there and not used, listens to the network, reports home, or outlives the stack.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { freePorts } from './free-ports.ts';
import { startInngest, type InngestStart } from './inngest.ts';

const tools = join(__dirname, '..', '..');
const schedulerUrl = 'http://127.0.0.1:9';

let folder: string;
let running: InngestStart[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-inngest-'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(tools, join(folder, 'tools'));
  running = [];
});
afterEach(async () => {
  for (const start of running) if (start.outcome === 'running') await start.server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const program = (body: string): void => {
  const file = join(folder, 'bin', 'inngest');
  writeFileSync(file, `#!${process.execPath}\n${body}\n`);
  chmodSync(file, 0o755);
};

/** Speaks as the real one does: all of its log goes to standard error, and `/dev` tells how it was started. */
const devServer = `
const { writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
const valueOf = (name) => args[args.indexOf(name) + 1];
writeFileSync(${'`${process.env.HOME}/started.json`'}, JSON.stringify({ args, environment: process.env }));
console.error(JSON.stringify({ level: 'INFO', msg: 'initialized database' }));
let asked = 0;
const functions = [{ name: 'Daily health check', slug: 'caio-control-plane-daily-health-check' }];
require('node:http').createServer((request, response) => {
  asked += 1;
  const info = { startOpts: { urls: [valueOf('--sdk-url')] }, functions: asked > 2 ? functions : [] };
  response.end(request.url === '/dev' ? JSON.stringify(info) : '');
}).listen(Number(valueOf('--port')), valueOf('--host'))`;

const startedSchema = z.object({ args: z.array(z.string()), environment: z.record(z.string(), z.string()) });

const start = async (port?: number): Promise<InngestStart> => {
  const started = await startInngest({
    root: folder,
    path: join(folder, 'bin'),
    port: port ?? (await freePorts()).inngest,
    schedulerUrl,
    recordsDir: folder,
    logsDir: join(folder, 'logs'),
  });
  running.push(started);
  return started;
};

const runningOf = (started: InngestStart) => {
  if (started.outcome !== 'running') throw new Error(`not running: ${JSON.stringify(started)}`);
  return started.server;
};

describe('the dev server', () => {
  test('is started on 127.0.0.1 for this scheduler alone, reports to nobody, and ends with stop', async () => {
    program(devServer);
    const port = (await freePorts()).inngest;
    const server = runningOf(await start(port));
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    const { args, environment } = startedSchema.parse(
      JSON.parse(readFileSync(join(folder, 'started.json'), 'utf8')),
    );
    expect(args.join(' ')).toMatch(
      new RegExp(`^dev --host 127.0.0.1 --port ${port} .*--sdk-url ${schedulerUrl}/inngest$`),
    );
    expect(args).toContain('--no-discovery');
    expect(environment['DO_NOT_TRACK']).toBe('1');
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(await Promise.race([server.lost, Promise.resolve('not lost')])).toBe('not lost');
  });

  test('tells which functions it runs once it has them', async () => {
    program(devServer);
    const server = runningOf(await start());
    expect(await server.whenRegistered()).toEqual(['caio-control-plane-daily-health-check']);
  });

  test('takes a free port when its own is taken, and says which', async () => {
    program(devServer);
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const server = runningOf(await start(port));
      expect(server.url).not.toBe(`http://127.0.0.1:${port}`);
      expect((await fetch(`${server.url}/dev`)).status).toBe(200);
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });

  test('that ends by itself is told of', async () => {
    program(`${devServer}.on('request', (request) => { if (request.url === '/end') process.exit(3); });`);
    const server = runningOf(await start());
    await fetch(`${server.url}/end`).catch(() => undefined);
    expect(await server.lost).toBe('inngest ended with exit code 3');
  });

  test('that is not installed is absent', async () => {
    expect(await start()).toEqual({ outcome: 'absent' });
  });

  test('that ends at once is a failure with its own words', async () => {
    program(`console.error('Error: Inngest CLI binary not found.'); process.exit(1);`);
    const started = await start();
    expect(started).toEqual({
      outcome: 'failed',
      reason: expect.stringContaining('Inngest CLI binary not found.'),
    });
  });
});
