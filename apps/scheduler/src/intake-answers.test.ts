// Risk: a gatekeeper that restarts ends every run that waits for it, or one that refuses is asked for ever.
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createInternalClient, type InternalClient } from '@caio/service-kit';
import { createIdSource, freePort } from '@caio/test-kit';
import { createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import { createIntakeAnswers } from './intake-answers.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const redactor = createRedactor();
const traces = createTraces({
  writer: createTraceWriter({
    file: 'unused',
    enabled: false,
    retentionDays: 1,
    cleanupEnabled: false,
    redactor,
    now: Date.now,
    onReport: () => undefined,
  }),
  redactor,
  now: Date.now,
  monotonicNow: () => performance.now(),
  newCorrelationId: createIdSource().correlationId,
});

const clientAt = (port: number): InternalClient => {
  const client = createInternalClient({
    baseUrl: `http://127.0.0.1:${port}`,
    audience: 'gatekeeper',
    signer: { service: 'scheduler', sign: () => 'not looked at here' },
    traces,
    timeoutMs: 2_000,
  });
  closing.push(() => client.close());
  return client;
};

const asking: string[] = [];
const answersOf = async (respond: RequestListener) => {
  asking.length = 0;
  const server: Server = createServer((req, res) => {
    asking.push(req.url ?? '');
    respond(req, res);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  return createIntakeAnswers(clientAt(typeof address === 'object' && address !== null ? address.port : 0));
};

const answer = { outcome: 'accepted', draftId: null, reasons: ['taken'], tier: 'tier_1', score: 80 };
const both = async (answers: ReturnType<typeof createIntakeAnswers>) => [
  await answers.count('run_1', 'cor-of-this-test'),
  await answers.all('run_1', 'cor-of-this-test'),
];

test('the count and the answers by line are what the gatekeeper says', async () => {
  const answers = await answersOf((_req, res) =>
    res.end(JSON.stringify({ count: 7, answers: [{ line: 3, answer }] })),
  );
  expect(await both(answers)).toEqual([7, new Map([[3, answer]])]);
  expect(asking).toEqual([
    '/internal/runs/run_1/intake-answers?view=count',
    '/internal/runs/run_1/intake-answers?view=all',
  ]);
});

describe('a gatekeeper that does not answer is waited for', () => {
  const envelope = JSON.stringify({
    error: { code: 'store_unavailable', message: 'no', correlationId: 'cor-of-this-test' },
  });
  test.each<[string, RequestListener]>([
    ['without its store', (_req, res) => res.writeHead(503).end(envelope)],
    ['behind something that fails', (_req, res) => res.writeHead(502).end('<html>')],
    ['that hangs up', (req) => req.socket.destroy()],
    ['of another version', (_req, res) => res.end('{"total":1}')],
  ])('%s', async (_name, respond) => {
    expect(await both(await answersOf(respond))).toEqual([null, null]);
  });

  test('that is away', async () => {
    expect(await both(createIntakeAnswers(clientAt(await freePort())))).toEqual([null, null]);
  });
});

test.each([401, 403, 404])('one that refuses with %s is not, and the code says why', async (status) => {
  const refusal = { error: { code: 'forbidden', message: 'no', correlationId: 'cor-of-this-test' } };
  const answers = await answersOf((_req, res) => res.writeHead(status).end(JSON.stringify(refusal)));
  await expect(answers.count('run_1', 'cor-of-this-test')).rejects.toThrow(
    /refused to answer for run_1: forbidden/,
  );
  await expect(answers.all('run_1', 'cor-of-this-test')).rejects.toThrow(/forbidden/);
});
