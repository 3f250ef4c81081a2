import { secretsMatch } from '@caio/auth';
import type { Request, RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The numbers of one service: its own registry, so that two services in one process never mix. */
export interface ServiceMetrics {
  readonly registry: Registry;
  /** What a scraper presents; null lets in nobody but this machine. */
  readonly scrapeToken: string | null;
  observe(request: { method: string; route: string; status: number; durationMs: number }): void;
  /** A figure that is read whenever somebody scrapes; NaN while it cannot be read. */
  gauge(figure: { name: string; help: string; read: () => Promise<number> }): void;
  /** The same of several things at once, told apart by `label`; none while they cannot be read. */
  gaugeBy(figure: {
    name: string;
    help: string;
    label: string;
    read: () => Promise<Readonly<Record<string, number>>>;
  }): void;
}

/** Request durations by route pattern. Add further metrics to `registry`. `scrapeToken` is METRICS_TOKEN. */
export const createServiceMetrics = (service: string, scrapeToken?: string): ServiceMetrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the end of the answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    scrapeToken: scrapeToken ?? null,
    observe: ({ method, route, status, durationMs }) =>
      durations.observe({ method, route, status: String(status) }, durationMs / 1_000),
    gauge: ({ name, help, read }) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await read().catch(() => Number.NaN));
        },
      });
    },
    gaugeBy: ({ name, help, label, read }) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          this.reset();
          for (const [value, figure] of Object.entries(await read().catch(() => ({}))))
            this.set({ [label]: value }, figure);
        },
      });
    },
  };
};

/**
 * Those of a service that is a process of its own, with the figures of that process: memory, garbage collection, delay
 * of the event loop. What watches for them cannot be ended and would keep whatever a test has loaded, so this is for
 * the start of a process alone.
 */
export const createProcessMetrics = (service: string, scrapeToken?: string): ServiceMetrics => {
  const metrics = createServiceMetrics(service, scrapeToken);
  collectDefaultMetrics({ register: metrics.registry });
  return metrics;
};

/** Of this machine itself, not passed on by anything: a private address alone may be anybody in the same network. */
const comesFromThisMachine = (req: Request): boolean =>
  req.headers['x-forwarded-for'] === undefined &&
  req.headers.forwarded === undefined &&
  /^(?:::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '');

const presentsToken = (req: Request, scrapeToken: string | null): boolean => {
  const presented = /^Bearer +(\S+)$/i.exec(req.get('authorization')?.trim() ?? '')?.[1];
  return scrapeToken !== null && presented !== undefined && secretsMatch(presented, scrapeToken);
};

/** Answers this machine and whoever presents the token; to anybody else it is an unknown address. */
export const serveMetrics =
  ({ registry, scrapeToken }: ServiceMetrics): RequestHandler =>
  async (req, res, next) => {
    if (!comesFromThisMachine(req) && !presentsToken(req, scrapeToken)) return next();
    const text = await registry.metrics();
    res.setHeader('Content-Type', registry.contentType);
    res.setHeader('Cache-Control', 'no-store');
    res.send(text);
  };
