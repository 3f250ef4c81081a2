export { waitFor, type WaitOptions } from './wait-for.ts';
export { freePort } from './free-port.ts';
export {
  startProcess,
  type ProcessExit,
  type ProcessOptions,
  type RunningProcess,
} from './process-runner.ts';
export { startRedis, type RedisOptions, type RedisServer } from './redis-server.ts';
export { createManualClock, defaultInstant, type ManualClock } from './manual-clock.ts';
export { createRandom } from './randomness.ts';
export { createIdSource, type IdSource } from './id-source.ts';
export {
  buildDraft,
  buildDraftSubmission,
  buildLead,
  buildMessage,
  buildPolicy,
  sealMessage,
} from './builders.ts';
export {
  startProviderSimulator,
  type ProviderSimulator,
  type ProviderSimulatorOptions,
} from './provider-simulator/server.ts';
export {
  type Endpoint,
  type Fault,
  type FaultEffect,
  type FaultPlanInput,
  type RandomFaults,
} from './provider-simulator/fault-plan.ts';
export { type GhlContactInput } from './provider-simulator/ghl-location.ts';
export { type HandOver } from './provider-simulator/hand-over-log.ts';
export { type Mailed } from './provider-simulator/workspace.ts';
export { callHttp, type HttpAnswer, type HttpCall, problemOf } from './http-call.ts';
