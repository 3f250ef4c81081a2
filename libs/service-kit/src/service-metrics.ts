import type { Request, RequestHandler } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The numbers of one process: its own registry, so that two services in one process never mix. */
export interface ServiceMetrics {
  readonly registry: Registry;
  observe(request: { method: string; route: string; status: number; durationMs: number }): void;
}

/** Request durations by route pattern, and the process's own figures. Add further metrics to `registry`. */
export const createServiceMetrics = (service: string): ServiceMetrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the end of the answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    observe: ({ method, route, status, durationMs }) =>
      durations.observe({ method, route, status: String(status) }, durationMs / 1_000),
  };
};

const privateAddress =
  /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^::1$|^f[cd][0-9a-f]{2}:|^fe80:/i;

const comesFromInside = (req: Request): boolean =>
  req.headers['x-forwarded-for'] === undefined &&
  req.headers.forwarded === undefined &&
  privateAddress.test(req.socket.remoteAddress ?? '');

/** Answers a scraper on the private network; to anybody else the address does not exist. */
export const serveMetrics =
  (registry: Registry): RequestHandler =>
  async (req, res, next) => {
    if (!comesFromInside(req)) return next();
    const text = await registry.metrics();
    res.setHeader('Content-Type', registry.contentType);
    res.setHeader('Cache-Control', 'no-store');
    res.send(text);
  };
