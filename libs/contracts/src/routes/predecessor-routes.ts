import { batchParamsSchema, draftParamsSchema } from '../http.ts';
import {
  approveOperatorBatchRequestSchema,
  decidedOperatorBatchSchema,
  operatorHistoryQuerySchema,
  operatorHistorySchema,
  operatorReportSchema,
  operatorStatusSchema,
  pendingOperatorBatchSchema,
  rejectOperatorBatchRequestSchema,
  triggerOperatorRequestSchema,
} from '../predecessor/operator.ts';
import {
  approvedEmailSchema,
  approveEmailRequestSchema,
  decideEmailQuerySchema,
  emailHistoryQuerySchema,
  emailHistorySchema,
  listPendingEmailsQuerySchema,
  pendingEmailsSchema,
  rejectedEmailSchema,
  rejectEmailQuerySchema,
  rejectEmailRequestSchema,
  rejectionTagsSchema,
} from '../predecessor/pending-emails.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;
const read = { method: 'GET', door: needs('read') } as const;
const review = {
  method: 'POST',
  door: needs('drafts:review'),
  params: draftParamsSchema,
  query: decideEmailQuerySchema,
} as const;
const approve = { method: 'POST', door: needs('batches:approve'), params: batchParamsSchema } as const;

/** Paths of the system before this one, for the programs that still call them: docs/predecessor-api.md. */
export const predecessorRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    ...read,
    path: '/api/pending-emails',
    summary:
      'Drafts that wait for a review, the newest first, in the form of the former dashboard. What is not shown is counted with its reasons.',
    query: listPendingEmailsQuerySchema,
    answers: answersWith(pendingEmailsSchema),
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/emails/:draftId/approve',
    summary:
      'Approves the text with this content_digest. With edited_body that text is taken instead, judged by every guard, and approved when all of them pass. Nothing is sent by it.',
    body: jsonOf(approveEmailRequestSchema),
    answers: answersWith(approvedEmailSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/emails/:draftId/reject',
    query: rejectEmailQuerySchema,
    summary:
      'Rejects a draft for good, with a tag and a reason in the body or in the query. With content_digest only the text it names.',
    body: jsonOf(rejectEmailRequestSchema),
    answers: answersWith(rejectedEmailSchema),
    refusals: ['bad_request', 'not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/emails/history',
    summary: 'Drafts somebody decided about, the newest decision first, with what became of each.',
    query: emailHistoryQuerySchema,
    answers: answersWith(emailHistorySchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/rejection-tags',
    summary: 'The tags a rejection takes, in the order a reviewer is offered them.',
    answers: answersWith(rejectionTagsSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/operator/status',
    summary: 'The stop, the limits and what is left of them today, and the batch that waits for approval.',
    answers: answersWith(operatorStatusSchema),
  },
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/operator/trigger',
    door: needs('batches:freeze'),
    summary:
      'A dry run, unless dry_run is the boolean false. Then, for each motion: executes its approved batch, which needs batches:execute too, or names the one that waits for approval, or freezes one.',
    body: jsonOf(triggerOperatorRequestSchema),
    answers: answersWith(operatorReportSchema),
    refusals: [
      'forbidden',
      'empty_scope',
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
    path: '/api/operator/pending-batch',
    summary: 'The newest batch that waits for an approval, or that there is none.',
    answers: answersWith(pendingOperatorBatchSchema),
  },
  {
    ...gatekeeper,
    ...approve,
    path: '/api/operator/approve-batch/:batchId',
    summary: 'Approves the batch with this preview hash, as the person of the token.',
    body: jsonOf(approveOperatorBatchRequestSchema),
    answers: answersWith(decidedOperatorBatchSchema),
    refusals: ['not_found', 'state_conflict', 'hash_mismatch', 'batch_expired'],
  },
  {
    ...gatekeeper,
    ...approve,
    path: '/api/operator/reject-batch/:batchId',
    summary: 'Rejects a pending batch with a reason; its drafts go back to the approved ones.',
    body: jsonOf(rejectOperatorBatchRequestSchema),
    answers: answersWith(decidedOperatorBatchSchema),
    refusals: ['not_found', 'state_conflict'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/operator/history',
    summary: 'The newest batches and what became of them.',
    query: operatorHistoryQuerySchema,
    answers: answersWith(operatorHistorySchema),
  },
];
