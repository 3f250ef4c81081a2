// Risk: an import that goes on is reported as failed because one look at it came while a service started again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PipelineRun, pipelineRunSchema } from '@caio/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../../..');
const run: PipelineRun = pipelineRunSchema.parse({
  ...{ runId: 'run_01M7W317HB9KBPARJG0TZ53QRE', status: 'running', fileName: 'a.csv', format: 'csv' },
  ...{ startedBy: 'ada', strict: false, overrides: {}, correlationId: 'test-wait-00001' },
  ...{ createdAt: '2026-01-05T12:00:00.000Z', finishedAt: null, rowsRead: 1, rowsDone: 0, counts: {} },
  ...{ mapping: [], ignoredColumns: [], error: null },
});
const outage = {
  error: { code: 'upstream_unavailable', message: 'The scheduler is not answering.', correlationId: 'c' },
};

/** A gateway behind which the scheduler is away for the first `outages` looks at the run. */
const openGateway = async (outages: number): Promise<{ server: Server; url: string }> => {
  let looks = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    request.resume().on('end', () => {
      if (request.method === 'POST') return answer(202, { run });
      if (request.url?.includes('/rows') === true) return answer(200, { rows: [], nextAfter: null });
      looks += 1;
      if (looks <= outages) return answer(503, outage);
      return answer(200, { run: { ...run, status: 'done', finishedAt: run.createdAt } });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    server,
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
  };
};

let folder = '';
let open: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-wait-'));
  writeFileSync(join(folder, 'a.csv'), 'Email\nada@oaklane.example\n');
});
afterEach(() => {
  open?.closeAllConnections();
  open?.close();
  rmSync(folder, { recursive: true, force: true });
});

const importWith = async (outages: number, ...options: string[]) => {
  const { server, url } = await openGateway(outages);
  open = server;
  const child = spawn(
    process.execPath,
    [join(root, 'tools/bin/caio.mjs'), 'run-pipeline', '--input', join(folder, 'a.csv'), ...options],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], CAIO_URL: url, CAIO_TOKEN: 'a-token-of-this-test' },
    },
  );
  let said = '';
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, said, printed };
};

test('a service that is away for a moment is waited for, and what is waited for is said', async () => {
  const { exitCode, said, printed } = await importWith(2);
  expect(said).toContain('waiting: The scheduler is not answering. (upstream_unavailable)');
  expect(said).toContain('answered again');
  expect(printed).toContain(`caio -- runs show ${run.runId}`);
  expect(exitCode).toBe(0);
});

test('waiting ends with its own exit code, the last answer, and how to see what becomes of the import', async () => {
  const { exitCode, said } = await importWith(1_000, '--wait', '1');
  expect(exitCode).toBe(3);
  expect(said).toMatch(/Gave up after 1 seconds? of waiting.*upstream_unavailable/);
  expect(said).toContain(
    `goes on without you; see what becomes of it with: npm run caio -- runs show ${run.runId}`,
  );
});

test('with --json the end of waiting is one object', async () => {
  const { exitCode, printed } = await importWith(1_000, '--wait', '0', '--json');
  expect(exitCode).toBe(3);
  expect(JSON.parse(printed)).toMatchObject({
    error: { code: 'waited_too_long', details: { code: 'upstream_unavailable' } },
  });
});
