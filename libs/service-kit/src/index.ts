export {
  booleanField,
  choiceField,
  integerField,
  parsedField,
  redisUrlField,
  requiredIntegerField,
  secretField,
  textField,
  urlField,
} from './config-fields.ts';
export { baseConfig, ConfigError, isRehearsal, loadConfig, processEnvironment, secretsOf } from './config.ts';
export type { BaseConfig, Environment } from './config.ts';
export { formerVariables } from './former-variables.ts';
export { createFaultPoints, parseFaultPlan } from './fault-points.ts';
export type { Fault, FaultPoints } from './fault-points.ts';
export { HttpProblem, problemOf, storeProblemOf } from './http-problem.ts';
export type { ProblemDetail } from './http-problem.ts';
export {
  callerOf,
  caseIdOf,
  correlationIdOf,
  maybeCallerOf,
  requirePermission,
  respondError,
  sendJson,
  userOf,
} from './request-context.ts';
export { createFailureAnswer } from './request-failure.ts';
export { identifyRequest } from './request-ids.ts';
export type { RequestIds } from './request-ids.ts';
export { createRequestRecord } from './request-record.ts';
export type { RequestFacts } from './request-record.ts';
export { createParameterCheck } from './known-parameters.ts';
export type { AnswerHead, AnswerTarget } from './answer-relay.ts';
export {
  describeIssues,
  jsonBody,
  jsonLimitBytes,
  parseBody,
  parseParams,
  parseQuery,
  readBytes,
} from './json-body.ts';
export { bodyStream, digestingStream } from './digesting-stream.ts';
export { reportReadiness } from './health.ts';
export type { Readiness, ReadinessCheck, ReadinessReport } from './health.ts';
export { createProcessMetrics, createServiceMetrics } from './service-metrics.ts';
export type { ServiceMetrics } from './service-metrics.ts';
export { createServiceApp } from './service-app.ts';
export type { ServiceAppOptions } from './service-app.ts';
export { createInternalClient } from './internal-client.ts';
export type {
  HttpMethod,
  InternalAnswer,
  InternalClient,
  InternalFailure,
  InternalRelay,
  InternalStream,
  SentBody,
} from './internal-client.ts';
export { runService } from './service-process.ts';
export { createReadableServer } from './unreadable-requests.ts';
export type { ServerLimits, StartContext, StartedService } from './service-process.ts';
export { createRedisConnections } from './redis-connections.ts';
export type { RedisConnections, RedisRole } from './redis-connections.ts';
export { createServiceParts } from './service-parts.ts';
export type { ServiceParts } from './service-parts.ts';
export { createHousekeeping } from './housekeeping.ts';
export type { Chore } from './housekeeping.ts';
export { CompanyDataError } from './company-data/company-data-error.ts';
export type { CompanyDataProblem } from './company-data/company-data-error.ts';
export { loadCompany } from './company-data/load-company.ts';
export type { LoadedCompany } from './company-data/load-company.ts';
export { loadCopyPack } from './company-data/load-copy-pack.ts';
export { loadPolicy } from './company-data/load-policy.ts';
export type { LoadedPolicy } from './company-data/load-policy.ts';
export { parseWellFormedJson } from './well-formed-json.ts';
