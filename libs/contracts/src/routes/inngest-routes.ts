import { inngestBytesMax, inngestStateSchema } from '../inngest.ts';
import { answersWith, nothing, type RouteDescription } from './route.ts';

const scheduler = {
  ...nothing,
  service: 'scheduler',
  path: '/inngest',
  refusals: ['secret_missing'],
} as const;

const call = {
  ...scheduler,
  door: { kind: 'signature' },
  body: {
    types: ['application/json'],
    limitBytes: inngestBytesMax,
    schema: null,
    note: "Inngest's own protocol",
  },
} as const;

/** What Inngest calls, through the gateway or inside the network. */
export const inngestRoutes: readonly RouteDescription[] = [
  {
    ...scheduler,
    method: 'GET',
    door: { kind: 'open' },
    summary:
      'Whether calls are verified (cloud) and how many functions are served. With the signature of Inngest the answer is its own, and longer.',
    answers: answersWith(inngestStateSchema),
  },
  {
    ...call,
    method: 'PUT',
    summary: 'Inngest asks to be told the functions again.',
    answers: [{ status: 200, schema: null, note: "Inngest's own protocol" }],
  },
  {
    ...call,
    method: 'POST',
    summary: 'Inngest has a function or one of its steps run.',
    answers: [{ status: 200, schema: null, note: "Inngest's own protocol; 206 where only steps have ended" }],
  },
];
