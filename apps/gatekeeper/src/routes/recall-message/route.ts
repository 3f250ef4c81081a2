import { recallAnswerSchema, recallRequestSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import type { RecallMessage } from '../../use-cases/recall-message.ts';

/** POST /api/recall: gets back a draft, a batch or a single message, wherever it is, and says what had already left. */
export const recallMessageRoute = (deps: { recallMessage: RecallMessage }): Router =>
  Router().post('/api/recall', requirePermission('read'), jsonBody(), async (req, res) => {
    const { id, reason } = parseBody(req, recallRequestSchema);
    const { name: actor, permissions } = userOf(req);
    const outcome = await deps.recallMessage({
      ...{ id, reason, actor, permissions },
      correlationId: correlationIdOf(req),
    });
    switch (outcome.outcome) {
      case 'recalled':
        res.json(recallAnswerSchema.parse(outcome.answer));
        return;
      case 'not_found':
        return respondError(res, 'not_found', { message: 'There is nothing with this id.' });
      case 'forbidden':
        return respondError(res, 'forbidden', {
          message: `Getting this back where it is now needs the permission "${outcome.permission}".`,
          details: { permission: outcome.permission },
        });
      case 'state_conflict':
        return respondError(res, 'state_conflict', {
          message: outcome.message,
          details: { status: outcome.status },
        });
    }
  });
