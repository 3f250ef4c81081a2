import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import {
  type Bar,
  type DraftSubmission,
  type IntakeAnswer,
  type Lead,
  type PipelineRun,
  type RowOutcome,
  type RunId,
  runIdSchema,
} from '@caio/contracts';
import { createLeadJudge, createPackDrafter, type Drafter } from '@caio/outreach-core';
import { createRedisConnections, loadCompany } from '@caio/service-kit';
import {
  createJobQueue,
  createJobWorker,
  createKeys,
  createRunStore,
  type RunStore,
} from '@caio/state-store';
import { createIdSource, createManualClock } from '@caio/test-kit';
import { createLogger, createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import type { IntakeAnswers } from '../intake-answers.ts';
import { createRunPipeline } from '../use-cases/run-pipeline.ts';
import { createStartRun } from '../use-cases/start-run.ts';

const company = loadCompany(resolve(__dirname, '../../../../config/copy-pack/harbor-pine'), {
  environment: 'test',
});

/** What a gate says to a draft; by default it takes every one. */
export type Gate = (submission: DraftSubmission) => Pick<IntakeAnswer, 'outcome' | 'reasons'>;

/** What a rig does differently: a gate that answers otherwise or late, a store or author that fails. */
export interface Differences {
  readonly gate?: Gate;
  readonly drafter?: Drafter;
  readonly runs?: (real: RunStore) => RunStore;
  readonly intakeAnswers?: (real: IntakeAnswers) => IntakeAnswers;
  readonly pause?: (real: () => Promise<void>) => () => Promise<void>;
}

export interface Imported {
  readonly run: PipelineRun;
  readonly rows: RowOutcome[];
}

/**
 * The pipeline over a real Redis: real run store, queues, judge and copy pack. The gate behind the `drafts` queue is a
 * worker of this rig that answers as told and keeps what it was handed.
 */
export const createPipelineRig = (options: { redisUrl: string; environment: string }) => {
  const clock = createManualClock();
  const ids = createIdSource();
  const keys = createKeys(options.environment);
  const redactor = createRedactor();
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const logger = createLogger({ service: 'scheduler', level: 'debug', stream, redactor, now: clock.nowMs });
  const writer = createTraceWriter({
    file: 'unused',
    enabled: false,
    retentionDays: 1,
    cleanupEnabled: false,
    redactor,
    now: clock.nowMs,
    onReport: () => undefined,
  });
  const traces = createTraces({
    writer,
    redactor,
    now: clock.nowMs,
    monotonicNow: clock.monotonicMs,
    newCorrelationId: ids.correlationId,
  });
  const connections = createRedisConnections({
    url: options.redisUrl,
    role: 'worker',
    logger,
    now: clock.nowMs,
  });
  const redis = connections.connect('rig');
  const onError = (): void => undefined;
  const runs = createRunStore({ redis, keys });
  const drafts = createJobQueue({ queue: 'drafts', redis, keys, onError });
  const pipeline = createJobQueue({ queue: 'pipeline', redis, keys, onError });

  /** Every draft the gate was handed, in the order it came. */
  const handed: { runId: string; line: number; submission: DraftSubmission }[] = [];
  const answers = new Map<string, Map<number, IntakeAnswer>>();
  const progress = new EventEmitter();
  let gate: Gate = () => ({ outcome: 'accepted', reasons: ['taken'] });
  let answered = 0;
  const worker = createJobWorker({
    queue: 'drafts',
    redis: connections.connect('gate'),
    keys,
    concurrency: 50,
    lockMs: 30_000,
    stalledMs: 30_000,
    onError,
    handle: ({ drafts: together }) => {
      for (const { submission, origin } of together) {
        if (origin.kind !== 'run') throw new Error('a run hands on its own drafts');
        handed.push({ runId: origin.runId, line: origin.line, submission });
        const ofRun = answers.get(origin.runId) ?? new Map<number, IntakeAnswer>();
        ofRun.set(origin.line, { ...gate(submission), draftId: null, tier: null, score: null });
        answers.set(origin.runId, ofRun);
        answered += 1;
      }
      progress.emit('answer');
      return Promise.resolve();
    },
  });
  worker.start();

  let barOf = (_lead: Lead): Bar | null => null;
  /** The gate as one runner asks it: what another asked meanwhile does not count as heard. */
  const gateAsked = () => {
    let answeredWhenAsked = 0;
    const intakeAnswers: IntakeAnswers = {
      count: (runId) => {
        answeredWhenAsked = answered;
        return Promise.resolve(answers.get(runId)?.size ?? 0);
      },
      excluded: (leads) =>
        Promise.resolve(
          new Map(
            [...leads].flatMap(([line, lead]) => {
              const bar = barOf(lead);
              return bar === null ? [] : [[line, bar] as const];
            }),
          ),
        ),
      all: (runId) => Promise.resolve(new Map(answers.get(runId))),
    };
    /** Until the gate has said something that it had not when it was asked last. */
    const pause = async (): Promise<void> => {
      if (answered === answeredWhenAsked) await once(progress, 'answer');
    };
    return { intakeAnswers, pause };
  };

  const newRunId = (): RunId => runIdSchema.parse(ids.runId());
  const startRun = createStartRun({ runs, pipeline, newRunId, now: clock.nowMs });
  const runner = (differences: Differences = {}) => {
    const { intakeAnswers, pause } = gateAsked();
    return createRunPipeline({
      runs: differences.runs?.(runs) ?? runs,
      drafts,
      drafter: differences.drafter ?? createPackDrafter(company.pack),
      judge: createLeadJudge(company.icp),
      intakeAnswers: differences.intakeAnswers?.(intakeAnswers) ?? intakeAnswers,
      pause: differences.pause?.(pause) ?? pause,
      logger,
      traces,
      now: clock.nowMs,
    });
  };

  const start = async (
    content: string | Buffer,
    file: { fileName?: string; strict?: boolean; overrides?: Record<string, string> } = {},
  ): Promise<string> => {
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from(content);
    }
    const { runId } = await startRun({
      content: bytes(),
      fileName: file.fileName ?? 'leads.csv',
      strict: file.strict ?? false,
      overrides: file.overrides ?? {},
      startedBy: 'tester',
      correlationId: ids.correlationId(),
    });
    return runId;
  };

  const read = async (runId: string): Promise<Imported> => {
    const run = await runs.read(runId);
    if (run === null) throw new Error('the run is gone');
    const lineNumbers = Array.from({ length: run.lastLine + 1 }, (_, line) => line);
    const rows = (await runs.readRows(runId, lineNumbers)).filter((row) => row !== null);
    return { run, rows };
  };

  return {
    clock,
    keys,
    redis,
    runs,
    pipeline,
    startRun,
    handed,
    runner,
    start,
    read,
    /** An author who has no text for this one person. */
    drafterExcept: (email: string): Drafter => {
      const real = createPackDrafter(company.pack);
      return {
        name: 'except one',
        draft: (request) =>
          request.lead.email === email
            ? Promise.resolve({
                ok: false,
                ruleId: 'no_template',
                message: 'no text for this one',
                missing: [],
              })
            : real.draft(request),
      };
    },
    /** Lets go of the drafts that were handed on so far. */
    forgetHanded: (): void => {
      handed.length = 0;
    },
    bar: (why: (lead: Lead) => Bar | null): void => {
      barOf = why;
    },
    useGate: (changed: Gate): void => {
      gate = changed;
    },
    log: () => lines.join(''),
    hasUpload: async (runId: string): Promise<boolean> => (await redis.exists(keys.runUpload(runId))) === 1,
    /** The whole way of one file. */
    importFile: async (
      content: string | Buffer,
      file: Parameters<typeof start>[1] = {},
      differences: Differences = {},
    ): Promise<Imported> => {
      if (differences.gate !== undefined) gate = differences.gate;
      const runId = await start(content, file);
      await runner(differences).run({ runId });
      return read(runId);
    },
    close: async (): Promise<void> => {
      await worker.close();
      await connections.close();
      await writer.close();
    },
  };
};

export type PipelineRig = ReturnType<typeof createPipelineRig>;
