import { acceptCustomersRequestSchema, customersAnswerSchema, syncedCustomersSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { type Request, type Response, Router } from 'express';
import { namedPersonOnly } from '../../named-person.ts';
import type { CustomerSync, SyncOutcome } from '../../use-cases/sync-customers.ts';

const askerOf = (req: Request) => ({ actor: userOf(req).name, correlationId: correlationIdOf(req) });

const respond = (res: Response, outcome: SyncOutcome): void => {
  res.json(syncedCustomersSchema.parse(outcome));
};

/** GET /api/customers, POST /api/customers/sync and POST /api/customers/accept: the list of customers of the CRM. */
export const syncCustomersRoute = ({ customerSync }: { customerSync: CustomerSync }): Router =>
  Router()
    .get('/api/customers', requirePermission('read'), async (_req, res) => {
      res.json(customersAnswerSchema.parse({ customers: await customerSync.status() }));
    })
    .post('/api/customers/sync', requirePermission('exclusions:write'), async (req, res) => {
      respond(res, await customerSync.sync(askerOf(req)));
    })
    .post(
      '/api/customers/accept',
      requirePermission('customers:accept'),
      namedPersonOnly,
      jsonBody(),
      async (req, res) => {
        const { digest, reason } = parseBody(req, acceptCustomersRequestSchema);
        const outcome = await customerSync.accept(askerOf(req), digest, reason);
        if (outcome.outcome === 'fallen')
          return respondError(res, 'list_changed', {
            message: 'The CRM gives another list now than the one that was shown.',
            fix: 'Look at the numbers in the details; accept that list if it is right.',
            details: { customers: outcome.customers },
          });
        respond(res, outcome);
      },
    );
