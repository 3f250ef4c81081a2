import {
  gateListQuerySchema,
  suppressAnswerSchema,
  suppressionListSchema,
  suppressRequestSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  parseQuery,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { GateLists } from '@caio/state-store';
import { Router } from 'express';
import type { SuppressPerson } from '../../use-cases/suppress-person.ts';

/** GET and POST /api/suppressions. There is no way to remove one here: suppression is append-only. */
export const suppressPersonRoute = (deps: { lists: GateLists; suppressPerson: SuppressPerson }): Router =>
  Router()
    .get('/api/suppressions', requirePermission('read'), async (req, res) => {
      const { cursor, limit } = parseQuery(req, gateListQuerySchema);
      const { entries, nextCursor } = await deps.lists.listSuppressions(cursor ?? null, limit);
      const { suppressions: total } = await deps.lists.counts();
      res.json(suppressionListSchema.parse({ suppressions: entries, nextCursor, total }));
    })
    .post('/api/suppressions', requirePermission('suppressions:write'), jsonBody(), async (req, res) => {
      const request = parseBody(req, suppressRequestSchema);
      const outcome = await deps.suppressPerson({
        ...request,
        actor: userOf(req).name,
        correlationId: correlationIdOf(req),
      });
      if (outcome.outcome === 'unreadable') {
        return respondError(res, 'bad_request', {
          message: `This is no person we can recognise: ${outcome.reason}.`,
        });
      }
      res.json(suppressAnswerSchema.parse(outcome));
    });
