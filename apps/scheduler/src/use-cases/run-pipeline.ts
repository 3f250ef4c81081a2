import type {
  DraftSubmission,
  IntakeAnswer,
  Judgement,
  Lead,
  PipelineRun,
  RowOutcome,
  RowVerdict,
  SubmitDraftJob,
} from '@caio/contracts';
import { type Drafter, identityKeysOf } from '@caio/outreach-core';
import type { JobQueue, QueuedJob, RunStore } from '@caio/state-store';
import type { Logger, Traces } from '@caio/trace-envelope';
import { openLeadFile } from '../lead-file/lead-file.ts';
import type { LeadRow } from '../lead-file/lead-row.ts';

export interface RunPipelineDependencies {
  readonly runs: RunStore;
  readonly drafts: Pick<JobQueue<'drafts'>, 'addMany'>;
  readonly drafter: Drafter;
  readonly judge: (lead: Lead) => Judgement;
  /** What the gate said so far to the rows of a run. */
  readonly intakeAnswers: {
    readonly count: (runId: string, correlationId: string) => Promise<number>;
    readonly all: (runId: string, correlationId: string) => Promise<ReadonlyMap<number, IntakeAnswer>>;
  };
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly logger: Logger;
  readonly traces: Traces;
  readonly now: () => number;
}

/** Rows read, judged and drafted before they are stored and handed on together. */
const chunkRows = 250;
const answersPollMs = 100;
const answersPatienceMs = 600_000;

const verdictOf: Record<IntakeAnswer['outcome'], RowVerdict> = {
  accepted: 'drafted',
  parked: 'parked',
  duplicate: 'duplicate',
  excluded: 'excluded',
  disqualified: 'disqualified',
};

type Crafted =
  | { readonly kind: 'decided'; readonly outcome: RowOutcome }
  | { readonly kind: 'handed_on'; readonly outcome: RowOutcome; readonly job: QueuedJob<'drafts'> };

/**
 * One lead file from its first row to the gate's last answer: ingest, judge, craft, hand over. Running it again
 * after a crash reads the same bytes, makes the same jobs and adds nothing.
 */
