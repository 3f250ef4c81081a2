import {
  auditVerdictSchema,
  changeExclusionsAnswerSchema,
  changeExclusionsRequestSchema,
  exclusionListSchema,
  haltAnswerSchema,
  haltRequestSchema,
  pageQuerySchema,
  queueStatusSchema,
  suppressAnswerSchema,
  suppressRequestSchema,
  suppressionListSchema,
} from '../http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;
const read = { method: 'GET', door: needs('read') } as const;

/** What may not be sent, the stop, and how it all stands. */
export const gateRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    ...read,
    path: '/api/halt',
    summary: 'Whether everything is stopped, by whom and why.',
    answers: answersWith(haltAnswerSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/halt',
    door: needs('halt'),
    summary: 'Stops all sending from the next admission on.',
    body: jsonOf(haltRequestSchema),
    answers: answersWith(haltAnswerSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/halt/lift',
    door: needs('halt:lift'),
    summary: 'Lifts the stored stop. EMERGENCY_STOP of the gatekeeper, if set, still stops everything.',
    body: jsonOf(haltRequestSchema),
    answers: answersWith(haltAnswerSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/suppressions',
    summary:
      'Who must never be written to again. A page has the size the store gives it: limit has no effect, and an entry may come twice.',
    query: pageQuerySchema,
    answers: answersWith(suppressionListSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/suppressions',
    door: needs('suppressions:write'),
    summary: 'Suppresses a person, named by an address or a LinkedIn profile. There is no way back here.',
    body: jsonOf(suppressRequestSchema),
    answers: answersWith(suppressAnswerSchema),
    refusals: ['bad_request'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/exclusions',
    summary:
      'Domains, addresses and profiles that are not contacted. A page has the size the store gives it: limit has no effect, and an entry may come twice.',
    query: pageQuerySchema,
    answers: answersWith(exclusionListSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/exclusions',
    door: needs('exclusions:write'),
    summary: 'Adds and removes exclusions together; unreadable entries are listed, the others apply.',
    body: jsonOf(changeExclusionsRequestSchema, 4_194_304),
    answers: answersWith(changeExclusionsAnswerSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/audit/verify',
    summary: 'Computes the chain over every audit row again and names the first row that does not hold.',
    answers: answersWith(auditVerdictSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/queue-status',
    summary: 'Drafts by state, the stop, delivery modes, versions and queues.',
    answers: answersWith(queueStatusSchema),
  },
];
