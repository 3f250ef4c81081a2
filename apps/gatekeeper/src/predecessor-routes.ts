import { Router } from 'express';
import type { GatekeeperDependencies } from './app.ts';
import { approveEmailRoute } from './routes/approve-email/route.ts';
import { approveOperatorBatchRoute } from './routes/approve-operator-batch/route.ts';
import { listEmailHistoryRoute } from './routes/list-email-history/route.ts';
import { listOperatorHistoryRoute } from './routes/list-operator-history/route.ts';
import { listPendingEmailsRoute } from './routes/list-pending-emails/route.ts';
import { listRejectionTagsRoute } from './routes/list-rejection-tags/route.ts';
import { rejectEmailRoute } from './routes/reject-email/route.ts';
import { rejectOperatorBatchRoute } from './routes/reject-operator-batch/route.ts';
import { showOperatorStatusRoute } from './routes/show-operator-status/route.ts';
import { showPendingBatchRoute } from './routes/show-pending-batch/route.ts';
import { triggerOperatorRoute } from './routes/trigger-operator/route.ts';

/** The paths of the system before this one, over the same use cases as ours: docs/predecessor-api.md. */
export const predecessorRoutes = (deps: GatekeeperDependencies): Router =>
  Router()
    .use(listPendingEmailsRoute(deps))
    .use(approveEmailRoute(deps))
    .use(rejectEmailRoute(deps))
    .use(listEmailHistoryRoute(deps))
    .use(listRejectionTagsRoute())
    .use(showOperatorStatusRoute(deps))
    .use(triggerOperatorRoute(deps))
    .use(showPendingBatchRoute(deps))
    .use(approveOperatorBatchRoute(deps))
    .use(rejectOperatorBatchRoute(deps))
    .use(listOperatorHistoryRoute(deps));
