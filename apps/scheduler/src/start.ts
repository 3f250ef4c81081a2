import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { jobCatalogue, type RunId, runIdSchema } from '@caio/contracts';
import { createLeadJudge, createPackDrafter } from '@caio/outreach-core';
import {
  ConfigError,
  createHousekeeping,
  createInternalClient,
  createRedisConnections,
  createProcessMetrics,
  createServiceParts,
  isRehearsal,
  loadCompany,
  loadConfig,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import { createJobQueue, createJobWorker, createKeys, createRunStore } from '@caio/state-store';
import { runInContext } from '@caio/trace-envelope';
import { ulid } from 'ulid';
import { createApp } from './app.ts';
import { schedulerProblems, type SchedulerVariables, schedulerVariables } from './config.ts';
import { createDailyHealthCheck, type PartHealth } from './functions/daily-health-check.ts';
import { createPipelineScan } from './functions/pipeline-scan.ts';
import { createInngest, createInngestEndpoint, type InngestEndpoint } from './inngest-endpoint.ts';
import { createIntakeAnswers } from './intake-answers.ts';
import { createLeadInbox, type LeadInbox } from './lead-inbox.ts';
import { createRunPipelineJob } from './use-cases/run-pipeline-job.ts';
import { createRunPipeline } from './use-cases/run-pipeline.ts';
import { createStartRun, uploadBytesMax } from './use-cases/start-run.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
const newCorrelationId = (): string => randomUUID();
const newRunId = (): RunId => runIdSchema.parse(`run_${ulid()}`);
const storeReadyMs = 5_000;
const runsAtOnce = 2;
const forgottenRunMs = 5_000;
// A copy over a slow network may pause for a while.
const inboxSettledMs = 60_000;
const inboxAbandonedMs = 600_000;

/** Builds the scheduler from its environment. Everything with a clock, an id or a socket is made here. */
export const startScheduler = async (context: StartContext): Promise<StartedService> => {
  const { env } = context;
  const config = loadConfig(schedulerVariables, env, 'scheduler');
  const problems = schedulerProblems(config, isRehearsal(config.ENVIRONMENT) ? 'rehearsal' : 'real');
  const inbox = openInbox(config);
  if (inbox === 'no folder')
    problems.push('LEAD_INBOX_DIR names no folder. Create it, correct the path, or leave it out.');
  if (problems.length > 0 || inbox === 'no folder') throw new ConfigError('scheduler', problems);
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
  context.onClose('traces', () => parts.traceWriter.close());
  const http = createRedisConnections({ url: config.REDIS_URL, role: 'http', logger, now });
  const worker = createRedisConnections({ url: config.REDIS_URL, role: 'worker', logger, now });
  context.onClose('redis', async () => {
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
  context.onClose('gatekeeper client', () => gatekeeper.close());

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
  const runPipelineJob = createRunPipelineJob({
    pipeline: runPipeline,
    attemptsMax: jobCatalogue.pipeline.attempts,
  });
  const pipelineWorker = createJobWorker({
    queue: 'pipeline',
    redis: worker.connect('scheduler-worker'),
    keys,
    concurrency: runsAtOnce,
    lockMs: config.JOB_LOCK_MS,
    stalledMs: config.JOB_STALL_CHECK_MS,
    onError,
    handle: (payload, job) =>
      runInContext({ correlationId: payload.correlationId, caseId: null }, () =>
        runPipelineJob(payload, job),
      ),
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
  context.onClose('workers', async () => {
    await pipelineWorker.close();
    await housekeeping.stop();
    await Promise.all([pipeline.close(), drafts.close()]);
  });

  const inngest = createInngest(config, logger);
  const functions = [
    createPipelineScan({ inngest, inbox, startRun, newCorrelationId, limitBytes: uploadBytesMax }),
    createDailyHealthCheck({
      inngest,
      logger,
      askParts: async () => [await askGatekeeper(config.GATEKEEPER_URL)],
    }),
  ];
  const endpoint = createInngestEndpoint({ inngest, functions, config });
  const app = createApp({
    parts,
    metrics: createProcessMetrics('scheduler', config.METRICS_TOKEN),
    readiness: [
      {
        name: 'redis',
        check: async () => ({ ready: (await redis.ping()) === 'PONG', required: true, message: 'answers' }),
      },
      { name: 'inngest', check: () => Promise.resolve(inngestReadiness(config.INNGEST_REQUIRED, endpoint)) },
    ],
    runs,
    startRun,
    inngest: endpoint,
    newCorrelationId,
    monotonicNow,
  });
  return { app, host: config.HOST, port: config.PORT, drainMs: config.DRAIN_MS, logger };
};

const openInbox = ({ LEAD_INBOX_DIR: folder }: SchedulerVariables): LeadInbox | null | 'no folder' => {
  if (folder === undefined) return null;
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder
    ? createLeadInbox({ folder, now, settledMs: inboxSettledMs, abandonedMs: inboxAbandonedMs })
    : 'no folder';
};

const inngestReadiness = (required: boolean, endpoint: InngestEndpoint | null) => ({
  ready: endpoint !== null,
  required,
  message:
    endpoint === null
      ? 'not set up, so nothing starts by the clock; imports by hand work (INNGEST_SIGNING_KEY)'
      : `configured: mode ${endpoint.state.mode}, ${endpoint.state.function_count} functions`,
});

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
