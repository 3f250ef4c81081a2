import { correlationIdOf } from '@caio/service-kit';
import { Router } from 'express';
import { credentialOf } from '../../authentication.ts';
import type { ShowDependencies } from '../../runtime-dependencies.ts';

/** What the system needs, in detail, for whoever has a credential. */
export const showDependenciesRoute = (deps: { showDependencies: ShowDependencies }): Router => {
  const router = Router();
  router.get('/api/runtime/dependencies', async (req, res) => {
    res.json(await deps.showDependencies(credentialOf(req).principal, correlationIdOf(req)));
  });
  return router;
};
