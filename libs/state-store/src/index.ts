export { createKeys } from './keys.ts';
export type { Counted, Keys } from './keys.ts';
export { createStoreSession } from './store-session.ts';
export type { StoreSession } from './store-session.ts';
export { CorruptRecordError } from './record.ts';
export { createDraftStore } from './draft-store.ts';
export type { DraftRecord } from './draft-record.ts';
export type { DraftChange, DraftIntake, DraftStore } from './draft-store.ts';
export type { DraftPage, DraftQuery } from './draft-lists.ts';
export { createBatchStore } from './batch-store.ts';
export type { BatchStore, PartialRejection } from './batch-store.ts';
export type { StoredExecution } from './batch-execution.ts';
export type { NumberedProgress } from './batch-record.ts';
export type { BatchFreeze, FrozenAction } from './batch-freeze.ts';
export { createActionStore } from './action-store.ts';
export type { ActionStore } from './action-store.ts';
export type { AdmissionAnswer, AdmissionRequest } from './action-admission.ts';
export { isErasedAction } from './action-record.ts';
export type { StoredAction } from './action-record.ts';
export { createProviderStandings } from './provider-standings.ts';
export type { ProviderStandings } from './provider-standings.ts';
export type { PersonsDecision, ProviderHeard, ProviderVerdict, Settlement } from './action-settlement.ts';
export { createBatchActivation } from './batch-activation.ts';
export type { BatchActivation, HeldMessageFacts, RefusedMessage } from './batch-activation.ts';
export { createHeldMessages } from './held-messages.ts';
export type { HeldBatchFacts, HeldMessages } from './held-messages.ts';
export { createBarredReach } from './barred-reach.ts';
export type { BarredReach, ReachedDraft } from './barred-reach.ts';
export { createCustomerList } from './customer-list.ts';
export type { CustomerList, CustomerStanding } from './customer-list.ts';
export { createListChanges } from './list-changes.ts';
export type { ListChanges } from './list-changes.ts';
export { createGateLists } from './gate-lists.ts';
export { causeOfStop, createProviderPauses } from './provider-pauses.ts';
export type { ProviderPauses } from './provider-pauses.ts';
export { createOptOuts } from './opt-outs.ts';
export type { OptOuts } from './opt-outs.ts';
export type { GateLists, StoredSuppression } from './gate-lists.ts';
export {
  type AuditCheckpoint,
  auditCheckpointSchema,
  checkpointMacOf,
  exportMacOf,
  isLater,
  keyMarkOf,
  macOf,
  momentOf,
  unsealedAgeMaxMs,
} from './audit-chain.ts';
export { createAuditLog, rowsPerSealMax } from './audit-log.ts';
export type { AuditLog, AuditLook, AuditRow, AuditSeal, StoredAuditRow } from './audit-log.ts';
export { createPersonRecords } from './person-records.ts';
export type { PersonRecords } from './person-records.ts';
export { createStoredMentions } from './stored-mentions.ts';
export type { StoredMention, StoredMentions } from './stored-mentions.ts';
export { createPersonErasure } from './person-erasure.ts';
export type { PersonErasure } from './person-erasure.ts';
export { createRunStore } from './run-store.ts';
export type { RunPage, RunStore } from './run-store.ts';
export { createEvidenceStore } from './evidence-store.ts';
export type { Evidence, RedisEvidenceStore } from './evidence-store.ts';
export { createCampaignRegistry } from './campaign-registry.ts';
export type { RedisCampaignRegistry } from './campaign-registry.ts';
export { createSessionStore } from './session-store.ts';
export type { LoginSession, SessionPurpose, SessionStore } from './session-store.ts';
export { createRateLimits } from './rate-limits.ts';
export type { RateLimit, RateLimitAnswer, RateLimits } from './rate-limits.ts';
export { createLock } from './lock.ts';
export type { Lock } from './lock.ts';
export { createStoreLifecycle } from './store-lifecycle.ts';
export type { StoreLifecycle } from './store-lifecycle.ts';
export { createLinkSample } from './link-sample.ts';
export type { LinkSample } from './link-sample.ts';
export { checkPseudonymKey } from './pseudonym-check.ts';
export { createJobQueue, createJobWorker, UnrecoverableError } from './queues.ts';
export type { JobQueue, JobWorker, QueuedJob } from './queues.ts';
export type {
  AdmitActivationResult,
  ChangeBatchResult,
  ChangeDraftResult,
  ClaimBatchResult,
  FreezeBatchResult,
} from './result-codes.ts';
/** A connection to the store, made by service-kit's `createRedisConnections`. */
export type { Redis as StoreConnection } from 'ioredis';
export { createRampStore, type RampRecord, type RampStore, type RealAction } from './ramp-store.ts';
