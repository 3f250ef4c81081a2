import { pipelineRunSchema, type PipelineRun, type RowOutcome, rowOutcomeSchema } from '@caio/contracts';
import { parseJsonRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

const keptSeconds = 30 * 86_400;

/**
 * Pipeline runs. The uploaded bytes are stored before the run is accepted, so that a worker on another
 * machine, or the next one after a crash, reads the same file; they are dropped when the run is done.
 */
export const createRunStore = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  appendUpload: async (runId: string, chunk: Buffer): Promise<void> => {
    await redis.multi().rpush(keys.runUpload(runId), chunk).expire(keys.runUpload(runId), keptSeconds).exec();
  },

  /** The uploaded bytes, chunk by chunk, in order. */
  async *upload(runId: string): AsyncGenerator<Buffer> {
    for (let index = 0; ; index += 1) {
      const chunk = await redis.lindexBuffer(keys.runUpload(runId), index);
      if (chunk === null) return;
      yield chunk;
    }
  },

  dropUpload: async (runId: string): Promise<void> => {
    await redis.del(keys.runUpload(runId));
  },

  save: async (run: PipelineRun): Promise<void> => {
    await redis
      .multi()
      .set(keys.run(run.runId), JSON.stringify(run), 'EX', keptSeconds)
      .zadd(keys.runs, Date.parse(run.createdAt), run.runId)
      .exec();
  },

  read: async (runId: string): Promise<PipelineRun | null> => {
    const text = await redis.get(keys.run(runId));
    return text === null ? null : parseJsonRecord(keys.run(runId), pipelineRunSchema, text);
  },

  /** Newest first. Runs past their retention are left out. */
  list: async (limit: number): Promise<PipelineRun[]> => {
    const ids = await redis.zrange(keys.runs, '0', String(limit - 1), 'REV');
    const texts = ids.length === 0 ? [] : await redis.mget(...ids.map((id) => keys.run(id)));
    return texts.flatMap((text, index) =>
      text === null ? [] : [parseJsonRecord(keys.run(ids[index] ?? ''), pipelineRunSchema, text)],
    );
  },

  /** Outcomes by line; writing the same line again replaces it, so a retried run adds nothing. */
  saveRows: async (runId: string, rows: readonly RowOutcome[]): Promise<void> => {
    if (rows.length === 0) return;
    const key = keys.runRows(runId);
    await redis
      .multi()
      .hset(key, Object.fromEntries(rows.map((row) => [String(row.line), JSON.stringify(row)])))
      .expire(key, keptSeconds)
      .exec();
  },

  readRows: async (runId: string, lines: readonly number[]): Promise<(RowOutcome | null)[]> => {
    if (lines.length === 0) return [];
    const key = keys.runRows(runId);
    const texts = await redis.hmget(key, ...lines.map(String));
    return texts.map((text) => (text === null ? null : parseJsonRecord(key, rowOutcomeSchema, text)));
  },
});

export type RunStore = ReturnType<typeof createRunStore>;
