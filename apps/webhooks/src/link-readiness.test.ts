// Risk: the two services have different secrets, every opt-out is told that its link is old, and nothing is red.
import { createUnsubscribeTokens } from '@caio/auth';
import { createRedisConnections } from '@caio/service-kit';
import { createKeys, createLinkSample } from '@caio/state-store';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { createLogger, createRedactor } from '@caio/trace-envelope';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLinkReadiness } from './link-readiness.ts';
import { formerSecret, secret } from './testing/webhooks-rig.ts';

let server: RedisServer;
let connections: ReturnType<typeof createRedisConnections>;
let sample: ReturnType<typeof createLinkSample>;
beforeAll(async () => {
  server = await startRedis();
  connections = createRedisConnections({
    url: server.url,
    role: 'worker',
    logger: createLogger({
      ...{ service: 'webhooks', level: 'error', stream: process.stdout },
      ...{ redactor: createRedactor(), now: Date.now },
    }),
    now: Date.now,
  });
  sample = createLinkSample({ redis: connections.connect('links'), keys: createKeys('test-links') });
});
afterAll(async () => {
  await connections.close();
  await server.stop();
});

const readinessWith = (...secrets: string[]) =>
  createLinkReadiness({ sample, tokens: createUnsubscribeTokens({ secrets }) }).check();
const linkOf = (made: string): string =>
  createUnsubscribeTokens({ secrets: [made] }).issue('email:nobody@links.example');

test('before the first link there is nothing to refuse', async () => {
  expect(await readinessWith(secret)).toMatchObject({ ready: true });
});

test('ready with the secret that links are made with, also as the former one while it is being replaced', async () => {
  await sample.remember(linkOf(secret));
  expect(await readinessWith(secret)).toMatchObject({ ready: true });
  expect(await readinessWith('the-secret-that-will-be-used-next-01', secret)).toMatchObject({ ready: true });
});

test('not ready with another secret, and says which variable to set without naming its value', async () => {
  await sample.remember(linkOf(formerSecret));
  const answer = await readinessWith(secret);
  expect(answer).toMatchObject({ ready: false, required: true });
  expect(answer.message).toContain('UNSUBSCRIBE_SECRET');
  expect(answer.message).not.toContain('secret-of');
});
