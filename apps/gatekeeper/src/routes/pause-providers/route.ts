import { pausedProvidersSchema, pauseProvidersRequestSchema } from '@caio/contracts';
import { correlationIdOf, jsonBody, parseBody, requirePermission, userOf } from '@caio/service-kit';
import { Router } from 'express';
import type { OrderPause } from '../../use-cases/order-providers.ts';

/** POST /api/providers/pause: has every provider pause what of ours it mails by itself, each with its answer. */
export const pauseProvidersRoute = (deps: { orderPause: OrderPause }): Router =>
  Router().post('/api/providers/pause', requirePermission('halt'), jsonBody(), async (req, res) => {
    const { reason } = parseBody(req, pauseProvidersRequestSchema);
    const providers = await deps.orderPause({
      reason,
      actor: userOf(req).name,
      correlationId: correlationIdOf(req),
    });
    res.json(pausedProvidersSchema.parse({ providers }));
  });
