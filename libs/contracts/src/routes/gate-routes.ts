import {
  auditCheckSchema,
  auditRetirementSchema,
  exportAuditQuerySchema,
  exportedPageSchema,
  retireAuditRequestSchema,
  verifyAuditQuerySchema,
} from '../audit.ts';
import {
  changeExclusionsAnswerSchema,
  changeExclusionsRequestSchema,
  exclusionListSchema,
  suppressAnswerSchema,
  suppressionListSchema,
  suppressRequestSchema,
} from '../barred-people-http.ts';
import { haltAnswerSchema, haltRequestSchema, queueStatusSchema } from '../http.ts';
import { findPersonRequestSchema, personRecordSchema } from '../person-record.ts';
import { gateListQuerySchema } from '../paging.ts';
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
    summary:
      'Stops all sending from the next admission on. While it is stopped already the first reason stands and the new one is noted beside it.',
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
      'Who must never be written to again, at most limit a page, in no particular order. An entry added or removed meanwhile may come twice or not at all; every other one comes.',
    query: gateListQuerySchema,
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
    method: 'POST',
    path: '/api/people/find',
    door: needs('read'),
    summary:
      'Everything stored about a person, named by an address or a LinkedIn profile: drafts, batches, actions, suppressions and exclusions.',
    body: jsonOf(findPersonRequestSchema),
    answers: answersWith(personRecordSchema),
    refusals: ['bad_request'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/exclusions',
    summary:
      'Domains, addresses and profiles that are not contacted, at most limit a page, in no particular order. An entry added or removed meanwhile may come twice or not at all; every other one comes.',
    query: gateListQuerySchema,
    answers: answersWith(exclusionListSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/exclusions',
    door: needs('exclusions:write'),
    summary:
      'Adds and removes exclusions together; unreadable entries are listed, the others apply. With dryRun nothing is stored.',
    body: jsonOf(changeExclusionsRequestSchema, 4_194_304),
    answers: answersWith(changeExclusionsAnswerSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/audit/verify',
    summary:
      'Computes the chain over the audit rows again and names the first row that does not hold. A long audit takes several calls: while the state is `checking`, ask again with the cursor of the last answer. Give `head` with the first call.',
    query: verifyAuditQuerySchema,
    answers: answersWith(auditCheckSchema),
    refusals: ['bad_request'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/audit/export',
    summary:
      'The sealed rows of the audit with their codes, the seals and the published heads, some seals a page; the last line says from where to where the export goes. `from` and `to` choose whole seals. Ask again with `nextCursor` until it is null.',
    query: exportAuditQuerySchema,
    answers: answersWith(exportedPageSchema),
    refusals: ['bad_request'],
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/audit/retire',
    door: needs('audit:retire'),
    summary:
      'Takes sealed rows from before a moment out of the audit, in whole seals, and leaves a signed checkpoint that the chain goes on from. A dry run, which is what you get unless you say otherwise, only counts them.',
    body: jsonOf(retireAuditRequestSchema),
    answers: answersWith(auditRetirementSchema),
    refusals: ['state_conflict'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/queue-status',
    summary:
      'Drafts by state, parked ones by reason, batches that wait, the last run, the stop, delivery modes, versions, queues, the actions whose fate is unknown, and whose turn it is.',
    answers: answersWith(queueStatusSchema),
  },
];
