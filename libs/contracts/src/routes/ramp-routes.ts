import {
  graduateRampRequestSchema,
  rampAnswerSchema,
  rampEvidenceQuerySchema,
  rampEvidenceSchema,
} from '../ramp-http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;

/** How the ramp stands, what ends it, and the page of one day. */
export const rampRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    method: 'GET',
    path: '/api/ramp',
    door: needs('read'),
    summary:
      'What holds for e-mail today, which days of sending were clean, for each other day why not, and what stands against ending the ramp.',
    answers: answersWith(rampAnswerSchema),
  },
  {
    ...gatekeeper,
    method: 'GET',
    path: '/api/ramp/evidence',
    door: needs('read'),
    summary:
      'One day of sending on one page: every number with its source, batches with their hashes and who approved them, stops, alarms, and sends by pseudonym.',
    query: rampEvidenceQuerySchema,
    answers: answersWith(rampEvidenceSchema),
    refusals: ['not_found'],
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/ramp/graduate',
    door: needs('ramp:graduate'),
    summary:
      'Ends the ramp in the name of whoever asks, with a reason. Refused while there are not enough clean days. A later day may bring it back, if the policy says so.',
    body: jsonOf(graduateRampRequestSchema),
    answers: answersWith(rampAnswerSchema),
    refusals: ['ramp_not_ended'],
  },
];
