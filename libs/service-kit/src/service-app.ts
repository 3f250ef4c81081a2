import { serviceTokenHeader } from '@caio/auth';
import type { ServiceTokenVerifier } from '@caio/auth';
import { correlationIdSchema } from '@caio/contracts';
import type { ServiceName } from '@caio/contracts';
import { runInContext } from '@caio/trace-envelope';
import type { Logger, Traces } from '@caio/trace-envelope';
import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { reportReadiness } from './health.ts';
import type { ReadinessCheck } from './health.ts';
import { problemOf } from './http-problem.ts';
import { caseIdOf, correlationIdOf, respondError, setCaller, setRequestIds } from './request-context.ts';
import { recordRequest } from './request-record.ts';
import { knownParameters } from './known-parameters.ts';
import { createServiceMetrics, serveMetrics } from './service-metrics.ts';
import type { ServiceMetrics } from './service-metrics.ts';

export interface ServiceAppOptions {
  service: ServiceName;
  logger: Logger;
  traces: Traces;
  verifier: ServiceTokenVerifier;
  /** The services that may call this one. */
  allowedIssuers: readonly ServiceName[];
  readiness: readonly ReadinessCheck[];
  /** Adds the routes. They run authenticated, except those under `publicPaths`. */
  mount: (app: Express) => void;
  /** Path prefixes that carry no service token: `/` is everything, `/hooks` is `/hooks` and what is below it. */
  publicPaths?: readonly string[];
  metrics?: ServiceMetrics;
  newCorrelationId: () => string;
  /** A monotonic clock in milliseconds. */
  monotonicNow: () => number;
  readinessTimeoutMs?: number;
  /** What browsers may do with the answers; helmet's own defaults when left out. */
  securityHeaders?: HelmetOptions;
}

const caseIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const sentCorrelationId = (req: Request): string | null => {
  const sent = req.get('x-correlation-id');
  // Most send none, and a refusal of the schema is costly to make.
  if (sent === undefined) return null;
  const parsed = correlationIdSchema.safeParse(sent);
  return parsed.success ? parsed.data : null;
};

const sentCaseId = (req: Request): string | null => {
  const sent = req.get('x-replay-case-id') ?? req.get('x-case-id') ?? '';
  return caseIdForm.test(sent) ? sent : null;
};

/** Outermost, so that every answer there is carries the id, refusals and failures included. */
const correlate =
  (newCorrelationId: () => string): RequestHandler =>
  (req, res, next) => {
    const correlationId = sentCorrelationId(req) ?? newCorrelationId();
    const caseId = sentCaseId(req);
    setRequestIds(req, { correlationId, caseId });
    res.setHeader('X-Correlation-ID', correlationId);
    if (caseId !== null) res.setHeader('X-Replay-Case-ID', caseId);
    runInContext({ correlationId, caseId }, next);
  };

const isUnder = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`));

const authenticate =
  (options: ServiceAppOptions): RequestHandler =>
  async (req, res, next) => {
    if (isUnder(req.path, options.publicPaths ?? [])) return next();
    const token = req.get(serviceTokenHeader);
    if (token === undefined) {
      respondError(res, 'unauthenticated', {
        message: 'This service answers only the other services.',
        fix: 'Call the public address of the gateway.',
        details: { reason: 'token_missing' },
      });
      return;
    }
    const verdict = await options.verifier.verify(token, {
      method: req.method,
      path: req.originalUrl,
      allowedIssuers: options.allowedIssuers,
    });
    if (!verdict.ok) {
      options.logger.warn({ reason: verdict.code, method: req.method }, 'A service token was refused.');
      const code = verdict.code === 'issuer_not_allowed' ? 'forbidden' : 'unauthenticated';
      respondError(res, code, {
        message: 'The service token was refused.',
        fix: 'Compare SERVICE_PUBLIC_KEYS, SERVICE_PRIVATE_KEY and the clocks of both services.',
        details: { reason: verdict.code },
      });
      return;
    }
    const { caller } = verdict;
    setCaller(req, caller);
    if (caller.correlationId === res.getHeader('X-Correlation-ID')) return next();
    // What is signed wins over what is merely sent.
    res.setHeader('X-Correlation-ID', caller.correlationId);
    runInContext({ correlationId: caller.correlationId, caseId: caseIdOf(req) }, next);
  };

const fail =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    const { code, detail } = problemOf(error);
    if (code === 'internal') {
      logger.error(
        { err: error, correlationId: correlationIdOf(req), method: req.method },
        'A request failed.',
      );
    } else {
      logger.debug({ code, correlationId: correlationIdOf(req) }, 'A request was refused.');
    }
    if (res.destroyed || res.writableEnded) return;
    // Half an answer must not look like a whole one.
    if (res.headersSent) res.destroy();
    else respondError(res, code, detail);
  };

/**
 * The Express application of one service, not listening: correlation id, record of every request, security
 * headers, `/health/live`, `/health/ready`, `/metrics`, service-token authentication before any body is read,
 * the routes, and one error envelope for everything else.
 */
export const createServiceApp = (options: ServiceAppOptions): Express => {
  const app = express();
  const metrics = options.metrics ?? createServiceMetrics(options.service);
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', false);

  app.use(correlate(options.newCorrelationId));
  app.use(recordRequest({ ...options, metrics }));
  app.use(helmet(options.securityHeaders));

  app.get('/health/live', (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.json({ status: 'live', service: options.service });
  });
  app.get('/health/ready', async (_req, res) => {
    const report = await reportReadiness(options.readiness, options.readinessTimeoutMs ?? 2_000);
    res.setHeader('Cache-Control', 'no-store');
    res.status(report.status === 'ready' ? 200 : 503).json({ service: options.service, ...report });
  });
  app.get('/metrics', serveMetrics(metrics));

  app.use(authenticate(options));
  app.use(knownParameters(options.service));
  options.mount(app);

  app.use((_req, res) => respondError(res, 'not_found'));
  app.use(fail(options.logger));
  return app;
};
