import {
  activatedBatchSchema,
  pausedProvidersSchema,
  recallAnswerSchema,
  removedCampaignsSchema,
  appliedListImportSchema,
  type BarredList,
  customersAnswerSchema,
  syncedCustomersSchema,
  whatIfSchema,
  type AuditCheck,
  type AuditRetirement,
  auditCheckSchema,
  auditRetirementSchema,
  type ExportedLine,
  exportedPageSchema,
  type AuditVerdict,
  batchAnswerSchema,
  batchListSchema,
  batchPreviewSchema,
  changeExclusionsAnswerSchema,
  type DecideUnknownRequest,
  decideUnknownAnswerSchema,
  draftAnswerSchema,
  draftListSchema,
  evidenceSchema,
  exclusionListSchema,
  executedBatchSchema,
  frozenBatchSchema,
  haltAnswerSchema,
  erasedSubjectSchema,
  liftedAnswerSchema,
  subjectExportSchema,
  listDiffSchema,
  personRecordSchema,
  queueStatusSchema,
  type Receipt,
  rampAnswerSchema,
  rampEvidenceSchema,
  receiptListSchema,
  type RowOutcome,
  runAnswerSchema,
  runListSchema,
  runRowsSchema,
  runtimeDependenciesSchema,
  suppressAnswerSchema,
  suppressionListSchema,
  takeBackAnswerSchema,
  type ScopedDraft,
  unknownDetailSchema,
  unknownListSchema,
} from '@caio/contracts';
import type { z } from 'zod';
import type { ApiClient } from './api-client.ts';

type PreviewItem = z.infer<typeof batchPreviewSchema>['items'][number];

/** A list from a file, as it is handed in. */
export interface ImportedFile {
  readonly fileName: string;
  readonly content: string;
  readonly why: string;
  readonly choice?: 'add' | 'replace';
}

const pageSize = 500;
const query = (values: Record<string, string | number | readonly string[] | null | undefined>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    for (const item of [value].flat()) search.append(name, String(item));
  }
  return `?${search.toString()}`;
};

