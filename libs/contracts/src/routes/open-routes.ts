import {
  answersWith,
  linkParamsSchema,
  processHealthSchema,
  systemHealthSchema,
  nothing,
  type RouteDescription,
} from './route.ts';

const gateway = { ...nothing, service: 'gateway', method: 'GET', door: { kind: 'open' } } as const;
const webhooks = { ...nothing, service: 'webhooks', door: { kind: 'link' } } as const;

/** What needs no token: links in messages, and health. */
export const openRoutes: readonly RouteDescription[] = [
  {
    ...webhooks,
    method: 'GET',
    path: '/u/:token',
    summary:
      'The page behind the unsubscribe link of a message. It changes nothing: mail scanners follow links.',
    params: linkParamsSchema,
    answers: [
      { status: 200, schema: null, note: 'a page with one button' },
      { status: 404, schema: null, note: 'a page saying that the link is not known' },
    ],
  },
  {
    ...webhooks,
    method: 'POST',
    path: '/u/:token',
    summary: "Suppresses the person of the link: the page's button, and the one-click of RFC 8058.",
    params: linkParamsSchema,
    answers: [
      { status: 200, schema: null, note: 'a page saying that it is done' },
      { status: 404, schema: null, note: 'a page saying that the link is not known' },
      { status: 503, schema: null, note: 'a page asking to try again: the wish could not be stored' },
    ],
  },
  {
    ...gateway,
    path: '/api/health',
    summary: 'How the parts of the system are, for people and monitors.',
    answers: answersWith(systemHealthSchema),
  },
  {
    ...gateway,
    path: '/api/health/ready',
    summary: 'The same, as a status code.',
    answers: [
      { status: 200, schema: systemHealthSchema, note: 'every part is ready' },
      { status: 503, schema: systemHealthSchema, note: 'one is not; its message says why' },
    ],
  },
  {
    ...gateway,
    path: '/api/health/live',
    summary: 'Whether the gateway itself runs.',
    answers: answersWith(processHealthSchema),
  },
];
