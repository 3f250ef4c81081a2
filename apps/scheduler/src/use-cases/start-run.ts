import type { PipelineRun, RunId } from '@caio/contracts';
import type { JobQueue, RunStore } from '@caio/state-store';

export interface StartRunRequest {
  readonly content: AsyncIterable<Buffer>;
  readonly fileName: string;
  readonly strict: boolean;
  readonly overrides: Readonly<Record<string, string>>;
  readonly startedBy: string;
  readonly correlationId: string;
}

/** The largest lead file that is taken. */
export const uploadBytesMax = 64 * 1024 * 1024;

const chunkBytesMin = 64 * 1024;

/**
 * Takes a lead file: its bytes are stored before the run is accepted, so whichever worker comes next reads the
 * same file. When the upload fails, nothing of it stays.
 */
export const createStartRun = (deps: {
  runs: RunStore;
  pipeline: JobQueue<'pipeline'>;
  newRunId: () => RunId;
  now: () => number;
}) => {
  const store = async (runId: RunId, content: AsyncIterable<Buffer>): Promise<void> => {
    let waiting: Buffer[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      if (size > 0) await deps.runs.appendUpload(runId, Buffer.concat(waiting));
      waiting = [];
      size = 0;
    };
    for await (const chunk of content) {
      waiting.push(chunk);
      size += chunk.length;
      if (size >= chunkBytesMin) await flush();
    }
    await flush();
  };

  return async (request: StartRunRequest): Promise<PipelineRun> => {
    const runId = deps.newRunId();
    try {
      await store(runId, request.content);
    } catch (error) {
      await deps.runs.dropUpload(runId);
      throw error;
    }
    const run: PipelineRun = {
      runId,
      status: 'queued',
      fileName: request.fileName,
      format: null,
      startedBy: request.startedBy,
      strict: request.strict,
      overrides: { ...request.overrides },
      correlationId: request.correlationId,
      createdAt: new Date(deps.now()).toISOString(),
      finishedAt: null,
      rowsRead: 0,
      rowsDone: 0,
      lastLine: 0,
      counts: {},
      withoutDraft: {},
      mapping: [],
      ignoredColumns: [],
      error: null,
    };
    await deps.runs.save(run);
    await deps.pipeline.add({ id: runId, payload: { runId, correlationId: run.correlationId } });
    return run;
  };
};

export type StartRun = ReturnType<typeof createStartRun>;
