export * from './ids.ts';
export * from './vocabulary.ts';
export * from './lead.ts';
export { judgementReasons, judgementSentenceOf } from './judgement-reasons.ts';
export * from './icp.ts';
export * from './message.ts';
export * from './draft.ts';
export * from './admission.ts';
export * from './batch.ts';
export {
  batchPageQuerySchema,
  gateListQuerySchema,
  newestQuerySchema,
  reviewPageQuerySchema,
  runPageQuerySchema,
} from './paging.ts';
export * from './action.ts';
export * from './run.ts';
export * from './jobs.ts';
export * from './policy.ts';
export * from './ramp.ts';
export * from './copy-pack.ts';
export * from './gate.ts';
export * from './trace.ts';
export * from './errors.ts';
export * from './golden.ts';
export {
  type BatchDrop,
  batchDropSchema,
  type BatchProgress,
  batchProgressSchema,
  type DraftSummary,
  draftSummaryListSchema,
  type DraftSummaryList,
  type NextActor,
  nextActorSchema,
  actionComparisonSchema,
  editedDraftSchema,
  type Review,
  reviewListSchema,
  reviewSchema,
  progressTroubleSchema,
  type RejectedBatch,
  rejectedBatchSchema,
  type SessionAnswer,
  sessionAnswerSchema,
} from './desk.ts';
export {
  type Dependency,
  dependencySchema,
  type RuntimeDependencies,
  runtimeDependenciesSchema,
} from './dependencies.ts';
export { describeOpenApi, type OpenApiDocument } from './openapi.ts';
export * from './barred-people-http.ts';
export * from './consent-http.ts';
export * from './subjects-http.ts';
export * from './customers-http.ts';
export * from './list-import-http.ts';
export * from './held-messages-http.ts';
export * from './http.ts';
export * from './ramp-http.ts';
export {
  type AuditBreak,
  type AuditCheck,
  auditCheckSchema,
  auditRetirementSchema,
  exportAuditQuerySchema,
  exportedFrameSchema,
  exportedLineSchema,
  exportedPageSchema,
  retireAuditRequestSchema,
  auditHeadSchema,
  type AuditProblem,
  type AuditVerdict,
  verifyAuditQuerySchema,
  type AuditRetirement,
  type ExportedFrame,
  type ExportedLine,
  type ExportedPage,
} from './audit.ts';
export { findPersonRequestSchema, type PersonRecord, personRecordSchema } from './person-record.ts';
export { actionNextSteps, batchNextSteps, draftNextSteps } from './next-steps.ts';
export {
  linkParamsSchema,
  processHealthSchema,
  type RouteAnswer,
  type RouteBody,
  type RouteDescription,
  type RouteDoor,
  serviceReadinessSchema,
  systemHealthSchema,
} from './routes/route.ts';
export { type InngestState, inngestBytesMax, inngestSignatureHeader, inngestStateSchema } from './inngest.ts';
export { routes } from './routes/catalogue.ts';
export { activationReasons } from './activation-reasons.ts';
export { serviceRoutes } from './routes/service-routes.ts';
export {
  admissionReasons,
  fileRefusals,
  intakeReasons,
  leftOutReasons,
  type OutcomeReason,
  rowReasons,
} from './outcome-reasons.ts';
export {
  refusedReasons,
  releasedReasons,
  settledReasons,
  takeBackReasons,
  unknownReasons,
} from './dispatch-reasons.ts';
export {
  type AnswerMeaning,
  type OutcomePhase,
  type OutcomeRule,
  type OutcomeTable,
  type ReleasedAnswer,
} from './provider-outcomes/outcome-table.ts';
export { providerOutcomes } from './provider-outcomes/catalogue.ts';
export { providerFaultCodes, providerWaitCodes } from './provider-outcomes/provider-faults.ts';
export {
  isSpared,
  providerSentence,
  type ProviderStanding,
  providerStandingSchema,
} from './provider-standing.ts';
export { heyreachOutcomes } from './provider-outcomes/heyreach.ts';
export {
  decideUnknownAnswerSchema,
  type DecideUnknownRequest,
  decideUnknownRequestSchema,
  type UnknownAction,
  unknownActionSchema,
  type UnknownDecision,
  unknownDecisionSchema,
  type UnknownDetail,
  unknownDetailSchema,
  type UnknownList,
  unknownListSchema,
  unknownOptionSchema,
  type UnknownStanding,
  unknownStandings,
  unknownStandingSchema,
  waitsForPerson,
} from './reconcile-http.ts';
export { instantlyOutcomes } from './provider-outcomes/instantly.ts';
export { ghlOutcomes } from './provider-outcomes/ghl.ts';
export { smtpOutcomes } from './provider-outcomes/smtp.ts';
export {
  approvedEmailSchema,
  approveEmailRequestSchema,
  campaignRefSchema,
  complianceChecksSchema,
  decideEmailQuerySchema,
  rejectEmailQuerySchema,
  emailClassifierSchema,
  emailHistoryQuerySchema,
  emailHistorySchema,
  listPendingEmailsQuerySchema,
  pendingEmailSchema,
  pendingEmailsSchema,
  rejectedEmailSchema,
  rejectEmailRequestSchema,
  rejectionTagsSchema,
  type PendingEmail,
  type PendingEmails,
} from './predecessor/pending-emails.ts';
export {
  approveOperatorBatchRequestSchema,
  decidedOperatorBatchSchema,
  motionReportSchema,
  operatorBatchSchema,
  operatorHistoryQuerySchema,
  operatorHistorySchema,
  operatorReportSchema,
  operatorStatusSchema,
  pendingOperatorBatchSchema,
  rejectOperatorBatchRequestSchema,
  triggerOperatorRequestSchema,
  type MotionReport,
  type OperatorBatch,
} from './predecessor/operator.ts';
