// Risk: a compressed answer is another answer, events wait in a compressor, or a caller gets what it cannot read.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { compressAnswers } from './compressed-answers.ts';

const large = { words: Array.from({ length: 1_000 }, (_, at) => `word ${at} größer`) };
let server: Server;
beforeAll(async () => {
  const app = express();
  app.use(compressAnswers());
  app.get('/large', (_req, res) => void res.status(207).json(large));
  app.get('/small', (_req, res) => void res.json({ words: ['one'] }));
  app.get('/events', (_req, res) => {
    res.setHeader('Content-Type', 'text/event-stream');
    res.write(`data: ${JSON.stringify(large)}\n\n`);
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const headOf = (path: string, method: string, encodings: string | null): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const headers = encodings === null ? {} : { 'accept-encoding': encodings };
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
const bytesOf = async (answer: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

test.each(['gzip', 'gzip, deflate, br, zstd', 'identity;q=0.5, gzip', '*'])(
  'with %j a large answer comes compressed, and is the same answer',
  async (encodings) => {
    const answer = await headOf('/large', 'GET', encodings);
    const bytes = await bytesOf(answer);
    expect(answer.statusCode).toBe(207);
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.length),
      vary: 'Accept-Encoding',
    });
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(large);
  },
);

test.each([
  ['/large', null],
  ['/large', 'br'],
  ['/large', 'gzip;q=0'],
  ['/large', 'identity'],
  ['/small', 'gzip'],
])('%s comes as it is with %j', async (path, encodings) => {
  const answer = await headOf(path, 'GET', encodings);
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(JSON.parse((await bytesOf(answer)).toString())).toHaveProperty('words');
});

test('an event arrives at once and as it is', async () => {
  const answer = await headOf('/events', 'GET', 'gzip');
  expect(answer.headers['content-encoding']).toBeUndefined();
  for await (const chunk of answer) {
    expect(String(chunk)).toMatch(/^data: /);
    break;
  }
});

test('a question about the head alone gets no body', async () => {
  const answer = await headOf('/large', 'HEAD', 'gzip');
  expect([answer.statusCode, (await bytesOf(answer)).length]).toEqual([207, 0]);
});
