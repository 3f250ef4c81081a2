import { draftSummaryListSchema, editedDraftSchema, reviewListSchema } from '../desk.ts';
import { postedDraftSchema } from '../draft.ts';
import {
  approveDraftRequestSchema,
  draftAnswerSchema,
  draftListSchema,
  draftParamsSchema,
  editDraftRequestSchema,
  listDraftsQuerySchema,
  recallDraftRequestSchema,
  rejectDraftRequestSchema,
  submittedDraftsSchema,
  withdrawDraftRequestSchema,
} from '../http.ts';
import { reviewPageQuerySchema } from '../paging.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const gatekeeper = { ...nothing, service: 'gatekeeper' } as const;
const read = { method: 'GET', door: needs('read') } as const;
const review = { method: 'POST', door: needs('drafts:review'), params: draftParamsSchema } as const;

/** Drafts: handing them in and deciding about them. */
export const draftRoutes: readonly RouteDescription[] = [
  {
    ...gatekeeper,
    method: 'POST',
    path: '/api/drafts',
    door: needs('drafts:write'),
    summary:
      'Hands in drafts: one as JSON, or up to 5,000 as lines of JSON. Each gets its own answer, and an unreadable one costs only itself.',
    body: {
      types: ['application/json', 'application/x-ndjson'],
      limitBytes: 16_777_216,
      schema: postedDraftSchema,
      note: 'with application/x-ndjson one such object a line, at most 65,536 bytes each',
    },
    answers: [
      { status: 201, schema: submittedDraftsSchema, note: 'every draft could be read' },
      { status: 207, schema: submittedDraftsSchema, note: 'at least one could not be read; look at each' },
    ],
    refusals: ['unsupported_media_type', 'payload_too_large', 'bad_request'],
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/drafts',
    summary:
      'Drafts in one state, oldest first, with how many there are in every state. With tier or text a page can have fewer drafts than asked for, or none, and still a nextCursor: go on with it.',
    query: listDraftsQuerySchema,
    answers: answersWith(draftListSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/draft-summaries',
    summary:
      'The same pages with only what a list shows of each draft, for lists that are read again and again.',
    query: listDraftsQuerySchema,
    answers: answersWith(draftSummaryListSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/reviews',
    summary: 'Who decided what about which draft and when, the newest first, one entry a draft.',
    query: reviewPageQuerySchema,
    answers: answersWith(reviewListSchema),
  },
  {
    ...gatekeeper,
    ...read,
    path: '/api/drafts/:draftId',
    summary: 'One draft exactly as it would be sent.',
    params: draftParamsSchema,
    answers: answersWith(draftAnswerSchema),
    refusals: ['not_found'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/drafts/:draftId/approve',
    summary: 'Approves the content with this digest, as the person of the token.',
    body: jsonOf(approveDraftRequestSchema),
    answers: answersWith(draftAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/drafts/:draftId/reject',
    summary:
      'Rejects the draft for good; the same text for the same person is parked for a while after it. With contentDigest only the text it names is rejected, as in recall and withdraw.',
    body: jsonOf(rejectDraftRequestSchema),
    answers: answersWith(draftAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/drafts/:draftId/edit',
    summary:
      'Replaces subject and body: a new revision with a new digest, judged by every guard again. The answer holds the replaced text too.',
    body: jsonOf(editDraftRequestSchema),
    answers: answersWith(editedDraftSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/drafts/:draftId/recall',
    summary: 'Takes an approval back while the draft is in no batch.',
    body: jsonOf(recallDraftRequestSchema),
    answers: answersWith(draftAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
  {
    ...gatekeeper,
    ...review,
    path: '/api/drafts/:draftId/withdraw',
    summary: 'Ends a draft that nobody shall decide about any more.',
    body: jsonOf(withdrawDraftRequestSchema),
    answers: answersWith(draftAnswerSchema),
    refusals: ['not_found', 'state_conflict', 'stale_digest'],
  },
];
