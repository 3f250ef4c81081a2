import { getRandomValues, randomUUID } from 'node:crypto';
import { createPseudonymiser, createUnsubscribeTokens } from '@caio/auth';
import { createLeadJudge } from '@caio/outreach-core';
import {
  ConfigError,
  createFaultPoints,
  createHousekeeping,
  createRedisConnections,
  createProcessMetrics,
  createServiceParts,
  loadCompany,
  loadConfig,
  loadPolicy,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import {
  checkPseudonymKey,
  createActionStore,
  createAuditLog,
  createBatchStore,
  createDraftStore,
  createEvidenceStore,
  createGateLists,
  createKeys,
  createLinkSample,
  createOptOuts,
  createRunStore,
  createProviderPauses,
  createStoreLifecycle,
  createStoreSession,
} from '@caio/state-store';
import { ulid } from 'ulid';
import { createApp } from './app.ts';
import { createAttemptEnds, createAttemptsInHand } from './attempts-in-hand.ts';
import { createAuditParts, openHeads } from './audit-parts.ts';
import { createBarredPeopleParts } from './barred-people-parts.ts';
import { createBatchProgressFeed } from './batch-progress-feed.ts';
import { createChores } from './chores.ts';
import { gatekeeperVariables } from './config.ts';
import { customerProblems, openCustomerSource } from './customers/customer-variables.ts';
import { deliveryProblems } from './delivery-problems.ts';
import { eventStreamLimits } from './event-stream.ts';
import { createHeldMessageParts } from './held-message-parts.ts';
import { createIdSource } from './ids.ts';
import { markedSteps } from './marked-steps.ts';
import { createReadPredecessorQueue } from './predecessor/queue-view.ts';
import { createProcessIdentity } from './process-identity.ts';
import { createAdapterChoice } from './providers/adapters.ts';
import { createChannelAdapters } from './providers/channel-adapters.ts';
import { createQueues, createWorkers } from './queues.ts';
import { createRandomNumbers } from './random-numbers.ts';
import { createRulesInForce } from './rules-in-force.ts';
import { createSeals } from './seals.ts';
import { createUnknownParts } from './unknown-parts.ts';
import { createStoreReadiness } from './store-readiness.ts';
import { createApplySignal } from './use-cases/apply-signal.ts';
import { createCompareAction } from './use-cases/compare-action.ts';
import { createDispatchAction } from './use-cases/dispatch-action.ts';
import { createEnqueueDueActions } from './use-cases/enqueue-due-actions.ts';
import { createExecuteBatch } from './use-cases/execute-batch.ts';
import { createHoldDispatch, createReadHold } from './use-cases/hold-dispatch.ts';
import { createFreezeBatch } from './use-cases/freeze-batch.ts';
import { createRecoverStore } from './use-cases/recover-store.ts';
import { createReadBars } from './use-cases/read-bars.ts';
import { createPauseProviders } from './use-cases/pause-providers.ts';
import { createRampParts } from './ramp-parts.ts';
import { createReadProviders } from './use-cases/read-providers.ts';
import { createReadQueueStanding } from './use-cases/read-queue-standing.ts';
import { createRejectBatch } from './use-cases/reject-batch.ts';
import { createReviewDraft } from './use-cases/review-draft.ts';
import { createTriggerOperator } from './use-cases/trigger-operator.ts';
import { createGuardMessage, createSubmitDraft } from './use-cases/submit-draft.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
const startedAtMs = Date.now();
/** For send deadlines: never runs backwards, and counts the time a machine slept, which a monotonic clock may not. */
const deadlineClock = (): number => Math.max(performance.now(), Date.now() - startedAtMs);
const newCorrelationId = (): string => randomUUID();
const randomNumber = createRandomNumbers((numbers) => void getRandomValues(numbers));
const storeReadyMs = 5_000;

const refuseUnless = (problems: readonly string[]): void => {
  if (problems.length > 0) throw new ConfigError('gatekeeper', problems);
};

/** Builds the gatekeeper from its environment. Everything with a clock, an id or a socket is made here. */
export const startGatekeeper = async ({
  env,
  onClose,
  onStopping,
}: StartContext): Promise<StartedService> => {
  const config = loadConfig(gatekeeperVariables, env, 'gatekeeper');
  const environment = config.ENVIRONMENT;
  const { policy, version: policyVersion } = loadPolicy(config.POLICY_FILE, { environment });
  refuseUnless([...deliveryProblems(config, policy), ...customerProblems(config)]);
  const loaded = loadCompany(config.COPY_PACK_DIR, { environment });
  const company = { pack: loaded.pack, judge: createLeadJudge(loaded.icp) };
  const parts = createServiceParts({
    service: 'gatekeeper',
    config,
    secrets: secretsOf(gatekeeperVariables, env, 'gatekeeper'),
    stdout: process.stdout,
    now,
    monotonicNow,
    newCorrelationId,
  });
  const { logger, traces } = parts;
  onClose('traces', () => parts.traceWriter.close());

  const http = createRedisConnections({ url: config.REDIS_URL, role: 'http', logger, now });
  const worker = createRedisConnections({ url: config.REDIS_URL, role: 'worker', logger, now });
  onClose('redis', async () => {
    await Promise.all([http.close(), worker.close()]);
  });
  const keys = createKeys(environment);
  const faults = createFaultPoints(config.FAULT_PLAN ?? []);
  const published = faults.around(await openHeads(config.AUDIT_HEADS_FILE, environment), markedSteps.heads);
  const session = createStoreSession({
    redis: http.connect('gatekeeper'),
    keys,
    knownStoreId: published.last()?.storeId ?? null,
    onError: (error) => logger.warn({ err: error }, 'the store did not say which run it is'),
  });
  if (!(await http.whenReady(session.redis, storeReadyMs))) {
    throw new ConfigError('gatekeeper', [
      'REDIS_URL names a Redis that does not answer. Start it, or correct the address.',
    ]);
  }

  const pseudonym = createPseudonymiser({ key: config.PSEUDONYM_KEY });
  if ((await checkPseudonymKey(session, pseudonym('check'))) === 'changed') {
    throw new ConfigError('gatekeeper', [
      'PSEUDONYM_KEY is not the one this store was filled with, and no suppression would be found (pseudonym_key_changed). Set the former key.',
    ]);
  }
  const metrics = createProcessMetrics('gatekeeper', config.METRICS_TOKEN);
  const audit = await createAuditParts({
    ...{ audit: faults.around(createAuditLog(session), markedSteps.audit), key: config.AUDIT_SEAL_KEY },
    ...{ environment, published, metrics, logger, now, retentionDays: config.AUDIT_RETENTION_DAYS },
  });
  const rules = createRulesInForce({
    environment,
    policy,
    policyVersion,
    copyPackVersion: company.pack.version,
    deliveryModes: { email: config.DELIVERY_MODE_EMAIL, linkedin: config.DELIVERY_MODE_LINKEDIN },
    emergencyStop: config.EMERGENCY_STOP,
    customerList:
      policy.customers.required || config.CUSTOMER_SOURCE !== 'none' ? 'required' : 'not_required',
  });
  const stores = {
    drafts: createDraftStore(session),
    batches: faults.around(createBatchStore(session), markedSteps.batches),
    actions: faults.around(createActionStore(session), markedSteps.actions),
    lists: faults.around(createGateLists(session), markedSteps.lists),
    lifecycle: faults.around(createStoreLifecycle(session), markedSteps.lifecycle),
    evidence: createEvidenceStore(session),
    runs: createRunStore(session),
  };
  const ids = createIdSource(() => ulid(now(), randomNumber));
  const self = createProcessIdentity(process.pid);
  const attempts = createAttemptsInHand();
  const seals = createSeals({ key: config.AUDIT_SEAL_KEY, environment });
  const providers = createChannelAdapters({
    ...{ config, environment, policy, session, evidence: stores.evidence, faults },
    ...{ nowMs: now, monotonicMs: deadlineClock },
  });
  const adapters = createAdapterChoice(providers.routes, providers.former);
  onClose('providers', async () => {
    await Promise.all(adapters.all.map((adapter) => adapter.close()));
  });
  refuseUnless(adapters.problems);

  const { drafts, batches, actions, lists } = stores;
  const { adapterOf } = adapters;
  const unsubscribe = createUnsubscribeTokens({ secrets: [config.UNSUBSCRIBE_SECRET] });
  await createLinkSample(session).remember(unsubscribe.issue('email:nobody@links.example'));
  const unsubscribeUrlOf = (personKey: string): string =>
    `${config.PUBLIC_BASE_URL}/u/${unsubscribe.issue(personKey)}`;
  const guardMessage = createGuardMessage({ drafts, rules, company, pseudonym });
  const submitDraft = createSubmitDraft({ drafts, rules, company, ids, pseudonym, unsubscribeUrlOf });
  const queues = createQueues({ redis: worker.connect('gatekeeper-queues'), keys, logger });
  onClose('queues', async () => {
    await Promise.all([queues.dispatch.close(), queues.intake.close()]);
  });
  const isHeld = createReadHold({ lists, lifecycle: stores.lifecycle, rules });
  const enqueueDue = createEnqueueDueActions({
    actions,
    dispatch: queues.dispatch,
    faults,
    logger,
    graceMs: config.REQUEUE_AFTER_MS,
    isHeld,
  });
  const dispatchAction = createDispatchAction({
    actions,
    batches,
    rules,
    adapterOf,
    ids,
    pseudonym,
    processId: self.id,
    attempts,
    seals,
    faults,
    logger,
    traces,
    now,
    monotonicMs: deadlineClock,
  });
  const workers = createWorkers({
    redis: worker.connect('gatekeeper-workers'),
    keys,
    logger,
    dispatchConcurrency: config.DISPATCH_CONCURRENCY,
    lockMs: config.JOB_LOCK_MS,
    stalledMs: config.JOB_STALL_CHECK_MS,
    submitDraft,
    dispatchAction,
    applySignal: createApplySignal({ lists, drafts, optOuts: createOptOuts(session), pseudonym }),
  });
  const recoverStore = createRecoverStore({
    session,
    lifecycle: stores.lifecycle,
    actions,
    batches,
    adapterOf,
    logger,
    lookForLoss: audit.sealer.lookForLoss,
  });
  const holdDispatch = createHoldDispatch({ readHold: isHeld, worker: workers.dispatch });
  const pauseProviders = createPauseProviders({
    ...{ lists, rules, logger, now, newCorrelationId },
    ...{ pauses: createProviderPauses(session), adapters: adapters.all },
  });
  const reviewDraft = createReviewDraft({ drafts, rules, guardMessage, pseudonym });
  const heldMessages = createHeldMessageParts({
    ...{ session, drafts, batches, actions, lists, reviewDraft, rules, seals, adapters },
    ...{ pseudonym, faults, logger },
  });
  const customerSource = openCustomerSource(config, {
    timeoutMs: policy.dispatch.providerTimeoutMs,
    monotonicMs: monotonicNow,
  });
  onClose('customer source', async () => customerSource?.close());
  const readBars = createReadBars({ lists, pseudonym });
  const barredPeople = createBarredPeopleParts({
    ...{ ...stores, session, readBars, policy, pseudonym, now },
    source: customerSource,
  });
  const ramp = createRampParts({
    ...{ session, actions, lists, rules, logger, newCorrelationId },
    ...{ lifecycle: stores.lifecycle, audit: createAuditLog(session) },
  });
  const housekeeping = createHousekeeping({
    logger,
    chores: createChores({
      ofRamp: ramp.chores,
      keepCustomersFresh: barredPeople.customerSync.keepFresh,
      ofHeldMessages: heldMessages.chores,
      ...{ batches, drafts, dispatch: queues.dispatch, rules, adapterOf, pseudonym },
      actions: faults.around(actions, markedSteps.reconciler),
      ...{ self, attempts, logger, now },
      ...{
        recoverStore,
        enqueueDue,
        holdDispatch,
        pauseProviders,
        sealAudit: audit.sealer.seal,
        retireAudit: audit.retirePastDays,
      },
    }),
  });
  // Recovery first: what an older store forgot must not be admitted by a job that is waiting already.
  await recoverStore();
  await holdDispatch();
  workers.start();
  housekeeping.start();
  onClose('workers', async () => {
    await workers.close();
    await housekeeping.stop();
  });

  const freezeBatch = createFreezeBatch({
    ...{ seals, drafts, batches, actions, lists, rules, ids, pseudonym },
    ...{ providerOf: adapters.providerOf, readRampStage: ramp.readRampStage },
  });
  const executeBatch = createExecuteBatch({
    ...{ seals, logger, batches, actions, lists, rules, ids, faults, enqueueDue },
  });
  const readProviders = createReadProviders({ session, adapters: adapters.all, rules, metrics });
  const isAttemptOver = createAttemptEnds(self, attempts);
  const unknown = createUnknownParts({ actions, rules, adapterOf, isAttemptOver, now });
  const storeReadiness = createStoreReadiness(stores.lifecycle);
  const progressFeed = createBatchProgressFeed({ batches, logger, pollMs: 300, readersMax: 500 });
  // Streams do not end by themselves; their readers come again when the next process is there.
  onStopping(progressFeed.close);
  const app = createApp({
    parts,
    metrics,
    readiness: [storeReadiness, audit.readiness, barredPeople.customersReadiness],
    readQueueStanding: createReadQueueStanding({ ...stores, rules, readBars, storeReadiness, monotonicNow }),
    ...stores,
    rules,
    dispatch: queues.dispatch,
    intake: queues.intake,
    submitDraft,
    reviewDraft,
    freezeBatch,
    rejectBatch: createRejectBatch({ batches, drafts, reviewDraft, freezeBatch, ids }),
    executeBatch,
    compareAction: createCompareAction({ actions, drafts, seals }),
    triggerOperator: createTriggerOperator({ batches, freezeBatch, executeBatch }),
    readPredecessorQueue: createReadPredecessorQueue({
      ...{ drafts, batches, actions, rules, now, readRampStage: ramp.readRampStage },
    }),
    ...{ company, providerOf: adapters.providerOf, now, readProviders, unknown },
    heldMessages,
    readBars,
    ...barredPeople,
    pauseProviders,
    showRamp: ramp.showRamp,
    verifyAudit: audit.verifyAudit,
    exportAudit: audit.exportAudit,
    retireAudit: audit.retireAudit,
    seals,
    progressFeed,
    streamLimits: eventStreamLimits,
    newCorrelationId,
    monotonicNow,
  });
  return { app, host: config.HOST, port: config.PORT, drainMs: config.DRAIN_MS, logger };
};
