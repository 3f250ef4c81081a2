import {
  changeExclusionsAnswerSchema,
  changeExclusionsRequestSchema,
  exclusionListSchema,
  gateListQuerySchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  parseQuery,
  requirePermission,
  userOf,
} from '@caio/service-kit';
import type { GateLists } from '@caio/state-store';
import { Router } from 'express';
import type { ChangeExclusions } from '../../use-cases/change-exclusions.ts';

const limitBytes = 4 * 1024 * 1024;

/** GET and POST /api/exclusions: add and remove together; unreadable entries are listed, the others apply. */
export const changeExclusionsRoute = (deps: {
  lists: GateLists;
  changeExclusions: ChangeExclusions;
}): Router =>
  Router()
    .get('/api/exclusions', requirePermission('read'), async (req, res) => {
      const { cursor, limit } = parseQuery(req, gateListQuerySchema);
      const { entries, nextCursor } = await deps.lists.listExclusions(cursor ?? null, limit);
      const { exclusions: total } = await deps.lists.counts();
      res.json(exclusionListSchema.parse({ exclusions: entries, nextCursor, total }));
    })
    .post(
      '/api/exclusions',
      requirePermission('exclusions:write'),
      jsonBody({ limitBytes }),
      async (req, res) => {
        const request = parseBody(req, changeExclusionsRequestSchema);
        const answer = await deps.changeExclusions({
          ...request,
          actor: userOf(req).name,
          correlationId: correlationIdOf(req),
        });
        res.json(changeExclusionsAnswerSchema.parse(answer));
      },
    );
