import {
  answersWith,
  nothing,
  processHealthSchema,
  type RouteDescription,
  serviceReadinessSchema,
} from './route.ts';

/** What every service answers under the same path, on its own port. */
export const serviceRoutes: readonly Omit<RouteDescription, 'service'>[] = [
  {
    ...nothing,
    method: 'GET',
    path: '/health/live',
    door: { kind: 'open' },
    summary: 'Whether the process runs.',
    answers: answersWith(processHealthSchema),
  },
  {
    ...nothing,
    method: 'GET',
    path: '/health/ready',
    door: { kind: 'open' },
    summary: 'Whether it can work, with each thing it needs.',
    answers: [
      { status: 200, schema: serviceReadinessSchema, note: 'ready' },
      { status: 503, schema: serviceReadinessSchema, note: 'not ready' },
    ],
  },
  {
    ...nothing,
    method: 'GET',
    path: '/metrics',
    door: { kind: 'open' },
    summary:
      'Figures for Prometheus, answered to callers on the same machine and to whoever presents METRICS_TOKEN as a bearer token; others get what an unknown address gets.',
    answers: [{ status: 200, schema: null }],
  },
];
