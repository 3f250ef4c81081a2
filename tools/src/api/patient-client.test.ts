// Risk: an import is given up at the first hiccup of a service, waited for without end or a word, or started twice.
import { createServer, type Server } from 'node:http';
import { errorCatalogue, type ErrorCode } from '@caio/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type ApiCall, createApiClient } from './api-client.ts';
import { createPatientClient } from './patient-client.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}
const refusal = (code: ErrorCode, details?: Record<string, unknown>): Answer => ({
  status: errorCatalogue[code].status,
  body: JSON.stringify({
    error: {
      code,
      message: `It is ${code}.`,
      correlationId: 'c',
      ...(details === undefined ? {} : { details }),
    },
  }),
});
const fine: Answer = { status: 200, body: '{"done":true}' };

let server: Server;
let url = '';
let answers: Answer[] = [];
let arrived: string[] = [];
let said: string[] = [];
let nowMs = 0;

beforeEach(async () => {
  [answers, arrived, said, nowMs] = [[], [], [], 0];
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      arrived.push(request.method ?? '');
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined) return void request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const patientClient = () =>
  createPatientClient(createApiClient({ baseUrl: url, token: 'token', correlationId: 'c' }), {
    limitMs: 60_000,
    say: (line) => said.push(line),
    nowMs: () => nowMs,
    pause: (milliseconds) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
  });
const ask = (client = patientClient(), call: ApiCall = { method: 'GET', path: '/api/x' }) =>
  client.call(call, z.object({ done: z.boolean() }));

test.each([
  'upstream_unavailable',
  'store_unavailable',
  'store_recovering',
  'overloaded',
  'too_many_requests',
] as const)(
  'a question answered with %s is asked again until there is an answer, and what is waited for is said once',
  async (code) => {
    answers = [refusal(code), refusal(code), refusal(code), fine];
    expect(await ask()).toEqual({ done: true });
    expect(arrived).toHaveLength(4);
    expect(said).toEqual([
      expect.stringContaining(`waiting: It is ${code}. (${code})`),
      expect.stringContaining('going on'),
    ]);
  },
);

test('waiting ends after its time, with the last answer and another name', async () => {
  answers = [refusal('upstream_unavailable')];
  await expect(ask()).rejects.toMatchObject({
    code: 'waited_too_long',
    message: expect.stringMatching(/60 seconds.*upstream_unavailable/),
    fix: expect.stringContaining('goes on'),
  });
  expect(nowMs).toBe(60_000);
  // Often enough to see that it is alive, not so often that it fills a log.
  expect(said.length).toBeGreaterThan(2);
  expect(said.length).toBeLessThan(8);
});

test.each(['internal', 'forbidden', 'not_found', 'secret_missing', 'halted'] as const)(
  '%s does not pass by itself and is told at once',
  async (code) => {
    answers = [refusal(code), fine];
    await expect(ask()).rejects.toMatchObject({ code });
    expect(said).toEqual([]);
  },
);

test('a page of whatever stands in front of the gateway is waited for, a page of something else is not', async () => {
  answers = [{ status: 502, body: '<html>' }, fine];
  expect(await ask()).toEqual({ done: true });
  answers = [{ status: 404, body: '<html>' }, fine];
  await expect(ask()).rejects.toMatchObject({ code: 'not_our_gateway' });
});

test('a gateway that goes away is waited for, one that never was there is not', async () => {
  const client = patientClient();
  await expect(ask(client)).rejects.toMatchObject({ code: 'gateway_silent' });
  answers = [fine];
  await ask(client);
  answers = [];
  await expect(ask(client)).rejects.toMatchObject({ code: 'waited_too_long' });
});

test('a command is repeated only when the first one did nothing for certain', async () => {
  const post: ApiCall = { method: 'POST', path: '/api/x', json: {} };
  for (const certain of [refusal('upstream_unavailable', { arrived: 'no' }), refusal('overloaded')]) {
    answers = [certain, fine];
    expect(await ask(patientClient(), post)).toEqual({ done: true });
  }
  arrived = [];
  for (const open of [
    refusal('upstream_unavailable', { arrived: 'unknown' }),
    refusal('store_unavailable'),
  ]) {
    answers = [open, fine];
    await expect(ask(patientClient(), post)).rejects.toBeInstanceOf(Error);
  }
  expect(arrived).toHaveLength(2);
});
