import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type IntakeAnswer, intakeAnswersSchema, type RunId, runIdSchema } from '@caio/contracts';
import { createLeadJudge, createPackDrafter } from '@caio/outreach-core';
import {
  ConfigError,
  createHousekeeping,
  createInternalClient,
  createRedisConnections,
  createServiceMetrics,
  createServiceParts,
  type InternalClient,
  isRehearsal,
  loadCompany,
  loadConfig,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import { createJobQueue, createJobWorker, createKeys, createRunStore } from '@caio/state-store';
import { runInContext } from '@caio/trace-envelope';
import type { RequestHandler } from 'express';
import { Inngest } from 'inngest';
import { serve } from 'inngest/express';
import { ulid } from 'ulid';
import { createApp } from './app.ts';
import { schedulerProblems, type SchedulerVariables, schedulerVariables } from './config.ts';
import { createDailyHealthCheck, type PartHealth } from './functions/daily-health-check.ts';
import { createPipelineScan } from './functions/pipeline-scan.ts';
import { createLeadInbox } from './lead-inbox.ts';
import { createRunPipeline } from './use-cases/run-pipeline.ts';
import { createStartRun } from './use-cases/start-run.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
const newCorrelationId = (): string => randomUUID();
const newRunId = (): RunId => runIdSchema.parse(`run_${ulid()}`);
const storeReadyMs = 5_000;
const runsAtOnce = 2;
const forgottenRunMs = 5_000;

/** Builds the scheduler from its environment. Everything with a clock, an id or a socket is made here. */
export const startScheduler = async ({ env, onClose }: StartContext): Promise<StartedService> => {
  const config = loadConfig(schedulerVariables, env, 'scheduler');
  const problems = schedulerProblems(config, isRehearsal(config.ENVIRONMENT) ? 'rehearsal' : 'real');
  if (problems.length > 0) throw new ConfigError('scheduler', problems);
  const company = loadCompany(config.COPY_PACK_DIR, { environment: config.ENVIRONMENT });
  const parts = createServiceParts({
    service: 'scheduler',
    config,
    secrets: secretsOf(schedulerVariables, env, 'scheduler'),
    stdout: process.stdout,
    now,
    monotonicNow,
    newCorrelationId,
  });
  const { logger, traces } = parts;
  onClose('traces', () => parts.traceWriter.close());
  const http = createRedisConnections({ url: config.REDIS_URL, role: 'http', logger, now });
  const worker = createRedisConnections({ url: config.REDIS_URL, role: 'worker', logger, now });
  onClose('redis', async () => {
    await Promise.all([http.close(), worker.close()]);
  });
  const keys = createKeys(config.ENVIRONMENT);
  const redis = http.connect('scheduler');
  if (!(await http.whenReady(redis, storeReadyMs))) {
    throw new ConfigError('scheduler', [
      'REDIS_URL names a Redis that does not answer. Start it, or correct the address.',
    ]);
  }
  const onError = (error: Error): void => {
    logger.warn({ err: error }, 'a queue reports an error');
  };
  const gatekeeper = createInternalClient({
    baseUrl: config.GATEKEEPER_URL,
    audience: 'gatekeeper',
    signer: parts.signer,
    traces,
    timeoutMs: 10_000,
  });
  onClose('gatekeeper client', () => gatekeeper.close());

  const runs = createRunStore({ redis, keys });
  const queueRedis = worker.connect('scheduler-queues');
  const pipeline = createJobQueue({ queue: 'pipeline', redis: queueRedis, keys, onError });
  const drafts = createJobQueue({ queue: 'drafts', redis: queueRedis, keys, onError });
  const startRun = createStartRun({ runs, pipeline, newRunId, now });
  const runPipeline = createRunPipeline({
    runs,
    drafts,
    drafter: createPackDrafter(company.pack),
    judge: createLeadJudge(company.icp),
    intakeAnswers: createIntakeAnswers(gatekeeper),
    pause: (milliseconds) => pause(milliseconds),
    logger,
    traces,
    now,
  });
  const pipelineWorker = createJobWorker({
    queue: 'pipeline',
    redis: worker.connect('scheduler-worker'),
    keys,
    concurrency: runsAtOnce,
    lockMs: 10_000,
    stalledMs: 5_000,
    onError,
    handle: (job) => runInContext({ correlationId: job.correlationId, caseId: null }, () => runPipeline(job)),
  });
  const housekeeping = createHousekeeping({
    logger,
    chores: [
      {
        // A process that died between storing a run and enqueueing it leaves a run that nobody works on.
        name: 'enqueue-forgotten-runs',
        everyMs: 5_000,
        run: async () => {
          for (const run of await runs.list(50)) {
            if (run.status === 'queued' && now() - Date.parse(run.createdAt) > forgottenRunMs) {
              await pipeline.add({
                id: run.runId,
                payload: { runId: run.runId, correlationId: run.correlationId },
              });
            }
          }
        },
      },
    ],
  });
  pipelineWorker.start();
  housekeeping.start();
  onClose('workers', async () => {
    await pipelineWorker.close();
    await housekeeping.stop();
    await Promise.all([pipeline.close(), drafts.close()]);
  });

  const inngest = createInngest(config);
  const inbox = config.LEAD_INBOX_DIR === undefined ? null : createLeadInbox(config.LEAD_INBOX_DIR);
  const functions = [
    createPipelineScan({ inngest, inbox, startRun, newCorrelationId }),
    createDailyHealthCheck({
      inngest,
      logger,
      askParts: async () => [await askGatekeeper(config.GATEKEEPER_URL)],
    }),
  ];
  const app = createApp({
    parts,
    metrics: createServiceMetrics('scheduler'),
    readiness: [
      {
        name: 'redis',
        check: async () => ({ ready: (await redis.ping()) === 'PONG', required: true, message: 'answers' }),
      },
      { name: 'inngest', check: () => Promise.resolve(inngestReadiness(config)) },
    ],
    runs,
    startRun,
    inngest: serveInngest(inngest, functions, config),
    newCorrelationId,
    monotonicNow,
  });
  return { app, host: config.HOST, port: config.PORT, drainMs: config.DRAIN_MS, logger };
};

const createInngest = (config: SchedulerVariables): Inngest =>
  new Inngest({
    id: config.INNGEST_APP_ID,
    isDev: config.INNGEST_DEV !== undefined,
    ...(config.INNGEST_DEV === undefined ? {} : { baseUrl: config.INNGEST_DEV }),
    ...(config.INNGEST_SIGNING_KEY === undefined ? {} : { signingKey: config.INNGEST_SIGNING_KEY }),
    ...(config.INNGEST_EVENT_KEY === undefined ? {} : { eventKey: config.INNGEST_EVENT_KEY }),
  });

/** Inngest's handler; its types say `any`, so it is called without trusting them. */
const serveInngest = (
  client: Inngest,
  functions: Parameters<typeof serve>[0]['functions'],
  config: SchedulerVariables,
): RequestHandler => {
  const handler: unknown = serve({
    client,
    functions,
    ...(config.INNGEST_SERVE_ORIGIN === undefined ? {} : { serveOrigin: config.INNGEST_SERVE_ORIGIN }),
    servePath: '/inngest',
  });
  if (typeof handler !== 'function') throw new Error('Inngest offers no handler for Express');
  return (req, res, next) => {
    Reflect.apply(handler, undefined, [req, res, next]);
  };
};

const inngestReadiness = (config: SchedulerVariables) => {
  const configured = config.INNGEST_DEV !== undefined || config.INNGEST_SIGNING_KEY !== undefined;
  return {
    ready: configured,
    required: config.INNGEST_REQUIRED,
    message: configured ? 'configured' : 'no key set: scheduled work does not run',
  };
};

/** The gate's answers to the rows of a run, read from the gatekeeper that owns them. */
const createIntakeAnswers = (gatekeeper: InternalClient) => {
  const ask = async (runId: string, correlationId: string, view: 'count' | 'all') => {
    const answer = await gatekeeper.request({
      method: 'GET',
      path: `/internal/runs/${runId}/intake-answers?view=${view}`,
      correlationId,
      schema: intakeAnswersSchema,
    });
    if (!answer.ok) throw new Error(`the gatekeeper refused to answer for ${runId}: ${answer.error.code}`);
    return answer.data;
  };
  return {
    count: async (runId: string, correlationId: string): Promise<number> =>
      (await ask(runId, correlationId, 'count')).count,
    all: async (runId: string, correlationId: string): Promise<ReadonlyMap<number, IntakeAnswer>> =>
      new Map((await ask(runId, correlationId, 'all')).answers.map(({ line, answer }) => [line, answer])),
  };
};

/** The gatekeeper's readiness is public on the internal network; a silent one is not ready. */
const askGatekeeper = async (baseUrl: string): Promise<PartHealth> => {
  try {
    const answer = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return {
      part: 'gatekeeper',
      ready: answer.ok,
      message: answer.ok ? 'ready' : `answers ${answer.status}`,
    };
  } catch {
    return { part: 'gatekeeper', ready: false, message: 'does not answer' };
  }
};
