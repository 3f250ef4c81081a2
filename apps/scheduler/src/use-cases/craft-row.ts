import {
  type Judgement,
  type Lead,
  type PipelineRun,
  type RowOutcome,
  type RowVerdict,
  type SubmitDraftJob,
  submitDraftJobSchema,
} from '@caio/contracts';
import { type Drafter, identityKeysOf } from '@caio/outreach-core';
import type { LeadRow } from '../lead-file/lead-row.ts';

/** What became of a row here; with a draft, the gate has the last word on it. */
export interface CraftedRow {
  readonly outcome: RowOutcome;
  readonly draft: SubmitDraftJob | null;
  /** Whom the row was judged without a draft; null where nobody was. Only the gate knows whether they are excluded. */
  readonly refused: Lead | null;
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
    missing: readonly string[] = [],
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
      ...(missing.length === 0 ? {} : { missing: [...missing] }),
    },
    draft: null,
    refused: judgement === null ? null : lead,
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
    if (!text.ok) return decided(row, 'parked', judgement, [...judgement.reasons, text.ruleId], text.missing);
    const payload = submitDraftJobSchema.safeParse({
      submission: {
        sourceKey: `${run.runId}-${line}`,
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
    return { outcome, draft: payload.data, refused: null };
  };

  return async (row: GoodRow | BadRow): Promise<CraftedRow> => {
    if (row.kind === 'bad_row') return { outcome: badRowOutcome(row), draft: null, refused: null };
    if (isKnown(row.lead)) return decided(row, 'duplicate', null, ['same_person_earlier_in_file']);
    const judgement = deps.judge(row.lead);
    // Nobody asks for a text before a person has settled what is open: the answer would hide why the lead is parked.
    if (judgement.verdict !== 'qualified')
      return decided(row, judgement.verdict, judgement, judgement.reasons);
    return draft(row, judgement);
  };
};
