import { join, resolve } from 'node:path';
import { createPseudonymiser, createUnsubscribeTokens } from '@caio/auth';
import {
  batchIdSchema,
  type DispatchActionJob,
  type Draft,
  type DraftId,
  type DraftSubmission,
  type Lead,
  type Policy,
} from '@caio/contracts';
import { createLeadJudge, createPackDrafter } from '@caio/outreach-core';
import { createFaultPoints, type FaultPoints, loadCompany } from '@caio/service-kit';
import {
  createActionStore,
  createAuditLog,
  createBatchStore,
  createDraftStore,
  createEvidenceStore,
  createGateLists,
  createStoreLifecycle,
  type StoreSession,
} from '@caio/state-store';
import { buildLead, buildPolicy, createIdSource as createTestIds } from '@caio/test-kit';
import { createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import { createAttemptsInHand } from '../attempts-in-hand.ts';
import { createIdSource } from '../ids.ts';
import type { ProviderAdapter } from '../provider-port.ts';
import { createAdapterChoice } from '../providers/adapters.ts';
import { createRampParts } from '../ramp-parts.ts';
import { createRulesInForce, type RulesInForce } from '../rules-in-force.ts';
import { createSeals } from '../seals.ts';
import { createDispatchAction, type DispatchDependencies } from '../use-cases/dispatch-action.ts';
import { createExecuteBatch } from '../use-cases/execute-batch.ts';
import { createFreezeBatch } from '../use-cases/freeze-batch.ts';
import { createRejectBatch } from '../use-cases/reject-batch.ts';
import { createReviewDraft } from '../use-cases/review-draft.ts';
import { createGuardMessage, createSubmitDraft } from '../use-cases/submit-draft.ts';
import { createTestLog, openRealStore } from './real-store.ts';

const treeRoot = resolve(__dirname, '../../../..');

/** Keys and secrets of a test, of the length the real ones need. */
export const testSecrets = {
  pseudonym: 'a pseudonym key that only tests ever use',
  unsubscribe: 'an unsubscribe secret only tests ever use',
  auditSeal: 'an audit seal key that only tests ever use',
} as const;

export interface BenchOptions {
  readonly policy?: Partial<Policy>;
  readonly policyVersion?: string;
  readonly mode?: RulesInForce['deliveryModes']['email'];
  readonly emergencyStop?: boolean;
  /** The adapter of the e-mail channel; without one nobody serves it. */
  readonly provider?: ProviderAdapter;
  /** The adapter of the LinkedIn channel, in whose mode the channel is then. */
  readonly linkedin?: ProviderAdapter;
  readonly faults?: FaultPoints;
  /** The store of an environment that is there already, for a second process in it. */
  readonly session?: StoreSession;
}

const noFaults = createFaultPoints([]);

/** The gatekeeper's use cases on one real Redis per test file; `createBench` opens an environment of its own. */
export const openGateBenches = async (options: { readonly root?: string } = {}) => {
  const store = await openRealStore();
  const copyPackDir = join(options.root ?? treeRoot, 'config', 'copy-pack', 'harbor-pine');
  const loaded = loadCompany(copyPackDir, { environment: 'test' });
  const company = { pack: loaded.pack, judge: createLeadJudge(loaded.icp) };
  const drafter = createPackDrafter(loaded.pack);
  const testIds = createTestIds(77);
  const ids = createIdSource(testIds.ulid);
  const seals = createSeals({ key: testSecrets.auditSeal, environment: 'test' });
  const pseudonym = createPseudonymiser({ key: testSecrets.pseudonym });
  const unsubscribe = createUnsubscribeTokens({ secrets: [testSecrets.unsubscribe] });
  let people = 0;

  /** Somebody our pack would write to: another person at another company each time. */
  const leadOf = (overrides: Partial<Lead> = {}): Lead => {
    people += 1;
    const domain = `company${people}.example`;
    return buildLead({
      email: `ada.holm@${domain}`,
      firstName: 'Ada',
      lastName: 'Holm',
      fullName: 'Ada Holm',
      title: 'CEO',
      company: `Company ${people}`,
      companyDomain: domain,
      industry: 'Staffing & Recruiting',
      employees: { min: 120, max: 120 },
      linkedinUrl: null,
      ...overrides,
    });
  };

  /** What our pack would hand in for a lead; it passes every guard. */
  const submissionOf = async (
    lead: Lead,
    overrides: Partial<DraftSubmission> = {},
  ): Promise<DraftSubmission> => {
    const text = await drafter.draft({
      ...{ lead, tier: 'tier_1', motion: 'outbound', step: 1, evidence: [], takenTemplateIds: [] },
    });
    if (!text.ok) throw new Error(`no text for the test lead: ${text.message}`);
    return {
      sourceKey: `key-${testIds.ulid()}`,
      motion: 'outbound',
      channel: 'email',
      lead,
      subject: text.subject,
      body: text.body,
      claims: text.claims,
      templateId: text.templateId,
      ...overrides,
    };
  };

  const createBench = async (options: BenchOptions = {}) => {
    const session = options.session ?? (await store.openSession());
    const log = createTestLog();
    let aheadMs = 0;
    const now = (): number => Date.now() + aheadMs;
    const stores = {
      drafts: createDraftStore(session),
      batches: createBatchStore(session),
      actions: createActionStore(session),
      lists: createGateLists(session),
      lifecycle: createStoreLifecycle(session),
      evidence: createEvidenceStore(session),
      audit: createAuditLog(session),
    };
    const mode = options.mode ?? 'sandbox';
    const rules = createRulesInForce({
      environment: 'test',
      policy: buildPolicy(options.policy),
      policyVersion: options.policyVersion ?? 'policy-1',
      copyPackVersion: loaded.pack.version,
      deliveryModes: { email: mode, linkedin: options.linkedin?.mode ?? 'log-only' },
      emergencyStop: options.emergencyStop ?? false,
    });
    const { provider: mail, linkedin } = options;
    const adapters = createAdapterChoice({
      ...(mail === undefined ? {} : { cold_email: mail, warm_email: mail }),
      ...(linkedin === undefined ? {} : { cold_linkedin: linkedin }),
    });
    const guardMessage = createGuardMessage({ ...stores, rules, company, pseudonym });
    const submitDraft = createSubmitDraft({
      ...{ ...stores, rules, company, ids, pseudonym },
      unsubscribeUrlOf: (personKey) => `https://links.example/u/${unsubscribe.issue(personKey)}`,
    });
    const reviewDraft = createReviewDraft({ ...stores, rules, guardMessage, pseudonym });
    const rampParts = createRampParts({
      ...{ ...stores, session, rules, logger: log.logger },
      newCorrelationId: testIds.correlationId,
    });
    const freezeBatch = createFreezeBatch({
      ...{ ...stores, rules, ids, seals, pseudonym, ...rampParts },
      providerOf: adapters.providerOf,
    });
    const executeBatch = createExecuteBatch({
      ...{ ...stores, rules, ids, seals, logger: log.logger, faults: noFaults },
      enqueueDue: () => Promise.resolve(0),
    });
    const rejectBatch = createRejectBatch({ ...stores, reviewDraft, freezeBatch, ids });
    const traces = createTraces({
      writer: createTraceWriter({
        ...{ file: '', enabled: false, retentionDays: 1, cleanupEnabled: false },
        redactor: createRedactor(),
        now,
        onReport: () => undefined,
      }),
      redactor: createRedactor(),
      now,
      monotonicNow: () => performance.now(),
      newCorrelationId: testIds.correlationId,
    });
    const attempts = createAttemptsInHand();
    const dispatchWith = (overrides: Partial<DispatchDependencies> = {}) =>
      createDispatchAction({
        ...{ ...stores, rules, ids, seals, pseudonym, traces, now },
        adapterOf: adapters.adapterOf,
        processId: 'test-process',
        attempts,
        faults: options.faults ?? noFaults,
        logger: log.logger,
        monotonicMs: () => performance.now(),
        ...overrides,
      });
    const by = { actor: 'operator', correlationId: 'correlation-1' } as const;

    const submit = (submission: DraftSubmission) =>
      submitDraft({
        submission,
        origin: { kind: 'agent', agent: 'test-agent' },
        actor: 'test-agent',
        correlationId: by.correlationId,
      });
    const draftOf = async (draftId: DraftId | null): Promise<Draft> => {
      const draft = draftId === null ? null : await stores.drafts.read(draftId);
      if (draft === null) throw new Error(`there is no draft ${String(draftId)}`);
      return draft;
    };
    /** A stored draft that waits for a reviewer. */
    const pendingDraft = async (
      lead = leadOf(),
      overrides: Partial<DraftSubmission> = {},
    ): Promise<Draft> => {
      const answer = await submit(await submissionOf(lead, overrides));
      if (answer.outcome !== 'accepted') throw new Error(`the test draft was ${JSON.stringify(answer)}`);
      return draftOf(answer.draftId);
    };
    const approve = async (draft: Draft): Promise<Draft> => {
      await reviewDraft.approve({ ...by, draftId: draft.draftId, contentDigest: draft.contentDigest });
      return draftOf(draft.draftId);
    };
    const approvedDraft = async (lead = leadOf(), overrides: Partial<DraftSubmission> = {}) =>
      approve(await pendingDraft(lead, overrides));
    const approvedDrafts = async (count: number): Promise<Draft[]> => {
      const drafts: Draft[] = [];
      for (let number = 0; number < count; number += 1) drafts.push(await approvedDraft());
      return drafts;
    };
    const freeze = async (draftIds: readonly DraftId[] | null = null, limit: number | null = null) => {
      const outcome = await freezeBatch.freeze({ ...by, motion: 'outbound', draftIds, limit });
      if (outcome.outcome !== 'frozen') throw new Error(`the freeze came to ${outcome.outcome}`);
      return outcome;
    };
    const approveBatch = (batchId: string, previewHash: string) =>
      stores.batches.change({
        ...{ ...by, batchId, previewHash, command: 'approve', reason: '' },
        approvalSeal: seals.approval({ batchId, previewHash, approver: by.actor }),
      });
    const approvedBatch = async (count = 1) => {
      await approvedDrafts(count);
      const { frozen } = await freeze();
      await approveBatch(frozen.batchId, frozen.previewHash);
      return frozen;
    };
    /** A claimed batch and its jobs, in the order of the batch. */
    const executing = async (
      count = 1,
    ): Promise<{ batchId: string; jobs: DispatchActionJob[]; job: DispatchActionJob }> => {
      const { batchId, preview } = await approvedBatch(count);
      const outcome = await executeBatch({ ...by, batchId });
      if (outcome.outcome !== 'claimed') throw new Error(`the claim came to ${outcome.outcome}`);
      const order = preview.actions.map(({ actionId }) => actionId);
      const jobs = (await stores.actions.takeDue(count, 60_000)).sort(
        (a, b) => order.indexOf(a.actionId) - order.indexOf(b.actionId),
      );
      const job = jobs[0];
      if (job === undefined) throw new Error('an executing batch has a job');
      return { batchId: batchIdSchema.parse(batchId), jobs, job };
    };
    /** Batches that came after this one and have ended. */
    const endedCopiesOf = async (batchId: string, count: number): Promise<void> => {
      const pipeline = session.redis.pipeline();
      for (let number = 1; number <= count; number += 1) {
        const copy = ids.batch();
        pipeline.copy(session.keys.batch(batchId), session.keys.batch(copy));
        pipeline.hset(session.keys.batch(copy), 'batchId', copy, 'status', 'executed');
        pipeline.zadd(session.keys.batches, Date.now() + number, copy);
      }
      await pipeline.exec();
    };
    const receiptOf = async (actionId: string) => (await stores.actions.receipts([actionId]))[0];
    /** Without the store's own first row. */
    const auditRows = async () => (await stores.audit.rowsAfter('', 10_000)).slice(1).map(({ row }) => row);

    return {
      ...stores,
      ...{ attempts, session, redis: session.redis, keys: session.keys, log, rules, adapters, by, now },
      ...{ guardMessage, submitDraft, reviewDraft, freezeBatch, rejectBatch, executeBatch },
      ...{ dispatchWith, traces, rampParts, ...rampParts },
      ...{ submit, draftOf, pendingDraft, approve, approvedDraft, approvedDrafts, freeze },
      ...{ approveBatch, approvedBatch, executing, endedCopiesOf, receiptOf, auditRows },
      dispatch: dispatchWith(),
      /** Lets this process's clock run ahead; the store's does not move. */
      advance: (milliseconds: number): void => void (aheadMs += milliseconds),
    };
  };

  return {
    store,
    company,
    ids,
    testIds,
    seals,
    pseudonym,
    leadOf,
    submissionOf,
    createBench,
    close: store.close,
  };
};

export type GateBenches = Awaited<ReturnType<typeof openGateBenches>>;
export type GateBench = Awaited<ReturnType<GateBenches['createBench']>>;
