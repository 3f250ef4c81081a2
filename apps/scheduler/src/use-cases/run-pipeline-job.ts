import type { JobPayload } from '@caio/contracts';
import type { RunPipeline } from './run-pipeline.ts';

/**
 * Carries out a job of the `pipeline` queue. Throws what a try failed with, for the queue to try again; the try that
 * is the last one ends the run as failed as well.
 */
export const createRunPipelineJob =
  (deps: { pipeline: RunPipeline; attemptsMax: number }) =>
  async (payload: JobPayload<'pipeline'>, job: { attempt: number }): Promise<void> => {
    try {
      await deps.pipeline.run(payload);
    } catch (error) {
      if (job.attempt >= deps.attemptsMax) await deps.pipeline.giveUp(payload);
      throw error;
    }
  };
