import { serviceTokenHeader } from '@caio/auth';
import type { ServiceTokenVerifier } from '@caio/auth';
import type { ServiceName } from '@caio/contracts';
import { runInContext } from '@caio/trace-envelope';
import type { Logger, Traces } from '@caio/trace-envelope';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { reportReadiness } from './health.ts';
import type { ReadinessCheck } from './health.ts';
import { knownParameters } from './known-parameters.ts';
import { caseIdOf, respondError, setCaller } from './request-context.ts';
import { createFailureAnswer } from './request-failure.ts';
import { identifyRequest } from './request-ids.ts';
import type { RequestIds } from './request-ids.ts';
import { recordRequest } from './request-record.ts';
import { createMethodLookup } from './route-paths.ts';
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
  /**
   * How everything a request sets off gets to know its ids; `runInContext` when left out. A service that hands them
   * on itself passes one that does nothing, because a context costs each of its promises.
   */
  enterContext?: (ids: RequestIds, next: () => void) => void;
}

/** Outermost, so that every answer there is carries the id, refusals and failures included. */
const correlate =
  ({ newCorrelationId, enterContext = runInContext }: ServiceAppOptions): RequestHandler =>
  (req, res, next) =>
    enterContext(identifyRequest(req, res, newCorrelationId), next);

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
    const { enterContext = runInContext } = options;
    enterContext({ correlationId: caller.correlationId, caseId: caseIdOf(req) }, next);
  };

/**
 * `If-None-Match: *` asks for nothing where there is something, and Express takes it by its word although our answers
 * carry no tag: whoever sends it would never see one.
 */
const ignoreAnyTag: RequestHandler = (req, _res, next) => {
  if (req.headers['if-none-match']?.trim() === '*') delete req.headers['if-none-match'];
  next();
};

/** 405 with what is taken at a path that exists, else 404. */
const answerUnknown = (service: ServiceName): RequestHandler => {
  const methodsAt = createMethodLookup(service);
  return (req, res) => {
    const allowed = methodsAt(req.path);
    if (allowed.length === 0 || allowed.includes(req.method)) return respondError(res, 'not_found');
    res.setHeader('Allow', allowed.join(', '));
    return respondError(res, 'method_not_allowed', { message: `This address takes ${allowed.join(', ')}.` });
  };
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

  app.use(correlate(options));
  app.use(recordRequest({ ...options, metrics }));
  app.use(helmet(options.securityHeaders));
  app.use(ignoreAnyTag);

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

  app.use(answerUnknown(options.service));
  const answerFailure = createFailureAnswer(options.logger);
  const fail: ErrorRequestHandler = (error: unknown, req, res, _next) => answerFailure(error, req, res);
  app.use(fail);
  return app;
};
