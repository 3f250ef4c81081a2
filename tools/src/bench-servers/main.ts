import type { Server } from 'node:http';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { cannedAnswerSchema, createCannedAnswers } from './canned-answers.ts';
import { createExpressProxy } from './express-proxy.ts';
import { createNaiveDispatch } from './naive-dispatch.ts';
import { createPlainHashing } from './plain-hashing.ts';
import { createUndiciProxy } from './undici-proxy.ts';
import { createUpstream } from './upstream.ts';

const parentPollMs = 500;

const settingsSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('upstream') }),
  z.object({ role: z.literal('undici-proxy'), upstreamUrl: z.string() }),
  z.object({
    role: z.literal('express-proxy'),
    upstreamUrl: z.string(),
    redisUrl: z.string(),
    keyPrefix: z.string(),
    tokenSha256: z.string(),
    requestsPerMinuteMax: z.number(),
  }),
  z.object({
    role: z.literal('naive-dispatch'),
    redisUrl: z.string(),
    keyPrefix: z.string(),
    providerUrl: z.string(),
    apiKey: z.string(),
  }),
  z.object({ role: z.literal('plain-hashing') }),
  z.object({ role: z.literal('canned-answers'), answers: z.array(cannedAnswerSchema) }),
]);
export type BenchServerSettings = z.infer<typeof settingsSchema>;

const serverOf = (settings: BenchServerSettings): Server => {
  switch (settings.role) {
    case 'upstream':
      return createUpstream();
    case 'undici-proxy':
      return createUndiciProxy(settings);
    case 'express-proxy':
      return createExpressProxy({ ...settings, redis: new Redis(settings.redisUrl) });
    case 'naive-dispatch':
      return createNaiveDispatch({ ...settings, redis: new Redis(settings.redisUrl) });
    case 'plain-hashing':
      return createPlainHashing();
    case 'canned-answers':
      return createCannedAnswers(settings.answers);
  }
};

/** One server that a bench compares with, as a process of its own; its settings are the one argument, as JSON. */
const server = serverOf(settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
});

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, parentPollMs).unref();
