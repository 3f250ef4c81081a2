import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceName } from '@caio/contracts';
import type { Logger, Traces } from '@caio/trace-envelope';
import type { Request, RequestHandler } from 'express';
import { boundRecords } from './bounded-records.ts';
import { caseIdOf, correlationIdOf, maybeCallerOf } from './request-context.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** The pattern of the matched route, never the path itself, which may hold ids or a secret link. */
const routeOf = (req: Request): string => {
  const route: unknown = req.route;
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined;
  return typeof path === 'string' ? `${req.baseUrl}${path}` : '(no route)';
};

const outcomeOf = (res: ServerResponse): { status: 'success' | 'failure' | 'error'; code: string | null } => {
  if (!res.writableFinished) return { status: 'failure', code: 'client_gone' };
  if (res.statusCode >= 500) return { status: 'error', code: `http_${res.statusCode}` };
  if (res.statusCode >= 400) return { status: 'failure', code: `http_${res.statusCode}` };
  return { status: 'success', code: null };
};

const turnedAway = new Set([401, 429]);
const turnedAwayPerSecondMax = 50;

export interface RequestRecordOptions {
  service: ServiceName;
  logger: Logger;
  traces: Traces;
  metrics: ServiceMetrics;
  monotonicNow: () => number;
}

/** What is known of a request when its answer is out: its route as a pattern, who asked, and who was asked in turn. */
export interface RequestFacts {
  readonly route: string;
  readonly from: ServiceName | null;
  readonly user: string | null;
  readonly to?: ServiceName | null;
}

/**
 * Begins the record of a request: one log line, one trace envelope and one measurement, when its answer is out or its
 * client gone, with the facts of that moment. Of those who are turned away at the door so many a second: anybody
 * could fill a disk with them. All are measured.
 */
export const createRequestRecord = (options: RequestRecordOptions) => {
  const { service, logger, traces, metrics, monotonicNow } = options;
  const isRecorded = boundRecords({
    max: turnedAwayPerSecondMax,
    everyMs: 1_000,
    onLeftOut: (count) =>
      logger.warn({ count }, 'More requests were turned away than are recorded one by one.'),
  });
  return (req: IncomingMessage, res: ServerResponse, factsOf: () => RequestFacts): void => {
    const startedMs = monotonicNow();
    res.once('close', () => {
      const durationMs = Math.round((monotonicNow() - startedMs) * 1_000) / 1_000;
      const { route, from, user, to } = factsOf();
      const method = req.method ?? '';
      const { statusCode } = res;
      metrics.observe({ method, route, status: statusCode, durationMs });
      // Probes come every few seconds for ever and say nothing when they pass.
      if (route.startsWith('/health/') || route === '/metrics') return;
      if (turnedAway.has(statusCode) && !isRecorded()) return;
      const { status, code } = outcomeOf(res);
      const correlationId = correlationIdOf(req);
      const passedOn = to === undefined || to === null ? {} : { to };
      logger.info(
        {
          correlationId,
          method,
          route,
          status: statusCode,
          durationMs,
          from,
          user,
          ...passedOn,
          ...(code === null ? {} : { code }),
        },
        'request',
      );
      traces.record({
        correlationId,
        caseId: caseIdOf(req),
        agent: service,
        tool: `${service}:${method} ${route}`,
        input: { method, route, from, user, ...passedOn },
        output: { status: statusCode },
        status,
        durationMs,
        errorCode: code,
        errorMessage: null,
      });
    });
  };
};

/** The record of every request of an Express application. */
export const recordRequest = (options: RequestRecordOptions): RequestHandler => {
  const begin = createRequestRecord(options);
  return (req, res, next) => {
    begin(req, res, () => {
      const caller = maybeCallerOf(req);
      return { route: routeOf(req), from: caller?.service ?? null, user: caller?.user?.name ?? null };
    });
    next();
  };
};