export const createRunPipeline = (deps: RunPipelineDependencies) => {
  /** State of one pass over a file: who was seen, and which texts colleagues already get. */
  const startPass = (run: PipelineRun) => ({
    run,
    seen: new Map<string, number>(),
    templates: new Map<string, string[]>(),
    handedOn: new Map<number, RowOutcome>(),
    counts: new Map<RowVerdict, number>(),
  });
  type Pass = ReturnType<typeof startPass>;

  const duplicateOf = (pass: Pass, lead: Lead, line: number): number | null => {
    const keys = identityKeysOf(lead);
    const first = keys.map((key) => pass.seen.get(key)).find((earlier) => earlier !== undefined);
    for (const key of keys) if (!pass.seen.has(key)) pass.seen.set(key, line);
    return first ?? null;
  };

  const submissionOf = (
    pass: Pass,
    row: { line: number; lead: Lead },
    text: { subject: string; body: string; claims: DraftSubmission['claims']; templateId: string | null },
  ): SubmitDraftJob => ({
    submission: {
      sourceKey: `${pass.run.runId}-${row.line}`,
      motion: 'outbound',
      channel: 'email',
      lead: row.lead,
      subject: text.subject,
      body: text.body,
      claims: text.claims,
      templateId: text.templateId,
    },
    origin: { kind: 'run', runId: pass.run.runId, line: row.line },
    correlationId: pass.run.correlationId,
  });

  const craft = async (pass: Pass, row: Extract<LeadRow, { kind: 'lead' }>): Promise<Crafted> => {
    const { line, physicalLine, lead, problems } = row;
    const decided = (
      verdict: RowVerdict,
      judgement: Pick<Judgement, 'tier' | 'score'> | null,
      reasons: readonly string[],
    ): RowOutcome => ({
      line,
      physicalLine,
      email: lead.email,
      verdict,
      tier: judgement?.tier ?? null,
      score: judgement?.score ?? null,
      reasons: [...reasons],
      ...(problems.length === 0 ? {} : { problems }),
    });
    const earlier = duplicateOf(pass, lead, line);
    if (earlier !== null)
      return { kind: 'decided', outcome: decided('duplicate', null, ['same_person_earlier_in_file']) };
    const judgement = deps.judge(lead);
    if (judgement.verdict === 'disqualified') {
      return { kind: 'decided', outcome: decided('disqualified', judgement, judgement.reasons) };
    }
    if (lead.email === null)
      return { kind: 'decided', outcome: decided('parked', judgement, judgement.reasons) };
    const company = lead.companyDomain ?? lead.company?.toLowerCase() ?? '';
    const text = await deps.drafter.draft({
      lead,
      tier: judgement.tier,
      motion: 'outbound',
      step: 1,
      evidence: [],
      takenTemplateIds: pass.templates.get(company) ?? [],
    });
    if (!text.ok)
      return { kind: 'decided', outcome: decided('parked', judgement, [...judgement.reasons, text.ruleId]) };
    if (text.templateId !== null)
      pass.templates.set(company, [...(pass.templates.get(company) ?? []), text.templateId]);
    return {
      kind: 'handed_on',
      outcome: decided('drafted', judgement, judgement.reasons),
      job: { id: `${pass.run.runId}-${line}`, payload: submissionOf(pass, row, text) },
    };
  };

  const badRow = (row: Extract<LeadRow, { kind: 'bad_row' }>): Crafted => ({
    kind: 'decided',
    outcome: {
      line: row.line,
      physicalLine: row.physicalLine,
      email: row.email,
      verdict: 'bad_row',
      tier: null,
      score: null,
      reasons: ['unreadable_row'],
      problems: row.problems,
    },
  });

  const count = (pass: Pass, outcome: RowOutcome): void => {
    pass.counts.set(outcome.verdict, (pass.counts.get(outcome.verdict) ?? 0) + 1);
  };

  const saveProgress = async (pass: Pass, change: Partial<PipelineRun>): Promise<void> => {
    pass.run = { ...pass.run, ...change, counts: Object.fromEntries(pass.counts) };
    await deps.runs.save(pass.run);
  };

  const flush = async (pass: Pass, crafted: readonly Crafted[]): Promise<void> => {
    const decided = crafted.filter((row) => row.kind === 'decided').map(({ outcome }) => outcome);
    decided.forEach((outcome) => count(pass, outcome));
    for (const row of crafted) if (row.kind === 'handed_on') pass.handedOn.set(row.outcome.line, row.outcome);
    await deps.runs.saveRows(pass.run.runId, decided);
    await deps.drafts.addMany(crafted.flatMap((row) => (row.kind === 'handed_on' ? [row.job] : [])));
    await saveProgress(pass, {
      rowsRead: pass.run.rowsRead + crafted.length,
      rowsDone: pass.run.rowsDone + decided.length,
    });
  };

  const fail = async (pass: Pass, error: PipelineRun['error']): Promise<void> => {
    await saveProgress(pass, { status: 'failed', finishedAt: new Date(deps.now()).toISOString(), error });
    await deps.runs.dropUpload(pass.run.runId);
    deps.logger.warn({ runId: pass.run.runId, code: error?.code }, 'the lead file was refused');
  };

  const open = (pass: Pass) =>
    openLeadFile(deps.runs.upload(pass.run.runId), { fileName: pass.run.fileName, map: pass.run.overrides });

  /** With `--strict` one bad row refuses the file: everything is read once before anything is handed on. */
  const strictProblem = async (pass: Pass): Promise<PipelineRun['error']> => {
    const opened = await open(pass);
    if (!opened.ok) return opened.problem;
    let bad = 0;
    for await (const row of opened.file.rows) {
      if (row.kind === 'file_problem') return row.problem;
      if (row.kind !== 'bad_row') continue;
      bad += 1;
      const { outcome } = badRow(row);
      count(pass, outcome);
      await deps.runs.saveRows(pass.run.runId, [outcome]);
    }
    return bad === 0
      ? null
      : {
          code: 'strict_refused',
          message: `${bad} row${bad === 1 ? '' : 's'} of this file cannot be read, and --strict was asked for. Nothing was taken.`,
          fix: 'Correct the rows listed, or leave --strict out to take the good ones.',
        };
  };

  const awaitAnswers = async (pass: Pass): Promise<ReadonlyMap<number, IntakeAnswer>> => {
    const { runId, correlationId } = pass.run;
    const giveUpAt = deps.now() + answersPatienceMs;
    for (let poll = 0; ; poll += 1) {
      const answered = await deps.intakeAnswers.count(runId, correlationId);
      if (answered >= pass.handedOn.size) return deps.intakeAnswers.all(runId, correlationId);
      if (deps.now() > giveUpAt)
        throw new Error(`${pass.handedOn.size - answered} drafts of ${runId} wait for the gatekeeper`);
      await deps.pause(Math.min(answersPollMs * (1 + poll), 1_000));
    }
  };

  const applyAnswers = async (pass: Pass, answers: ReadonlyMap<number, IntakeAnswer>): Promise<void> => {
    const outcomes: RowOutcome[] = [];
    for (const [line, outcome] of pass.handedOn) {
      const answer = answers.get(line);
      if (answer === undefined)
        throw new Error(`the gatekeeper has no answer for line ${line} of ${pass.run.runId}`);
      outcomes.push({ ...outcome, verdict: verdictOf[answer.outcome], reasons: answer.reasons });
    }
    for (let start = 0; start < outcomes.length; start += chunkRows) {
      const chunk = outcomes.slice(start, start + chunkRows);
      chunk.forEach((outcome) => count(pass, outcome));
      await deps.runs.saveRows(pass.run.runId, chunk);
    }
  };

  const pass = async (run: PipelineRun): Promise<void> => {
    const state = startPass({ ...run, status: 'running', rowsRead: 0, rowsDone: 0 });
    if (run.strict) {
      const problem = await strictProblem(state);
      if (problem !== null) return fail(state, problem);
    }
    const opened = await open(state);
    if (!opened.ok) return fail(state, opened.problem);
    const { file } = opened;
    await saveProgress(state, {
      status: 'running',
      format: file.format,
      mapping: file.mapping,
      ignoredColumns: file.ignoredColumns,
    });
    let chunk: Crafted[] = [];
    for await (const row of file.rows) {
      if (row.kind === 'file_problem') {
        await flush(state, chunk);
        return fail(state, row.problem);
      }
      chunk.push(row.kind === 'bad_row' ? badRow(row) : await craft(state, row));
      if (chunk.length >= chunkRows) {
        await flush(state, chunk);
        chunk = [];
      }
    }
    await flush(state, chunk);
    await saveProgress(state, { mapping: file.mapping, ignoredColumns: file.ignoredColumns });
    if (state.handedOn.size > 0) await applyAnswers(state, await awaitAnswers(state));
    await saveProgress(state, {
      status: 'done',
      rowsDone: state.run.rowsRead,
      finishedAt: new Date(deps.now()).toISOString(),
    });
    await deps.runs.dropUpload(run.runId);
    deps.logger.info(
      { runId: run.runId, rows: state.run.rowsRead, counts: state.run.counts },
      'the pipeline run is done',
    );
  };

  return async ({ runId }: { runId: string }): Promise<void> => {
    const run = await deps.runs.read(runId);
    if (run === null || run.status === 'done' || run.status === 'failed') return;
    await deps.traces.traced(
      { agent: 'scheduler', tool: 'pipeline.run', input: { runId, strict: run.strict } },
      () => pass(run),
    );
  };
};