/** The public API as the command line uses it, one function per question or command. */
export const createOutreachApi = (client: ApiClient) => {
  const get = <S extends z.ZodType>(path: string, schema: S) => client.call({ method: 'GET', path }, schema);
  const post = <S extends z.ZodType>(path: string, json: unknown, schema: S) =>
    client.call({ method: 'POST', path, json }, schema);

  const everyPage = async <Page, Item>(
    read: (cursor: string | null) => Promise<Page>,
    part: (page: Page) => { items: readonly Item[]; nextCursor: string | null },
  ): Promise<Item[]> => {
    const items: Item[] = [];
    for (let cursor: string | null = null; ;) {
      const { items: more, nextCursor } = part(await read(cursor));
      items.push(...more);
      if (nextCursor === null) return items;
      cursor = nextCursor;
    }
  };

  return {
    queueStatus: () => get('/api/queue-status', queueStatusSchema),
    dependencies: () => get('/api/runtime/dependencies', runtimeDependenciesSchema),

    startRun: (file: { name: string; content: Buffer; strict: boolean; map: readonly string[] }) =>
      client.call(
        {
          method: 'POST',
          path: `/api/pipeline-runs${query({ fileName: file.name, strict: String(file.strict), map: file.map })}`,
          bytes: { content: file.content, type: 'application/octet-stream' },
        },
        runAnswerSchema,
      ),
    run: (runId: string) => get(`/api/pipeline-runs/${runId}`, runAnswerSchema),
    /** The newest runs, or those before the cursor. */
    runs: (limit: number, cursor?: string) =>
      get(`/api/pipeline-runs${query({ cursor, limit })}`, runListSchema),
    rowPage: (runId: string, after: number, limit: number) =>
      get(`/api/pipeline-runs/${runId}/rows${query({ after, limit })}`, runRowsSchema),
    rows: async (runId: string): Promise<RowOutcome[]> =>
      everyPage(
        (cursor) =>
          get(
            `/api/pipeline-runs/${runId}/rows${query({ after: cursor ?? '0', limit: 2_000 })}`,
            runRowsSchema,
          ),
        ({ rows, nextAfter }) => ({ items: rows, nextCursor: nextAfter === null ? null : String(nextAfter) }),
      ),

    drafts: (status: string) =>
      everyPage(
        (cursor) => get(`/api/drafts${query({ status, cursor, limit: pageSize })}`, draftListSchema),
        ({ drafts, nextCursor }) => ({ items: drafts, nextCursor }),
      ),
    draftPage: (status: string, limit: number) =>
      get(`/api/drafts${query({ status, limit })}`, draftListSchema),
    draft: (draftId: string) => get(`/api/drafts/${draftId}`, draftAnswerSchema),
    approveDraft: (draftId: string, contentDigest: string) =>
      post(`/api/drafts/${draftId}/approve`, { contentDigest }, draftAnswerSchema),
    /** With `contentDigest` only the text it names: refused when the draft has another one by then. */
    rejectDraft: (draftId: string, decision: { contentDigest?: string; tag: string; reason: string }) =>
      post(`/api/drafts/${draftId}/reject`, decision, draftAnswerSchema),
    editDraft: (draftId: string, edit: { contentDigest: string; subject: string; body: string }) =>
      post(`/api/drafts/${draftId}/edit`, edit, draftAnswerSchema),
    endDraft: (
      draftId: string,
      how: 'recall' | 'withdraw',
      decision: { contentDigest?: string; reason: string },
    ) => post(`/api/drafts/${draftId}/${how}`, decision, draftAnswerSchema),

    freezeBatch: (request: {
      motion: string;
      dryRun: boolean;
      limit?: number;
      draftIds?: readonly string[];
      drafts?: readonly ScopedDraft[];
    }) => post('/api/batches', request, frozenBatchSchema),
    batches: (limit: number) => get(`/api/batches${query({ limit })}`, batchListSchema),
    batch: (batchId: string) => get(`/api/batches/${batchId}`, batchAnswerSchema),
    previewItems: (batchId: string): Promise<PreviewItem[]> =>
      everyPage(
        (cursor) =>
          get(`/api/batches/${batchId}/preview${query({ cursor, limit: pageSize })}`, batchPreviewSchema),
        ({ items, nextCursor }) => ({ items, nextCursor }),
      ),
    approveBatch: (batchId: string, previewHash: string) =>
      post(`/api/batches/${batchId}/approve`, { previewHash }, batchAnswerSchema),
    closeBatch: (batchId: string, how: 'reject' | 'revoke', reason: string) =>
      post(`/api/batches/${batchId}/${how}`, { reason }, batchAnswerSchema),
    executeBatch: (batchId: string) =>
      client.call({ method: 'POST', path: `/api/batches/${batchId}/execute` }, executedBatchSchema),
    receipts: (batchId: string): Promise<Receipt[]> =>
      everyPage(
        (cursor) =>
          get(`/api/batches/${batchId}/receipts${query({ cursor, limit: pageSize })}`, receiptListSchema),
        ({ receipts, nextCursor }) => ({ items: receipts, nextCursor }),
      ),
    evidence: (actionId: string) => get(`/api/actions/${actionId}/evidence`, evidenceSchema),

    takeBack: (actionId: string, reason: string) =>
      post(`/api/actions/${actionId}/take-back`, { reason }, takeBackAnswerSchema),
    activateBatch: (batchId: string) =>
      client.call({ method: 'POST', path: `/api/batches/${batchId}/activate` }, activatedBatchSchema),
    removeCampaigns: (batchId: string, reason: string) =>
      post(`/api/batches/${batchId}/remove-campaigns`, { reason }, removedCampaignsSchema),
    pauseProviders: (reason: string) => post('/api/providers/pause', { reason }, pausedProvidersSchema),
    recall: (id: string, reason: string) => post('/api/recall', { id, reason }, recallAnswerSchema),

    unknown: () => get('/api/reconcile', unknownListSchema),
    unknownAction: (actionId: string) => get(`/api/reconcile/${actionId}`, unknownDetailSchema),
    decideUnknown: (actionId: string, decision: DecideUnknownRequest) =>
      post(`/api/reconcile/${actionId}/decision`, decision, decideUnknownAnswerSchema),

    ramp: () => get('/api/ramp', rampAnswerSchema),
    graduateRamp: (reason: string) => post('/api/ramp/graduate', { reason }, rampAnswerSchema),
    rampEvidence: (day: string) => get(`/api/ramp/evidence${query({ day })}`, rampEvidenceSchema),
    halt: () => get('/api/halt', haltAnswerSchema),
    setHalt: (reason: string) => post('/api/halt', { reason }, haltAnswerSchema),
    liftHalt: (reason: string) => post('/api/halt/lift', { reason }, haltAnswerSchema),

    suppress: (person: string, reason: string, source: string) =>
      post('/api/suppressions', { person, reason, source }, suppressAnswerSchema),
    liftSuppression: (request: {
      person: string;
      consentEvidence: string;
      obtainedAt: string;
      reason: string;
    }) => post('/api/suppressions/lift', request, liftedAnswerSchema),
    exportSubject: (person: string) => post('/api/subjects/export', { person }, subjectExportSchema),
    eraseSubject: (request: { person: string; reason: string; apply: boolean }) =>
      post('/api/subjects/erase', request, erasedSubjectSchema),
    /** The difference, with every message that it would block. */
    previewListImport: async (list: BarredList, file: ImportedFile) => {
      const page = (cursor: string | null) =>
        post(
          `/api/${list}/imports/preview`,
          { ...file, limit: pageSize, ...(cursor === null ? {} : { cursor }) },
          listDiffSchema,
        );
      const first = await page(null);
      const { nextCursor } = first.wouldBlock;
      if (nextCursor === null) return first;
      const rest = await everyPage(
        (cursor) => page(cursor ?? nextCursor),
        ({ wouldBlock }) => wouldBlock,
      );
      const items = [...first.wouldBlock.items, ...rest];
      return { ...first, wouldBlock: { ...first.wouldBlock, items, nextCursor: null } };
    },
    applyListImport: (list: BarredList, file: ImportedFile & { diffDigest: string }) =>
      post(`/api/${list}/imports`, file, appliedListImportSchema),
    whatIf: async (
      who: { exclude: readonly string[]; suppress: readonly string[] },
      pages: 'first' | 'every',
    ) => {
      const page = (cursor: string | null) =>
        post(
          '/api/what-if',
          { ...who, limit: pageSize, ...(cursor === null ? {} : { cursor }) },
          whatIfSchema,
        );
      const first = await page(null);
      if (pages === 'first' || first.nextCursor === null) return first;
      const rest = await everyPage(
        (cursor) => page(cursor ?? first.nextCursor),
        (next) => next,
      );
      return { ...first, items: [...first.items, ...rest], nextCursor: null };
    },
    customers: () => get('/api/customers', customersAnswerSchema),
    syncCustomers: () => post('/api/customers/sync', undefined, syncedCustomersSchema),
    acceptCustomers: (digest: string, reason: string) =>
      post('/api/customers/accept', { digest, reason }, syncedCustomersSchema),
    findPerson: (person: string) => post('/api/people/find', { person }, personRecordSchema),
    suppressions: () =>
      everyPage(
        (cursor) => get(`/api/suppressions${query({ cursor, limit: pageSize })}`, suppressionListSchema),
        ({ suppressions, nextCursor }) => ({ items: suppressions, nextCursor }),
      ),
    changeExclusions: (change: {
      add: readonly { key: string; kind: string; note: string }[];
      remove: readonly string[];
      source: string;
      dryRun?: boolean;
    }) => post('/api/exclusions', change, changeExclusionsAnswerSchema),
    exclusions: () =>
      everyPage(
        (cursor) => get(`/api/exclusions${query({ cursor, limit: pageSize })}`, exclusionListSchema),
        ({ exclusions, nextCursor }) => ({ items: exclusions, nextCursor }),
      ),

    /** Asks on until the whole audit was checked; each answer covers some thousand rows. */
    /** Hands the lines of an export to `take`, in order, a page at a time. `from` and `to` are ISO instants. */
    exportAudit: async (
      options: { readonly from?: string; readonly to?: string },
      take: (lines: readonly ExportedLine[]) => Promise<void>,
    ): Promise<void> => {
      for (let search = query(options); ;) {
        const page = await get(`/api/audit/export${search}`, exportedPageSchema);
        await take(page.lines);
        if (page.nextCursor === null) return;
        search = query({ cursor: page.nextCursor });
      }
    },
    retireAudit: (before: string, dryRun: boolean): Promise<AuditRetirement> =>
      post('/api/audit/retire', { before, dryRun }, auditRetirementSchema),
    verifyAudit: async (
      options: {
        readonly head?: string;
        readonly onProgress?: (check: Extract<AuditCheck, { state: 'checking' }>) => void;
      } = {},
    ): Promise<AuditVerdict> => {
      for (let search = query({ head: options.head }); ;) {
        const check = await get(`/api/audit/verify${search}`, auditCheckSchema);
        if (check.state === 'checked') return check;
        options.onProgress?.(check);
        search = query({ cursor: check.cursor });
      }
    },
  };
};

export type OutreachApi = ReturnType<typeof createOutreachApi>;
