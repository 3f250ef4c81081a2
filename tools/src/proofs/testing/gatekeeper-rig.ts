import { randomUUID } from 'node:crypto';
import {
  batchAnswerSchema,
  type Draft,
  draftListSchema,
  type DraftSubmission,
  frozenBatchSchema,
  type Lead,
  type Receipt,
  receiptListSchema,
  submittedDraftsSchema,
} from '@caio/contracts';
import { createPackDrafter } from '@caio/outreach-core';
import { loadCompany } from '@caio/service-kit';
import { buildLead, waitFor } from '@caio/test-kit';
import { copyPackDir, createGatekeeperProcess, type RigOptions } from './gatekeeper-process.ts';

/** A gatekeeper process and what people and agents do with it, from a lead to the receipts of a batch. */
export const createGatekeeperRig = async (options: RigOptions) => {
  const gatekeeper = await createGatekeeperProcess(options);
  const { environment, must } = gatekeeper;
  const drafter = createPackDrafter(loadCompany(copyPackDir, { environment }).pack);

  let people = 0;
  const leadOf = (overrides: Partial<Lead> = {}): Lead => {
    people += 1;
    const domain = `company-${people}-${environment}.example`;
    return buildLead({
      email: `ada.holm@${domain}`,
      firstName: 'Ada',
      lastName: 'Holm',
      fullName: 'Ada Holm',
      title: 'CEO',
      company: `Company ${people} Agency`,
      companyDomain: domain,
      industry: 'Marketing & Advertising',
      employees: { min: 120, max: 120 },
      revenueUsd: { min: 30_000_000, max: 30_000_000 },
      linkedinUrl: `https://www.linkedin.com/in/ada-holm-${people}-${environment}`,
      ...overrides,
    });
  };

  const submissionOf = async (lead: Lead): Promise<DraftSubmission> => {
    const text = await drafter.draft({
      lead,
      tier: 'tier_1',
      motion: 'outbound',
      step: 1,
      evidence: [],
      takenTemplateIds: [],
    });
    if (!text.ok) throw new Error(`no text for the test lead: ${text.message}`);
    return {
      sourceKey: `key-${randomUUID()}`,
      motion: 'outbound',
      channel: 'email',
      lead,
      subject: text.subject,
      body: text.body,
      claims: text.claims,
      templateId: text.templateId,
    };
  };

  const submit = async (submissions: readonly DraftSubmission[]) => {
    const lines = Buffer.from(submissions.map((submission) => JSON.stringify(submission)).join('\n'));
    return submittedDraftsSchema.parse(
      await must('POST', '/api/drafts', lines, { 'content-type': 'application/x-ndjson' }),
    );
  };

  const pending = async (): Promise<Draft[]> => {
    const drafts: Draft[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: ReturnType<typeof draftListSchema.parse> = draftListSchema.parse(
        await must('GET', `/api/drafts?status=pending&limit=500&cursor=${cursor}`),
      );
      drafts.push(...page.drafts);
      cursor = page.nextCursor;
    }
    return drafts;
  };

  const approve = (draft: Draft) =>
    must('POST', `/api/drafts/${draft.draftId}/approve`, { contentDigest: draft.contentDigest });

  /** `count` new people with an approved text each. */
  const approvedDrafts = async (
    count: number,
    leads: readonly Lead[] = Array.from({ length: count }, () => leadOf()),
  ): Promise<Draft[]> => {
    await submit(await Promise.all(leads.map(submissionOf)));
    const drafts = await pending();
    for (let at = 0; at < drafts.length; at += 20) await Promise.all(drafts.slice(at, at + 20).map(approve));
    return drafts;
  };

  const freeze = async () => {
    const frozen = frozenBatchSchema.parse(await must('POST', '/api/batches', { motion: 'outbound' }));
    if (frozen.batch === null) throw new Error('the freeze stored nothing');
    return {
      batchId: frozen.batch.batchId,
      previewHash: frozen.previewHash,
      preview: frozen.preview,
      leftOut: frozen.leftOut,
    };
  };

  const approvedBatch = async (count: number) => {
    await approvedDrafts(count);
    const batch = await freeze();
    await must('POST', `/api/batches/${batch.batchId}/approve`, { previewHash: batch.previewHash });
    return batch;
  };

  const batchOf = async (batchId: string) =>
    batchAnswerSchema.parse(await must('GET', `/api/batches/${batchId}`)).batch;

  const receipts = async (batchId: string): Promise<Receipt[]> => {
    const all: Receipt[] = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: ReturnType<typeof receiptListSchema.parse> = receiptListSchema.parse(
        await must('GET', `/api/batches/${batchId}/receipts?limit=500&cursor=${cursor}`),
      );
      all.push(...page.receipts);
      cursor = page.nextCursor;
    }
    return all;
  };

  const finished = (batchId: string, timeoutMs = 60_000) =>
    waitFor(
      async () => {
        const batch = await batchOf(batchId).catch(() => null);
        return batch !== null && batch.status !== 'executing' && batch.status !== 'approved' ? batch : null;
      },
      { timeoutMs, describe: () => `batch ${batchId} to finish` },
    );

  /** What the provider was handed for this rig's environment. */
  const handedOver = () =>
    options.simulator.log().filter((entry) => entry.campaignName.includes(environment));

  return {
    ...gatekeeper,
    leadOf,
    submissionOf,
    submit,
    pending,
    approve,
    approvedDrafts,
    freeze,
    approvedBatch,
    batchOf,
    receipts,
    finished,
    handedOver,
  };
};

export type GatekeeperRig = Awaited<ReturnType<typeof createGatekeeperRig>>;
