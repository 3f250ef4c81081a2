// Risk: somebody presses Ctrl-C, believes the import ended, and it goes on behind their back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PipelineRun, pipelineRunSchema } from '@caio/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caio-leave-'));
const run: PipelineRun = pipelineRunSchema.parse({
  ...{ runId: 'run_01M7W317HB9KBPARJG0TZ53QRE', status: 'running', fileName: 'a.csv', format: 'csv' },
  ...{ startedBy: 'ada', strict: false, overrides: {}, correlationId: 'test-leave-0001' },
  ...{ createdAt: '2026-01-05T12:00:00.000Z', finishedAt: null, rowsRead: 7, rowsDone: 3, counts: {} },
  ...{ mapping: [], ignoredColumns: [], error: null },
});

/** A gateway whose import never ends. */
let server: Server;
let url = '';
beforeAll(async () => {
  writeFileSync(join(folder, 'a.csv'), 'Email\nada@oaklane.example\n');
  server = createServer((request, answer) => {
    request.resume().on('end', () => {
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ run }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('Ctrl-C says that the import goes on and how to see what becomes of it', async () => {
  const child = spawn(
    process.execPath,
    [join(root, 'tools/bin/caio.mjs'), 'run-pipeline', '--input', join(folder, 'a.csv')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], CAIO_URL: url, CAIO_TOKEN: 'a-token-of-this-test' },
    },
  );
  let said = '';
  const watching = new Promise<void>((seen) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('decided 3')) seen();
    });
  });
  const closed = once(child, 'close');
  await watching;
  child.kill('SIGINT');
  expect((await closed)[0]).toBe(130);
  expect(said).toContain(
    `The import goes on without you; see what becomes of it with: npm run caio -- runs show ${run.runId}`,
  );
});
