import { createServiceApp, type ReadinessCheck, type ServiceMetrics } from '@caio/service-kit';
import type { ServiceParts } from '@caio/service-kit';
import type {
  ActionStore,
  BatchStore,
  DraftStore,
  GateLists,
  JobQueue,
  RedisEvidenceStore,
  RunStore,
  StoreLifecycle,
} from '@caio/state-store';
import type { Express } from 'express';
import type { BatchProgressFeed } from './batch-progress-feed.ts';
import { compressAnswers } from './compressed-answers.ts';
import type { EventStreamLimits } from './event-stream.ts';
import { commandsOnce } from './commands-once.ts';
import type { HeldMessageParts } from './held-message-parts.ts';
import { erasePersonRoute } from './routes/erase-person/route.ts';
import { activateBatchRoute } from './routes/activate-batch/route.ts';
import { changeExclusionsRoute } from './routes/change-exclusions/route.ts';
import { compareActionRoute } from './routes/compare-action/route.ts';
import { decideBatchRoute } from './routes/decide-batch/route.ts';
import { executeBatchRoute } from './routes/execute-batch/route.ts';
import { findExcludedLeadsRoute } from './routes/find-excluded-leads/route.ts';
import { graduateRampRoute } from './routes/graduate-ramp/route.ts';
import { showRampRoute } from './routes/show-ramp/route.ts';
import { findPersonRoute } from './routes/find-person/route.ts';
import { followBatchRoute } from './routes/follow-batch/route.ts';
import { freezeBatchRoute } from './routes/freeze-batch/route.ts';
import { importBarredListRoute } from './routes/import-barred-list/route.ts';
import { liftSuppressionRoute } from './routes/lift-suppression/route.ts';
import { listDraftsRoute } from './routes/list-drafts/route.ts';
import { listIntakeAnswersRoute } from './routes/list-intake-answers/route.ts';
import { listReviewsRoute } from './routes/list-reviews/route.ts';
import { pauseProvidersRoute } from './routes/pause-providers/route.ts';
import { recallMessageRoute } from './routes/recall-message/route.ts';
import { rejectBatchRoute } from './routes/reject-batch/route.ts';
import { removeCampaignsRoute } from './routes/remove-campaigns/route.ts';
import { reviewDraftRoute } from './routes/review-draft/route.ts';
import { setHaltRoute } from './routes/set-halt/route.ts';
import { showBatchRoute } from './routes/show-batch/route.ts';
import { showEvidenceRoute } from './routes/show-evidence/route.ts';
import { showQueueStatusRoute } from './routes/show-queue-status/route.ts';
import { showWhatIfRoute } from './routes/show-what-if/route.ts';
import { submitDraftsRoute } from './routes/submit-drafts/route.ts';
import { decideUnknownRoute } from './routes/decide-unknown/route.ts';
import { showUnknownRoute } from './routes/show-unknown/route.ts';
import { suppressPersonRoute } from './routes/suppress-person/route.ts';
import { syncCustomersRoute } from './routes/sync-customers/route.ts';
import { takeBackActionRoute } from './routes/take-back-action/route.ts';
import { exportAuditRoute } from './routes/export-audit/route.ts';
import { retireAuditRoute } from './routes/retire-audit/route.ts';
import { verifyAuditRoute } from './routes/verify-audit/route.ts';
import type { CompanyRules } from './company-rules.ts';
import type { EmailViewRules } from './predecessor/email-view.ts';
import type { ReadPredecessorQueue } from './predecessor/queue-view.ts';
import { predecessorRoutes } from './predecessor-routes.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { Seals } from './seals.ts';
import type { ChangeExclusions } from './use-cases/change-exclusions.ts';
import type { CompareAction } from './use-cases/compare-action.ts';
import type { ErasePerson } from './use-cases/erase-person.ts';
import type { ExecuteBatch } from './use-cases/execute-batch.ts';
import type { FindPerson } from './use-cases/find-person.ts';
import type { FreezeBatch } from './use-cases/freeze-batch.ts';
import type { PauseProviders } from './use-cases/pause-providers.ts';
import type { ImportList } from './use-cases/import-list.ts';
import type { LiftSuppression } from './use-cases/lift-suppression.ts';
import type { UnknownParts } from './unknown-parts.ts';
import type { ReadBars } from './use-cases/read-bars.ts';
import type { ReadProviders } from './use-cases/read-providers.ts';
import type { ReadQueueStanding } from './use-cases/read-queue-standing.ts';
import type { RejectBatch } from './use-cases/reject-batch.ts';
import type { ReviewDraft } from './use-cases/review-draft.ts';
import type { ShowWhatIf } from './use-cases/show-what-if.ts';
import type { SubmitDraft } from './use-cases/submit-draft.ts';
import type { CustomerSync } from './use-cases/sync-customers.ts';
import type { SuppressPerson } from './use-cases/suppress-person.ts';
import type { ShowRamp } from './use-cases/show-ramp.ts';
import type { TriggerOperator } from './use-cases/trigger-operator.ts';
import type { ExportAudit } from './use-cases/export-audit.ts';
import type { RetireAudit } from './use-cases/retire-audit.ts';
import type { VerifyAudit } from './use-cases/verify-audit.ts';

