import { runtimeDependenciesSchema } from '../dependencies.ts';
import { sessionAnswerSchema } from '../desk.ts';
import { answersWith, nothing, type RouteDescription } from './route.ts';

const gateway = { ...nothing, service: 'gateway', method: 'GET', door: { kind: 'credential' } } as const;

/** What the gateway itself answers to whoever is let in. */
export const doorRoutes: readonly RouteDescription[] = [
  {
    ...gateway,
    path: '/api/session',
    summary:
      'Who the caller is. With a session, csrfToken goes into the X-CSRF-Token header of every change; a caller with a token of its own needs none.',
    answers: answersWith(sessionAnswerSchema),
  },
  {
    ...gateway,
    path: '/api/runtime/dependencies',
    summary:
      'What the system needs and how it is kept, in detail: Redis, Inngest, webhooks, queues, and how the door is set up. Always 200; ready says whether every required part is.',
    answers: answersWith(runtimeDependenciesSchema),
  },
];
