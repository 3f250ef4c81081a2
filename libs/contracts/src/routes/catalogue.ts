import { barredPeopleRoutes } from './barred-people-routes.ts';
import { batchRoutes } from './batch-routes.ts';
import { doorRoutes } from './door-routes.ts';
import { draftRoutes } from './draft-routes.ts';
import { gateRoutes } from './gate-routes.ts';
import { heldMessageRoutes } from './held-message-routes.ts';
import { inngestRoutes } from './inngest-routes.ts';
import { openRoutes } from './open-routes.ts';
import { rampRoutes } from './ramp-routes.ts';
import type { RouteDescription } from './route.ts';
import { predecessorRoutes } from './predecessor-routes.ts';
import { reconcileRoutes } from './reconcile-routes.ts';
import { runRoutes } from './run-routes.ts';
import { subjectRoutes } from './subject-routes.ts';

/**
 * Every address of the system. docs/api.md is made from it, and a test compares it with the routes of the
 * services, both ways: path, door, schemas, size limits and refusals.
 */
export const routes: readonly RouteDescription[] = [
  ...runRoutes,
  ...draftRoutes,
  ...batchRoutes,
  ...heldMessageRoutes,
  ...gateRoutes,
  ...barredPeopleRoutes,
  ...subjectRoutes,
  ...rampRoutes,
  ...reconcileRoutes,
  ...doorRoutes,
  ...predecessorRoutes,
  ...openRoutes,
  ...inngestRoutes,
];
