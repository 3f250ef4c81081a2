import {
  excludedLeadsRequestSchema,
  excludedLeadsSchema,
  intakeAnswersQuerySchema,
  intakeAnswersSchema,
  rowsQuerySchema,
  runAnswerSchema,
  runListSchema,
  runParamsSchema,
  runRowsSchema,
  startRunQuerySchema,
} from '../http.ts';
import { runPageQuerySchema } from '../paging.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;
const scheduler = { ...nothing, service: 'scheduler' } as const;
const read = { method: 'GET', door: needs('read') } as const;

/** Lead files and what became of their rows. */
export const runRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    method: 'GET',
    path: '/internal/runs/:runId/intake-answers',
    door: { kind: 'service' },
    summary: 'What the gate said to the rows of a run. For the scheduler only.',
    params: runParamsSchema,
    query: intakeAnswersQuerySchema,
    answers: answersWith(intakeAnswersSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/internal/excluded-leads',
    door: { kind: 'service' },
    summary: 'The lines of those leads that an exclusion names. For the scheduler only.',
    body: jsonOf(excludedLeadsRequestSchema),
    answers: answersWith(excludedLeadsSchema),
  },
  {
    ...scheduler,
    method: 'POST',
    path: '/api/pipeline-runs',
    door: needs('runs:write'),
    summary:
      'Takes a lead file and starts a run over it. Ask for the run until its status is done or failed. Each map is one field=Header pair.',
    query: startRunQuerySchema,
    body: { types: [], limitBytes: 67_108_864, schema: null, note: 'the bytes of a CSV or JSON file' },
    answers: answersWith(runAnswerSchema, 202),
    refusals: ['bad_request'],
  },
  {
    ...scheduler,
    ...read,
    path: '/api/pipeline-runs',
    summary: 'Runs, newest first, page by page.',
    query: runPageQuerySchema,
    answers: answersWith(runListSchema),
    refusals: ['bad_request'],
  },
  {
    ...scheduler,
    ...read,
    path: '/api/pipeline-runs/:runId',
    summary: 'Progress of one run, or why its file was refused.',
    params: runParamsSchema,
    answers: answersWith(runAnswerSchema),
    refusals: ['not_found'],
  },
  {
    ...scheduler,
    ...read,
    path: '/api/pipeline-runs/:runId/rows',
    summary: 'What became of every row of a lead file.',
    params: runParamsSchema,
    query: rowsQuerySchema,
    answers: answersWith(runRowsSchema),
    refusals: ['not_found'],
  },
];
