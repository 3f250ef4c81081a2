import { correlationIdOf, sendJson } from '@caio/service-kit';
import type { ClosedRoute } from '../../own-routes.ts';
import type { ShowDependencies } from '../../runtime-dependencies.ts';

/** What the system needs, in detail, for whoever has a credential. */
export const showDependenciesRoute = (deps: { showDependencies: ShowDependencies }): ClosedRoute => ({
  path: '/api/runtime/dependencies',
  answer: async (req, res, { principal }) =>
    sendJson(res, 200, await deps.showDependencies(principal, correlationIdOf(req))),
});
