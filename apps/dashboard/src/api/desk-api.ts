import {
  actionComparisonSchema,
  appliedListImportSchema,
  type BarredList,
  customersAnswerSchema,
  liftedAnswerSchema,
  listDiffSchema,
  syncedCustomersSchema,
  whatIfSchema,
  activatedBatchSchema,
  type ActionId,
  auditCheckSchema,
  type BatchDrop,
  type BatchId,
  batchAnswerSchema,
  batchListSchema,
  batchPreviewSchema,
  changeExclusionsAnswerSchema,
  type DecideUnknownRequest,
  decideUnknownAnswerSchema,
  type DraftId,
  draftAnswerSchema,
  type DraftStatus,
  draftSummaryListSchema,
  evidenceSchema,
  type Exclusion,
  exclusionListSchema,
  executedBatchSchema,
  frozenBatchSchema,
  haltAnswerSchema,
  type Motion,
  personRecordSchema,
  queueStatusSchema,
  rampAnswerSchema,
  recallAnswerSchema,
  receiptListSchema,
  rejectedBatchSchema,
  type RejectionTag,
  runListSchema,
  type ScopedDraft,
  sessionAnswerSchema,
  suppressAnswerSchema,
  type Suppression,
  suppressionListSchema,
  systemHealthSchema,
  unknownDetailSchema,
  unknownListSchema,
} from '@caio/contracts';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';

const pageSize = 100;

const dependencySchema = z.object({
  required: z.boolean().optional(),
  configured: z.boolean().optional(),
  ready: z.boolean(),
  message: z.string().default(''),
});
export type Dependency = z.infer<typeof dependencySchema> & { readonly name: string };

/** Takes every named thing that says whether it is ready, wherever in the answer it stands; the rest is settings. */
const dependenciesSchema = z.record(z.string(), z.unknown()).transform((answer): readonly Dependency[] => {
  const nested = z.record(z.string(), z.unknown()).safeParse(answer['dependencies']);
  return Object.entries({ ...answer, ...nested.data }).flatMap(([name, value]) => {
    const found = dependencySchema.safeParse(value);
    return found.success ? [{ name, ...found.data }] : [];
  });
});

/** A draft as the desk shows it: `barred` says that nothing goes to its person. */
export type ShownDraft = z.infer<typeof draftAnswerSchema>['draft'];

const draftsQuery = (status: DraftStatus, cursor: string | null): string =>
  `status=${status}&limit=${pageSize}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
const page = (cursor: string | null): string =>
  `limit=${pageSize}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;

