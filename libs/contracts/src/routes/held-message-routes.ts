import {
  activatedBatchSchema,
  pausedProvidersSchema,
  pauseProvidersRequestSchema,
  recallAnswerSchema,
  recallRequestSchema,
  removeCampaignsRequestSchema,
  removedCampaignsSchema,
} from '../held-messages-http.ts';
import { batchParamsSchema } from '../http.ts';
import { answersWith, jsonOf, needs, nothing, type RouteDescription } from './route.ts';

const post = { ...nothing, service: 'gatekeeper', method: 'POST' } as const;

/** Messages that a provider holds: let go by a person, or got back. */
export const heldMessageRoutes: readonly RouteDescription[] = [
  {
    ...post,
    path: '/api/batches/:batchId/activate',
    door: needs('batches:activate'),
    summary:
      'Has the providers mail what they hold of a batch. Every message is read back first; if one is not as approved or may not be mailed any more, none is started, and the details name each with its reason. The same again goes on where it ended and mails nothing twice.',
    params: batchParamsSchema,
    answers: answersWith(activatedBatchSchema),
    refusals: [
      'not_found',
      'state_conflict',
      'batch_expired',
      'policy_changed',
      'mode_changed',
      'halted',
      'store_recovering',
      'provider_failed',
    ],
  },
  {
    ...post,
    path: '/api/batches/:batchId/remove-campaigns',
    door: needs('batches:activate'),
    summary:
      'Removes what a batch left behind at its providers, with read-back. Refused while a provider holds a message of it: recall the batch first.',
    params: batchParamsSchema,
    body: jsonOf(removeCampaignsRequestSchema),
    answers: answersWith(removedCampaignsSchema),
    refusals: ['not_found', 'state_conflict'],
  },
  {
    ...post,
    path: '/api/providers/pause',
    door: needs('halt'),
    summary:
      'Has every provider pause everything of ours that it mails by itself, each with what it confirmed. Nothing else is stopped; what was paused goes on when its batch is activated again.',
    body: jsonOf(pauseProvidersRequestSchema),
    answers: answersWith(pausedProvidersSchema),
  },
  {
    ...post,
    path: '/api/recall',
    door: needs('read'),
    summary:
      'Gets back an approved draft, a batch, an execution under way or a message that a provider holds, by its id, and says what had already left. Where it is decides what it needs: drafts:review, batches:approve or batches:execute.',
    body: jsonOf(recallRequestSchema),
    answers: answersWith(recallAnswerSchema),
    refusals: ['forbidden', 'not_found', 'state_conflict'],
  },
];
