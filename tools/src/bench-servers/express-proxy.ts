import { Agent, createServer, type Server } from 'node:http';
import { matchAccessToken } from '@caio/auth';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { Redis } from 'ioredis';
import { RedisStore, type RedisReply } from 'rate-limit-redis';

/**
 * What one puts together from the usual parts: a token, a limit counted in Redis, and the request passed on over
 * connections that are kept. No record of requests, no security headers, nothing signed.
 */
export const createExpressProxy = (options: {
  upstreamUrl: string;
  redis: Redis;
  keyPrefix: string;
  /** Of the one token that gets in: 64 hex digits. */
  tokenSha256: string;
  requestsPerMinuteMax: number;
}): Server => {
  const { redis } = options;
  const principal = { name: 'bench', permissions: [] };
  const tokens = [{ digest: Buffer.from(options.tokenSha256, 'hex'), principal }];
  const app = express();
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    if (matchAccessToken(req.get('x-dashboard-token') ?? '', tokens) !== null) return next();
    res.status(401).json({ error: 'unauthenticated' });
  });
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: options.requestsPerMinuteMax,
      standardHeaders: 'draft-6',
      legacyHeaders: false,
      keyGenerator: () => principal.name,
      store: new RedisStore({
        prefix: options.keyPrefix,
        sendCommand: async (command: string, ...args: string[]) =>
          (await redis.call(command, ...args)) as RedisReply,
      }),
    }),
  );
  app.use(
    createProxyMiddleware({
      target: options.upstreamUrl,
      agent: new Agent({ keepAlive: true, maxSockets: 64 }),
    }),
  );
  return createServer(app);
};
