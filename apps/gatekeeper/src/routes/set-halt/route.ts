import { haltAnswerSchema, haltRequestSchema } from '@caio/contracts';
import { correlationIdOf, jsonBody, parseBody, requirePermission, userOf } from '@caio/service-kit';
import type { GateLists } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { type Request, type Response, Router } from 'express';
import type { PauseProviders } from '../../use-cases/pause-providers.ts';

/** GET /api/halt, POST /api/halt, POST /api/halt/lift: the durable stop, who set it and why. */
export const setHaltRoute = (deps: {
  lists: GateLists;
  emergencyStop: boolean;
  pauseProviders: PauseProviders;
  logger: Logger;
}): Router => {
  const set = (command: 'stop' | 'lift') => async (req: Request, res: Response) => {
    const { reason } = parseBody(req, haltRequestSchema);
    const changed = await deps.lists.setHalt(command, userOf(req).name, reason, correlationIdOf(req));
    res.json(haltAnswerSchema.parse({ halt: await deps.lists.readHalt(deps.emergencyStop), changed }));
    // Nobody waits for a provider to be told that it is stopped here; a chore goes on with what fails.
    if (command === 'stop')
      deps
        .pauseProviders()
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'pausing will be tried again'));
  };
  return Router()
    .get('/api/halt', requirePermission('read'), async (_req, res) => {
      res.json(
        haltAnswerSchema.parse({ halt: await deps.lists.readHalt(deps.emergencyStop), changed: false }),
      );
    })
    .post('/api/halt', requirePermission('halt'), jsonBody(), set('stop'))
    .post('/api/halt/lift', requirePermission('halt:lift'), jsonBody(), set('lift'));
};