/** Every call the desk makes, by name. Paths and shapes: docs/api.md. */
export const createDeskApi = (call: ApiClient) => {
  const draft = (draftId: DraftId, command: string, body: unknown) =>
    call({ method: 'POST', path: `/api/drafts/${draftId}/${command}`, body, answer: draftAnswerSchema });
  const batch = (batchId: BatchId, command: string, body: unknown) =>
    call({ method: 'POST', path: `/api/batches/${batchId}/${command}`, body, answer: batchAnswerSchema });
  const get = <T>(path: string, answer: z.ZodType<T>, signal?: AbortSignal) =>
    call({ method: 'GET', path, answer, signal });
  const post = <T>(path: string, body: unknown, answer: z.ZodType<T>) =>
    call({ method: 'POST', path, body, answer });
  return {
    session: (signal?: AbortSignal) => get('/api/session', sessionAnswerSchema, signal),
    status: (signal?: AbortSignal) => get('/api/queue-status', queueStatusSchema, signal),
    health: (signal?: AbortSignal) => get('/api/health', systemHealthSchema, signal),
    dependencies: (signal?: AbortSignal) => get('/api/runtime/dependencies', dependenciesSchema, signal),
    lastRun: (signal?: AbortSignal) => get('/api/pipeline-runs?limit=1', runListSchema, signal),

    drafts: (status: DraftStatus, cursor: string | null, signal?: AbortSignal) =>
      get(`/api/draft-summaries?${draftsQuery(status, cursor)}`, draftSummaryListSchema, signal),
    draft: (draftId: DraftId, signal?: AbortSignal) =>
      get(`/api/drafts/${draftId}`, draftAnswerSchema, signal),
    approveDraft: (draftId: DraftId, contentDigest: string) => draft(draftId, 'approve', { contentDigest }),
    editDraft: (draftId: DraftId, text: { contentDigest: string; subject: string; body: string }) =>
      draft(draftId, 'edit', text),
    rejectDraft: (draftId: DraftId, why: { contentDigest: string; tag: RejectionTag; reason: string }) =>
      draft(draftId, 'reject', why),
    recallDraft: (draftId: DraftId, why: { contentDigest: string | undefined; reason: string }) =>
      draft(draftId, 'recall', why),

    batches: (signal?: AbortSignal) => get('/api/batches?limit=100', batchListSchema, signal),
    batch: (batchId: BatchId, signal?: AbortSignal) =>
      get(`/api/batches/${batchId}`, batchAnswerSchema, signal),
    preview: (batchId: BatchId, cursor: string | null, signal?: AbortSignal) =>
      get(`/api/batches/${batchId}/preview?${page(cursor)}`, batchPreviewSchema, signal),
    receipts: (batchId: BatchId, cursor: string | null, signal?: AbortSignal) =>
      get(`/api/batches/${batchId}/receipts?${page(cursor)}`, receiptListSchema, signal),
    freezeBatch: (scope: {
      motion: Motion;
      limit?: number | undefined;
      drafts?: readonly ScopedDraft[];
      dryRun: boolean;
    }) => post('/api/batches', scope, frozenBatchSchema),
    approveBatch: (batchId: BatchId, previewHash: string) => batch(batchId, 'approve', { previewHash }),
    rejectBatch: (batchId: BatchId, why: { reason: string; drop?: readonly BatchDrop[] }) =>
      post(`/api/batches/${batchId}/reject`, why, rejectedBatchSchema),
    revokeBatch: (batchId: BatchId, reason: string) => batch(batchId, 'revoke', { reason }),
    executeBatch: (batchId: BatchId) => post(`/api/batches/${batchId}/execute`, {}, executedBatchSchema),
    activateBatch: (batchId: BatchId) => post(`/api/batches/${batchId}/activate`, {}, activatedBatchSchema),
    recall: (id: string, reason: string) => post('/api/recall', { id, reason }, recallAnswerSchema),
    evidence: (actionId: string, signal?: AbortSignal) =>
      get(`/api/actions/${actionId}/evidence`, evidenceSchema, signal),
    comparison: (actionId: string, signal?: AbortSignal) =>
      get(`/api/actions/${actionId}/comparison`, actionComparisonSchema, signal),

    unknown: (signal?: AbortSignal) => get('/api/reconcile', unknownListSchema, signal),
    unknownAction: (actionId: ActionId, signal?: AbortSignal) =>
      get(`/api/reconcile/${actionId}`, unknownDetailSchema, signal),
    decideUnknown: (actionId: ActionId, decision: DecideUnknownRequest) =>
      post(`/api/reconcile/${actionId}/decision`, decision, decideUnknownAnswerSchema),

    ramp: (signal?: AbortSignal) => get('/api/ramp', rampAnswerSchema, signal),
    halt: (reason: string) => post('/api/halt', { reason }, haltAnswerSchema),
    liftHalt: (reason: string) => post('/api/halt/lift', { reason }, haltAnswerSchema),

    findPerson: (person: string) => post('/api/people/find', { person }, personRecordSchema),
    suppress: (person: string, reason: Suppression['reason']) =>
      post('/api/suppressions', { person, reason, source: 'desk' }, suppressAnswerSchema),
    suppressions: (cursor: string | null, signal?: AbortSignal) =>
      get(`/api/suppressions?${page(cursor)}`, suppressionListSchema, signal),
    previewListImport: (
      { list, choice }: { list: BarredList; choice: 'add' | 'replace' },
      file: { name: string; content: string },
    ) =>
      post(
        `/api/${list}/imports/preview`,
        { fileName: file.name, content: file.content, ...(list === 'exclusions' ? { choice } : {}) },
        listDiffSchema,
      ),
    applyListImport: (
      { list, choice }: { list: BarredList; choice: 'add' | 'replace' },
      file: { name: string; content: string },
      diffDigest: string,
    ) =>
      post(
        `/api/${list}/imports`,
        {
          fileName: file.name,
          content: file.content,
          diffDigest,
          ...(list === 'exclusions' ? { choice } : {}),
        },
        appliedListImportSchema,
      ),
    whatIf: (who: { exclude?: readonly string[]; suppress?: readonly string[] }) =>
      post('/api/what-if', who, whatIfSchema),
    liftSuppression: (consent: {
      person: string;
      consentEvidence: string;
      obtainedAt: string;
      reason: string;
    }) => post('/api/suppressions/lift', consent, liftedAnswerSchema),
    customers: (signal?: AbortSignal) => get('/api/customers', customersAnswerSchema, signal),
    syncCustomers: () => post('/api/customers/sync', undefined, syncedCustomersSchema),
    acceptCustomers: (digest: string, reason: string) =>
      post('/api/customers/accept', { digest, reason }, syncedCustomersSchema),
    exclusions: (cursor: string | null, signal?: AbortSignal) =>
      get(`/api/exclusions?${page(cursor)}`, exclusionListSchema, signal),
    changeExclusions: (change: {
      add?: readonly { key: string; kind: Exclusion['kind']; note: string }[];
      remove?: readonly string[];
    }) => post('/api/exclusions', { ...change, source: 'desk' }, changeExclusionsAnswerSchema),

    verifyAudit: (cursor: string | null) =>
      get(
        `/api/audit/verify${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`,
        auditCheckSchema,
      ),
  };
};
export type DeskApi = ReturnType<typeof createDeskApi>;
