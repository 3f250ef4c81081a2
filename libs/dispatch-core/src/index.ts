export { canonicalJson } from './canonical-json.ts';
export { previewBytes } from './preview.ts';
export {
  actionArrows,
  batchArrows,
  decideAction,
  decideBatch,
  decideBatchEnd,
  decideDraft,
  draftArrows,
  openActionStatuses,
} from './life-cycle.ts';
export type { ActionCommand, Arrow, BatchCommand, DraftCommand, Transition } from './life-cycle.ts';
export { clockSkewMaxMs, decideAdmission } from './admission.ts';
export type { AdmissionFacts, AdmissionRules, AdmissionTime, RampRules } from './admission.ts';
export { dayCap, isRouteAllowed, retryBackoff, sendingRules, tiersAllowed } from './sending-rules.ts';
export type { RetryBackoff } from './sending-rules.ts';
export { judgeUnknown, looksForAbsence, quietFromMs } from './unknown-standing.ts';
export type { UnknownFacts, UnknownRules } from './unknown-standing.ts';
export { unknownOptions } from './unknown-options.ts';
export type { UnknownOption } from './unknown-options.ts';
export { providerPace } from './provider-pace.ts';
export type { ProviderPace, RateBudget, RestRules } from './provider-pace.ts';
export { createSendingClock, readSendingClock } from './sending-clock.ts';
export type { SendingClock } from './sending-clock.ts';
export { decideScope } from './batch-scope.ts';
export type { ScopeCandidate, ScopeRules } from './batch-scope.ts';
export { countCleanDays, dayBefore, dropBackReasons, growthOn, judgeRampDay } from './ramp.ts';
export type { CleanDays, Growth } from './ramp.ts';
export { createZoneCalendar } from './zone-calendar.ts';
export type { ZoneCalendar, ZoneDay } from './zone-calendar.ts';
