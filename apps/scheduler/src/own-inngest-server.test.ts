// Risk: an installation with an Inngest server of its own talks to the public one, which then knows of its leads and cannot reach it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { createLogger, createRedactor } from '@caio/trace-envelope';
import { expect, test } from '@jest/globals';
import { schedulerVariables } from './config.ts';
import { createInngest } from './inngest-endpoint.ts';

test('with INNGEST_BASE_URL everything goes there, in the mode that verifies calls', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ids: ['1'], status: 200 }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const config = schedulerVariables.parse({
      GATEKEEPER_URL: 'http://127.0.0.1:1',
      COPY_PACK_DIR: 'config/copy-pack/harbor-pine',
      INNGEST_BASE_URL: `http://127.0.0.1:${port}/`,
      INNGEST_SIGNING_KEY: 'ab'.repeat(32),
      INNGEST_EVENT_KEY: 'cd'.repeat(32),
    });
    const inngest = createInngest(
      config,
      createLogger({
        service: 'scheduler',
        level: 'error',
        stream: new PassThrough(),
        redactor: createRedactor(),
        now: Date.now,
      }),
    );
    await inngest.send({ name: 'test/nothing', data: {} });
    expect(asked).toEqual([`POST /e/${'cd'.repeat(32)}`]);
    expect(inngest.mode).toBe('cloud');
  } finally {
    server.close();
  }
});
