import { actionParamsSchema } from '../http.ts';
import {
  decideUnknownAnswerSchema,
  decideUnknownRequestSchema,
  unknownDetailSchema,
  unknownListSchema,
} from '../reconcile-http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;

/** What is known about messages nobody knows the fate of, and what a person says about them. */
export const reconcileRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    method: 'GET',
    door: needs('read'),
    path: '/api/reconcile',
    summary:
      'The actions of which nobody knows whether they were sent, the longest first and 200 at most, as the system last found them.',
    answers: answersWith(unknownListSchema),
  },
  {
    ...gatekeeper,
    method: 'GET',
    door: needs('read'),
    path: '/api/reconcile/:actionId',
    summary: 'One of them, with its provider asked now and what a person may decide.',
    params: actionParamsSchema,
    answers: answersWith(unknownDetailSchema),
    refusals: ['not_found', 'state_conflict'],
  },
  {
    ...gatekeeper,
    method: 'POST',
    door: needs('unknown:decide'),
    path: '/api/reconcile/:actionId/decision',
    summary:
      'Records what a person found out. Released is refused while the provider is not proven silent, unless despite names who answers for it; what the provider shows is never released.',
    params: actionParamsSchema,
    body: jsonOf(decideUnknownRequestSchema),
    answers: answersWith(decideUnknownAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'not_proven_absent'],
  },
];
