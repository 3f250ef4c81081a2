import { liftedAnswerSchema, liftSuppressionRequestSchema } from '../consent-http.ts';
import {
  acceptCustomersRequestSchema,
  customersAnswerSchema,
  syncedCustomersSchema,
} from '../customers-http.ts';
import {
  appliedListImportSchema,
  applyExclusionsImportSchema,
  applySuppressionsImportSchema,
  listDiffSchema,
  previewExclusionsImportSchema,
  previewSuppressionsImportSchema,
  whatIfRequestSchema,
  whatIfSchema,
} from '../list-import-http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const post = { ...nothing, service: 'gatekeeper', method: 'POST' } as const;
const fileBytesMax = 4_194_304;

/** Lists from files, what a change would do, the consent that lifts a suppression, and the customers of the CRM. */
export const barredPeopleRoutes: readonly RouteDescription[] = [
  {
    ...post,
    path: '/api/exclusions/imports/preview',
    door: needs('read'),
    summary:
      'Compares a file with the exclusions and stores nothing: what would be added, what replacing the list would remove, what is there already, which cells cannot be read, and which messages it would keep from going out (by name a page at a time).',
    body: jsonOf(previewExclusionsImportSchema, fileBytesMax),
    answers: answersWith(listDiffSchema),
    refusals: ['bad_request'],
  },
  {
    ...post,
    path: '/api/exclusions/imports',
    door: needs('exclusions:write'),
    summary:
      'Stores exactly the difference that a preview showed, all of it in one step. When the file or the list is another one meanwhile, nothing is stored and the details hold the new difference.',
    body: jsonOf(applyExclusionsImportSchema, fileBytesMax),
    answers: answersWith(appliedListImportSchema),
    refusals: ['bad_request', 'list_changed'],
  },
  {
    ...post,
    path: '/api/suppressions/imports/preview',
    door: needs('read'),
    summary: 'The same for people who must never be written to again. No file takes anybody off that list.',
    body: jsonOf(previewSuppressionsImportSchema, fileBytesMax),
    answers: answersWith(listDiffSchema),
    refusals: ['bad_request'],
  },
  {
    ...post,
    path: '/api/suppressions/imports',
    door: needs('suppressions:write'),
    summary: 'Stores exactly the difference that a preview showed, all of it in one step.',
    body: jsonOf(applySuppressionsImportSchema, fileBytesMax),
    answers: answersWith(appliedListImportSchema),
    refusals: ['bad_request', 'list_changed'],
  },
  {
    ...post,
    path: '/api/what-if',
    door: needs('read'),
    summary:
      'Which drafts, batches and handed-over messages excluding and suppressing these would block or fetch back, by count and by name; whoever is barred already is not counted. Nothing is stored.',
    body: jsonOf(whatIfRequestSchema),
    answers: answersWith(whatIfSchema),
    refusals: ['bad_request'],
  },
  {
    ...post,
    path: '/api/suppressions/lift',
    door: needs('suppressions:lift'),
    summary:
      'Ends the suppression of a person by a consent that is younger than it and not older than the policy lets pass. The suppression stays on record beside the consent. A complaint and an erasure are never lifted.',
    body: jsonOf(liftSuppressionRequestSchema),
    answers: answersWith(liftedAnswerSchema),
    refusals: ['bad_request', 'not_found', 'suppression_final', 'consent_not_fresh', 'state_conflict'],
  },
  {
    ...nothing,
    service: 'gatekeeper',
    method: 'GET',
    path: '/api/customers',
    door: needs('read'),
    summary: 'How the list of customers from the CRM stands, and whether sending waits for it.',
    answers: answersWith(customersAnswerSchema),
  },
  {
    ...post,
    path: '/api/customers/sync',
    door: needs('exclusions:write'),
    summary:
      'Asks the CRM for its customers now and takes them over into the exclusions, all of them in one step. A list that shrank more than the policy lets pass is not taken over.',
    answers: answersWith(syncedCustomersSchema),
  },
  {
    ...post,
    path: '/api/customers/accept',
    door: needs('customers:accept'),
    summary: 'Takes a list over that shrank: exactly the one whose digest the status names.',
    body: jsonOf(acceptCustomersRequestSchema),
    answers: answersWith(syncedCustomersSchema),
    refusals: ['list_changed'],
  },
];
