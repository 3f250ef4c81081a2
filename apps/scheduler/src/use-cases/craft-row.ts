import {
  type Judgement,
  type Lead,
  type PipelineRun,
  type RowOutcome,
  type RowVerdict,
  submitDraftJobSchema,
} from '@caio/contracts';
import { type Drafter, identityKeysOf } from '@caio/outreach-core';
import type { QueuedJob } from '@caio/state-store';
import type { LeadRow } from '../lead-file/lead-row.ts';

/** What became of a row here; with a job, the gate has the last word on it. */
export interface CraftedRow {
  readonly outcome: RowOutcome;
  readonly job: QueuedJob<'drafts'> | null;
}

type GoodRow = Extract<LeadRow, { kind: 'lead' }>;
type BadRow = Extract<LeadRow, { kind: 'bad_row' }>;

export const badRowOutcome = (row: BadRow): RowOutcome => ({
  line: row.line,
  physicalLine: row.physicalLine,
  email: row.email,
  verdict: 'bad_row',
  tier: null,
  score: null,
  reasons: ['unreadable_row'],
  problems: row.problems,
});

/**
 * Judges and drafts the rows of one pass over a file, in their order: it remembers who was seen before and which
 * texts colleagues get. The same rows give the same jobs, so a pass made again adds nothing.
 */
export const createRowCrafter = (
  run: Pick<PipelineRun, 'runId' | 'correlationId'>,
  deps: { drafter: Drafter; judge: (lead: Lead) => Judgement },
) => {
  const seen = new Set<string>();
  const templates = new Map<string, string[]>();

  const isKnown = (lead: Lead): boolean => {
    const keys = identityKeysOf(lead);
    const known = keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return known;
  };

  const decided = (
    { line, physicalLine, lead, problems }: GoodRow,
    verdict: RowVerdict,
    judgement: Pick<Judgement, 'tier' | 'score'> | null,
    reasons: readonly string[],
  ): CraftedRow => ({
    outcome: {
      line,
      physicalLine,
      email: lead.email,
      verdict,
      tier: judgement?.tier ?? null,
      score: judgement?.score ?? null,
      reasons: [...reasons],
      ...(problems.length === 0 ? {} : { problems }),
    },
    job: null,
  });

  const draft = async (row: GoodRow, judgement: Judgement): Promise<CraftedRow> => {
    const { lead, line } = row;
    const company = lead.companyDomain ?? lead.company?.toLowerCase() ?? '';
    const taken = templates.get(company) ?? [];
    const text = await deps.drafter.draft({
      lead,
      tier: judgement.tier,
      motion: 'outbound',
      step: 1,
      evidence: [],
      takenTemplateIds: taken,
    });
    if (!text.ok) return decided(row, 'parked', judgement, [...judgement.reasons, text.ruleId]);
    const sourceKey = `${run.runId}-${line}`;
    const payload = submitDraftJobSchema.safeParse({
      submission: {
        sourceKey,
        motion: 'outbound',
        channel: 'email',
        lead,
        subject: text.subject,
        body: text.body,
        claims: text.claims,
        templateId: text.templateId,
      },
      origin: { kind: 'run', runId: run.runId, line },
      correlationId: run.correlationId,
    });
    // The gate would throw such a job away without an answer, and the run would wait for one in vain.
    if (!payload.success)
      return decided(row, 'parked', judgement, judgement.reasons.concat(['text_too_large']));
    if (text.templateId !== null) templates.set(company, [...taken, text.templateId]);
    const { outcome } = decided(row, 'drafted', judgement, judgement.reasons);
    return { outcome, job: { id: sourceKey, payload: payload.data } };
  };

  return async (row: GoodRow | BadRow): Promise<CraftedRow> => {
    if (row.kind === 'bad_row') return { outcome: badRowOutcome(row), job: null };
    if (isKnown(row.lead)) return decided(row, 'duplicate', null, ['same_person_earlier_in_file']);
    const judgement = deps.judge(row.lead);
    if (judgement.verdict === 'disqualified')
      return decided(row, 'disqualified', judgement, judgement.reasons);
    if (row.lead.email === null)
      return decided(row, 'parked', judgement, [...judgement.reasons, 'recipient_unreachable']);
    return draft(row, judgement);
  };
};
