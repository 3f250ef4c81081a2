import type { IntakeAnswer, Judgement, Lead, PipelineRun, RowOutcome, RowVerdict } from '@caio/contracts';
import type { Drafter } from '@caio/outreach-core';
import type { JobQueue, RunStore } from '@caio/state-store';
import type { Logger, Traces } from '@caio/trace-envelope';
import type { IntakeAnswers } from '../intake-answers.ts';
import { openLeadFile } from '../lead-file/lead-file.ts';
import { afterTaking } from '../lead-file/lead-file-problem.ts';
import { badRowOutcome, type CraftedRow, createRowCrafter } from './craft-row.ts';
import { draftJobsOf } from './draft-jobs.ts';
import { answersPatienceMs, answersPollMs, createExclusionsFirst } from './exclusions-first.ts';

export interface RunPipelineDependencies {
  readonly runs: RunStore;
  readonly drafts: Pick<JobQueue<'drafts'>, 'addMany'>;
  readonly drafter: Drafter;
  readonly judge: (lead: Lead) => Judgement;
  readonly intakeAnswers: IntakeAnswers;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly logger: Logger;
  readonly traces: Traces;
  readonly now: () => number;
}

type RunError = NonNullable<PipelineRun['error']>;

/** State of one pass over a file: the run as it is stored next, and the rows the gate has yet to answer to. */
interface Pass {
  run: PipelineRun;
  readonly handedOn: Map<number, RowOutcome>;
  /** How many of them the gate has answered to, as long as they have no verdict yet: people see the run go on. */
  answered: number;
  readonly counts: Map<RowVerdict, number>;
  readonly withoutDraft: Map<RowVerdict, Map<string, number>>;
}

/** Rows read, judged and drafted before they are stored and handed on together. */
const chunkRows = 250;

const verdictOf: Record<IntakeAnswer['outcome'], RowVerdict> = {
  accepted: 'drafted',
  parked: 'parked',
  duplicate: 'duplicate',
  excluded: 'excluded',
  disqualified: 'disqualified',
};

const addOne = <Key>(counts: Map<Key, number>, key: Key): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

/** A row whose draft the gate said nothing to. */
const unanswered = (outcome: RowOutcome): RowOutcome => ({
  ...outcome,
  verdict: 'parked',
  reasons: ['gate_silent'],
});

const answered = (outcome: RowOutcome, answer: IntakeAnswer): RowOutcome => ({
  ...outcome,
  verdict: verdictOf[answer.outcome],
  reasons: answer.reasons,
});

/**
 * One lead file from its first row to the gate's last answer: ingest, judge, craft, hand over. Running it again
 * after a crash reads the same bytes, makes the same jobs and adds nothing. Every row that was taken gets a verdict,
 * also when the rest of the file cannot be read.
 */
