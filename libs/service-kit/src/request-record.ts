import type { ServiceName } from '@caio/contracts';
import type { Logger, Traces } from '@caio/trace-envelope';
import type { Request, RequestHandler, Response } from 'express';
import { boundRecords } from './bounded-records.ts';
import { caseIdOf, correlationIdOf, maybeCallerOf } from './request-context.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** The pattern of the matched route, never the path itself, which may hold ids or a secret link. */
const routeOf = (req: Request): string => {
  const route: unknown = req.route;
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined;
  return typeof path === 'string' ? `${req.baseUrl}${path}` : '(no route)';
};

const outcomeOf = (res: Response): { status: 'success' | 'failure' | 'error'; code: string | null } => {
  if (!res.writableFinished) return { status: 'failure', code: 'client_gone' };
  if (res.statusCode >= 500) return { status: 'error', code: `http_${res.statusCode}` };
  if (res.statusCode >= 400) return { status: 'failure', code: `http_${res.statusCode}` };
  return { status: 'success', code: null };
};

const turnedAway = new Set([401, 429]);
const turnedAwayPerSecondMax = 50;

/**
 * One log line, one trace envelope and one measurement per request, when its answer is out or its client gone. Of
 * those who are turned away at the door so many a second: anybody could fill a disk with them. All are measured.
 */
export const recordRequest = (options: {
  service: ServiceName;
  logger: Logger;
  traces: Traces;
  metrics: ServiceMetrics;
  monotonicNow: () => number;
}): RequestHandler => {
  const { service, logger, traces, metrics, monotonicNow } = options;
  const isRecorded = boundRecords({
    max: turnedAwayPerSecondMax,
    everyMs: 1_000,
    onLeftOut: (count) =>
      logger.warn({ count }, 'More requests were turned away than are recorded one by one.'),
  });
  return (req, res, next) => {
    const startedMs = monotonicNow();
    res.once('close', () => {
      const durationMs = Math.round((monotonicNow() - startedMs) * 1_000) / 1_000;
      const route = routeOf(req);
      const { method } = req;
      const { statusCode } = res;
      const { status, code } = outcomeOf(res);
      const caller = maybeCallerOf(req);
      const correlationId = correlationIdOf(req);
      metrics.observe({ method, route, status: statusCode, durationMs });
      // Probes come every few seconds for ever and say nothing when they pass.
      if (route.startsWith('/health/') || route === '/metrics') return;
      if (turnedAway.has(statusCode) && !isRecorded()) return;
      const from = caller?.service ?? null;
      const user = caller?.user?.name ?? null;
      logger.info(
        {
          correlationId,
          method,
          route,
          status: statusCode,
          durationMs,
          from,
          user,
          ...(code === null ? {} : { code }),
        },
        'request',
      );
      traces.record({
        correlationId,
        caseId: caseIdOf(req),
        agent: service,
        tool: `${service}:${method} ${route}`,
        input: { method, route, from, user },
        output: { status: statusCode },
        status,
        durationMs,
        errorCode: code,
        errorMessage: null,
      });
    });
    next();
  };
};
