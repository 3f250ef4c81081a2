import {
  erasedSubjectSchema,
  eraseSubjectRequestSchema,
  exportSubjectRequestSchema,
  subjectExportSchema,
} from '../subjects-http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const post = { ...nothing, service: 'gatekeeper', method: 'POST' } as const;

/** What a person may ask for: everything stored of them, and that it is erased. */
export const subjectRoutes: readonly RouteDescription[] = [
  {
    ...post,
    path: '/api/subjects/export',
    door: needs('subjects:erase'),
    summary:
      'Everything stored about one person: drafts, messages, evidence, receipts, rows of runs, entries of the lists. Where others stand beside them, only the place is named.',
    body: jsonOf(exportSubjectRequestSchema),
    answers: answersWith(subjectExportSchema),
    refusals: ['bad_request'],
  },
  {
    ...post,
    path: '/api/subjects/erase',
    door: needs('subjects:erase'),
    summary:
      'Erases a person and bars them for good under a keyed pseudonym; without `apply` it shows what would be erased. Refused while a message to them may still go out. What an erasure cannot take out yet is named in `left`; asking again goes on from there.',
    body: jsonOf(eraseSubjectRequestSchema),
    answers: answersWith(erasedSubjectSchema),
    refusals: ['bad_request', 'state_conflict'],
  },
];