export interface GatekeeperDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly drafts: DraftStore;
  readonly batches: BatchStore;
  readonly actions: ActionStore;
  readonly lists: GateLists;
  readonly lifecycle: StoreLifecycle;
  readonly runs: Pick<RunStore, 'list'>;
  readonly evidence: RedisEvidenceStore;
  readonly rules: RulesInForce;
  readonly dispatch: JobQueue<'dispatch'>;
  readonly intake: JobQueue<'drafts'>;
  readonly submitDraft: SubmitDraft;
  readonly reviewDraft: ReviewDraft;
  readonly freezeBatch: FreezeBatch;
  readonly rejectBatch: RejectBatch;
  readonly executeBatch: ExecuteBatch;
  readonly compareAction: CompareAction;
  readonly readQueueStanding: ReadQueueStanding;
  readonly readPredecessorQueue: ReadPredecessorQueue;
  readonly readProviders: ReadProviders;
  readonly unknown: UnknownParts;
  readonly triggerOperator: TriggerOperator;
  readonly company: Pick<CompanyRules, 'pack'>;
  readonly providerOf: EmailViewRules['providerOf'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly suppressPerson: SuppressPerson;
  readonly readBars: ReadBars;
  readonly findPerson: FindPerson;
  readonly changeExclusions: ChangeExclusions;
  readonly importList: ImportList;
  readonly showWhatIf: ShowWhatIf;
  readonly liftSuppression: LiftSuppression;
  readonly subjects: ErasePerson;
  readonly customerSync: CustomerSync;
  readonly heldMessages: HeldMessageParts;
  readonly pauseProviders: PauseProviders;
  readonly verifyAudit: VerifyAudit;
  readonly exportAudit: ExportAudit;
  readonly retireAudit: RetireAudit;
  readonly showRamp: ShowRamp;
  readonly seals: Seals;
  readonly progressFeed: BatchProgressFeed;
  readonly streamLimits: EventStreamLimits;
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
}

/** The gatekeeper's HTTP side; it does not listen. */
export const createApp = (deps: GatekeeperDependencies): Express =>
  createServiceApp({
    service: 'gatekeeper',
    ...deps.parts,
    allowedIssuers: ['gateway', 'scheduler'],
    readiness: deps.readiness,
    metrics: deps.metrics,
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    mount: (app) => {
      app.use(commandsOnce(deps));
      app.use(compressAnswers());
      app.use(submitDraftsRoute(deps));
      app.use(listDraftsRoute(deps));
      app.use(listReviewsRoute(deps));
      app.use(reviewDraftRoute(deps));
      app.use(freezeBatchRoute(deps));
      app.use(showBatchRoute(deps));
      app.use(followBatchRoute(deps));
      app.use(decideBatchRoute(deps));
      app.use(rejectBatchRoute(deps));
      app.use(executeBatchRoute(deps));
      app.use(showEvidenceRoute(deps));
      app.use(compareActionRoute(deps));
      app.use(showUnknownRoute(deps.unknown));
      app.use(decideUnknownRoute(deps.unknown));
      app.use(takeBackActionRoute(deps.heldMessages));
      app.use(activateBatchRoute(deps.heldMessages));
      app.use(removeCampaignsRoute(deps.heldMessages));
      app.use(pauseProvidersRoute(deps.heldMessages));
      app.use(recallMessageRoute(deps.heldMessages));
      app.use(setHaltRoute({ ...deps, emergencyStop: deps.rules.emergencyStop, logger: deps.parts.logger }));
      app.use(suppressPersonRoute(deps));
      app.use(findPersonRoute(deps));
      app.use(changeExclusionsRoute(deps));
      app.use(importBarredListRoute(deps));
      app.use(showWhatIfRoute(deps));
      app.use(liftSuppressionRoute(deps));
      app.use(erasePersonRoute(deps));
      app.use(syncCustomersRoute(deps));
      app.use(verifyAuditRoute(deps));
      app.use(exportAuditRoute(deps));
      app.use(retireAuditRoute(deps));
      app.use(showRampRoute(deps));
      app.use(graduateRampRoute(deps));
      app.use(showQueueStatusRoute(deps));
      app.use(predecessorRoutes(deps));
      app.use(listIntakeAnswersRoute(deps));
      app.use(findExcludedLeadsRoute(deps));
    },
  });