export const createRunPipeline = (deps: RunPipelineDependencies) => {
  const withExclusions = createExclusionsFirst(deps);

  const startPass = (run: PipelineRun): Pass => ({
    run: { ...run, status: 'running', rowsRead: 0, rowsDone: 0 },
    handedOn: new Map(),
    answered: 0,
    counts: new Map(),
    withoutDraft: new Map(),
  });

  const saveProgress = async (pass: Pass, change: Partial<PipelineRun>): Promise<void> => {
    const withoutDraft = Object.fromEntries(
      [...pass.withoutDraft].map(([verdict, reasons]) => [verdict, Object.fromEntries(reasons)]),
    );
    pass.run = { ...pass.run, ...change, counts: Object.fromEntries(pass.counts), withoutDraft };
    await deps.runs.save({ ...pass.run, rowsDone: pass.run.rowsDone + pass.answered });
  };

  const decide = async (
    pass: Pass,
    outcomes: readonly RowOutcome[],
    hasDraft: ReadonlySet<number> = new Set(),
  ): Promise<void> => {
    for (const outcome of outcomes) {
      const { verdict, line } = outcome;
      addOne(pass.counts, verdict);
      if (verdict === 'drafted' || hasDraft.has(line)) continue;
      const reasons = pass.withoutDraft.get(verdict) ?? new Map<string, number>();
      addOne(reasons, outcome.reasons.at(-1) ?? 'unexplained');
      pass.withoutDraft.set(verdict, reasons);
    }
    await deps.runs.saveRows(pass.run.runId, outcomes);
    const lastLine = Math.max(pass.run.lastLine, ...outcomes.map(({ line }) => line));
    pass.run = { ...pass.run, lastLine, rowsDone: pass.run.rowsDone + outcomes.length };
  };

  /** Asks how many of the rows handed on the gate has answered to; null when it does not say. */
  const countAnswers = async (pass: Pass): Promise<number | null> => {
    const { runId, correlationId } = pass.run;
    const count = await deps.intakeAnswers.count(runId, correlationId);
    if (count !== null) pass.answered = Math.min(count, pass.handedOn.size);
    return count;
  };

  const flush = async (pass: Pass, rows: readonly CraftedRow[]): Promise<void> => {
    await decide(
      pass,
      await withExclusions(
        rows.filter(({ draft }) => draft === null),
        pass.run.correlationId,
      ),
    );
    for (const { outcome, draft } of rows) if (draft !== null) pass.handedOn.set(outcome.line, outcome);
    await deps.drafts.addMany(draftJobsOf(pass.run.runId, rows));
    if (pass.handedOn.size > 0) await countAnswers(pass);
    await saveProgress(pass, { rowsRead: pass.run.rowsRead + rows.length });
  };

  const finish = async (pass: Pass, error: RunError | null): Promise<void> => {
    const { runId } = pass.run;
    const finishedAt = new Date(deps.now()).toISOString();
    await saveProgress(pass, { status: error === null ? 'done' : 'failed', finishedAt, error });
    await deps.runs.dropUpload(runId);
    const { rowsRead: rows, counts } = pass.run;
    if (error === null) deps.logger.info({ runId, rows, counts }, 'the pipeline run is done');
    else deps.logger.warn({ runId, rows, counts, code: error.code }, 'the pipeline run failed');
  };

  const open = ({ run }: Pass) =>
    openLeadFile(deps.runs.upload(run.runId), { fileName: run.fileName, map: run.overrides });

  /** With `--strict` one bad row refuses the file: everything is read once before anything is handed on. */
  const strictProblem = async (pass: Pass): Promise<RunError | null> => {
    const opened = await open(pass);
    if (!opened.ok) return opened.problem;
    let rowsRead = 0;
    let bad: RowOutcome[] = [];
    for await (const row of opened.file.rows) {
      if (row.kind === 'file_problem') {
        await decide(pass, bad);
        pass.run = { ...pass.run, rowsRead };
        return row.problem;
      }
      rowsRead += 1;
      if (row.kind === 'bad_row') bad.push(badRowOutcome(row));
      if (bad.length >= chunkRows) {
        await decide(pass, bad);
        bad = [];
      }
    }
    await decide(pass, bad);
    const count = pass.run.rowsDone;
    if (count === 0) return null;
    pass.run = { ...pass.run, rowsRead };
    return {
      code: 'strict_refused',
      message: `${count} row${count === 1 ? '' : 's'} of this file cannot be read, and --strict was asked for. Nothing was taken.`,
      fix: 'Correct the rows listed, or leave --strict out to take the good ones.',
    };
  };

  /** The answers to all rows handed on, or as many as there are when the gate stays silent for too long. */
  const awaitAnswers = async (pass: Pass): Promise<ReadonlyMap<number, IntakeAnswer>> => {
    const { runId, correlationId } = pass.run;
    const giveUpAt = deps.now() + answersPatienceMs;
    let known: ReadonlyMap<number, IntakeAnswer> = new Map();
    for (let poll = 0; ; poll += 1) {
      const isLate = deps.now() > giveUpAt;
      const count = await countAnswers(pass);
      await saveProgress(pass, {});
      if ((count ?? 0) >= pass.handedOn.size || (isLate && count !== null)) {
        known = (await deps.intakeAnswers.all(runId, correlationId)) ?? known;
        // Answers to rows that an earlier pass handed on, under other rules, count but are not asked for.
        if ([...pass.handedOn.keys()].every((line) => known.has(line))) return known;
      }
      if (isLate) return known;
      await deps.pause(Math.min(answersPollMs * (1 + poll), 500));
    }
  };

  /** Gives every row that was handed on its verdict. */
  const settle = async (pass: Pass): Promise<RunError | null> => {
    if (pass.handedOn.size === 0) return null;
    const answers = await awaitAnswers(pass);
    pass.answered = 0;
    const parked = new Set(
      [...answers].filter(([, { outcome }]) => outcome === 'parked').map(([line]) => line),
    );
    let silent = 0;
    const outcomes = [...pass.handedOn].map(([line, outcome]) => {
      const answer = answers.get(line);
      if (answer !== undefined) return answered(outcome, answer);
      silent += 1;
      return unanswered(outcome);
    });
    for (let start = 0; start < outcomes.length; start += chunkRows)
      await decide(pass, outcomes.slice(start, start + chunkRows), parked);
    return silent === 0
      ? null
      : {
          code: 'gate_silent',
          message: `The gatekeeper did not answer to ${silent} of ${outcomes.length} drafts in ${answersPatienceMs / 60_000} minutes.`,
          fix: 'See that the gatekeeper runs, then import the file again: whoever has a draft by then is recognised.',
        };
  };

  const pass = async (run: PipelineRun): Promise<void> => {
    const state = startPass(run);
    if (run.strict) {
      const problem = await strictProblem(state);
      if (problem !== null) return finish(state, problem);
    }
    const opened = await open(state);
    if (!opened.ok) return finish(state, opened.problem);
    const { file } = opened;
    const columns = () => ({ mapping: file.mapping, ignoredColumns: file.ignoredColumns });
    await saveProgress(state, { format: file.format, ...columns() });
    const craft = createRowCrafter(run, deps);
    let problem: RunError | null = null;
    let chunk: CraftedRow[] = [];
    for await (const row of file.rows) {
      if (row.kind === 'file_problem') {
        problem = afterTaking(row.problem, row.leadsAbove);
        break;
      }
      chunk.push(await craft(row));
      if (chunk.length < chunkRows) continue;
      await flush(state, chunk);
      chunk = [];
    }
    await flush(state, chunk);
    await saveProgress(state, columns());
    const silence = await settle(state);
    await finish(state, problem ?? silence);
  };

  const unfinished = async (runId: string): Promise<PipelineRun | null> => {
    const run = await deps.runs.read(runId);
    return run === null || run.status === 'done' || run.status === 'failed' ? null : run;
  };

  return {
    /** Carries a run out, or does nothing when that was done. Throws when a store fails: run it again then. */
    run: async ({ runId }: { runId: string }): Promise<void> => {
      const run = await unfinished(runId);
      if (run === null) return;
      await deps.traces.traced(
        { agent: 'scheduler', tool: 'pipeline.run', input: { runId, strict: run.strict } },
        () => pass(run),
      );
    },
    /** Ends a run that could not be carried out however often it was tried, so that nobody waits for it. */
    giveUp: async ({ runId }: { runId: string }): Promise<void> => {
      const run = await unfinished(runId);
      if (run === null) return;
      const finishedAt = new Date(deps.now()).toISOString();
      const error: RunError = {
        code: 'run_interrupted',
        message: 'The run failed every time it was tried; rows without a verdict were not taken.',
        fix: 'Give the correlation id to whoever runs the system, then import the file again.',
      };
      await deps.runs.save({ ...run, status: 'failed', finishedAt, error });
      await deps.runs.dropUpload(runId);
      deps.logger.error({ runId, code: error.code }, 'the pipeline run is given up');
    },
  };
};

export type RunPipeline = ReturnType<typeof createRunPipeline>;
