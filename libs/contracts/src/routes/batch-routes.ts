import {
  actionParamsSchema,
  approveBatchRequestSchema,
  batchAnswerSchema,
  batchListSchema,
  batchParamsSchema,
  batchPreviewSchema,
  closeBatchRequestSchema,
  evidenceSchema,
  executedBatchSchema,
  freezeBatchRequestSchema,
  frozenBatchSchema,
  receiptListSchema,
  rejectBatchRequestSchema,
  takeBackAnswerSchema,
  takeBackRequestSchema,
} from '../http.ts';
import { actionComparisonSchema, rejectedBatchSchema } from '../desk.ts';
import { batchPageQuerySchema, newestQuerySchema } from '../paging.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;
const read = { method: 'GET', door: needs('read') } as const;
const approve = { method: 'POST', door: needs('batches:approve'), params: batchParamsSchema } as const;

/** Batches from the freeze to the receipts, and single actions. */
export const batchRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/batches',
    door: needs('batches:freeze'),
    summary:
      'Freezes approved drafts into an immutable batch. With drafts, the `included` of a dry run, it takes exactly what was looked at and names what changed since; with draftIds exactly these drafts; without both every approved draft of the motion. An empty list takes nothing.',
    body: jsonOf(freezeBatchRequestSchema, 4_194_304),
    answers: [
      { status: 201, schema: frozenBatchSchema, note: 'frozen' },
      {
        status: 200,
        schema: frozenBatchSchema,
        note: 'with dryRun: the same, nothing stored, also when nobody would be in it',
      },
    ],
    refusals: ['empty_scope', 'state_conflict'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/batches',
    summary: 'The newest batches. There are no further pages.',
    query: newestQuerySchema,
    answers: answersWith(batchListSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/batches/:batchId',
    summary: 'One batch, with how many of its actions are in which state.',
    params: batchParamsSchema,
    answers: answersWith(batchAnswerSchema),
    refusals: ['not_found'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/batches/:batchId/preview',
    summary: 'The frozen texts of a batch, page by page.',
    params: batchParamsSchema,
    query: batchPageQuerySchema,
    answers: answersWith(batchPreviewSchema),
    refusals: ['not_found', 'record_damaged'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/batches/:batchId/receipts',
    summary: 'What became of each action of a batch, page by page.',
    params: batchParamsSchema,
    query: batchPageQuerySchema,
    answers: answersWith(receiptListSchema),
    refusals: ['not_found', 'record_damaged'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/batches/:batchId/events',
    summary:
      'How far a batch is, as it happens: server-sent events `progress`, and `end` with the same data when nothing can happen to it any more. Their `id` numbers the states of the batch: with Last-Event-ID a reader goes on where it was. `unavailable` says why nothing is known at the moment. A stream ends after ten minutes and when the service stops; readers come again by themselves.',
    params: batchParamsSchema,
    answers: [
      { status: 200, schema: null, note: 'text/event-stream; the data of each event is one JSON object' },
      { status: 204, schema: null, note: 'the reader has seen the end already and need not come again' },
    ],
    refusals: ['not_found', 'too_many_requests'],
  },
  {
    ...gatekeeper,
    ...approve,
    path: '/api/batches/:batchId/approve',
    summary: 'Approves the batch with this preview hash, as the person of the token.',
    body: jsonOf(approveBatchRequestSchema),
    answers: answersWith(batchAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'hash_mismatch', 'batch_expired'],
  },
  {
    ...gatekeeper,
    ...approve,
    path: '/api/batches/:batchId/reject',
    summary:
      'Refuses a pending batch; its drafts go back to the approved ones. With `drop` only these drafts are refused, with their tags and reasons, and the others come back as a new batch with a new hash; that needs drafts:review too. The same again finishes what was interrupted and changes nothing else.',
    body: jsonOf(rejectBatchRequestSchema),
    answers: answersWith(rejectedBatchSchema),
    refusals: ['bad_request', 'forbidden', 'not_found', 'state_conflict'],
  },
  {
    ...gatekeeper,
    ...approve,
    path: '/api/batches/:batchId/revoke',
    summary: 'Takes an approval back before the execution.',
    body: jsonOf(closeBatchRequestSchema),
    answers: answersWith(batchAnswerSchema),
    refusals: ['not_found', 'state_conflict'],
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/batches/:batchId/execute',
    door: needs('batches:execute'),
    summary: 'Starts the one execution of an approved batch; of several callers exactly one gets 202.',
    params: batchParamsSchema,
    answers: answersWith(executedBatchSchema, 202),
    refusals: [
      'not_found',
      'state_conflict',
      'record_damaged',
      'hash_mismatch',
      'batch_expired',
      'policy_changed',
      'mode_changed',
      'halted',
      'store_recovering',
    ],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/actions/:actionId/evidence',
    summary: 'The exact message that an action in delivery mode log-only would have sent.',
    params: actionParamsSchema,
    answers: answersWith(evidenceSchema),
    refusals: ['not_found'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/actions/:actionId/comparison',
    summary:
      'The message that was approved beside the one stored with the action, when both are known: what a content_mismatch is about.',
    params: actionParamsSchema,
    answers: answersWith(actionComparisonSchema),
    refusals: ['not_found'],
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/actions/:actionId/take-back',
    door: needs('batches:execute'),
    summary: 'Gets a message back that the provider holds and has not mailed yet.',
    params: actionParamsSchema,
    body: jsonOf(takeBackRequestSchema),
    answers: answersWith(takeBackAnswerSchema),
    refusals: ['not_found', 'state_conflict'],
  },
];
