import { pipelineRunSchema, type PipelineRun, type RowOutcome, rowOutcomeSchema } from '@caio/contracts';
import { parseJsonRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

const keptSeconds = 30 * 86_400;

export interface RunPage {
  readonly runs: PipelineRun[];
  readonly nextCursor: string | null;
}

const pageOf = async (
  { redis, keys }: Pick<StoreSession, 'redis' | 'keys'>,
  cursor: string | null,
  limit: number,
): Promise<RunPage | null> => {
  // After the run the last page ended with, so that a run started meanwhile moves nothing.
  const rank = cursor === null ? -1 : await redis.zrevrank(keys.runs, cursor);
  if (rank === null) return null;
  const start = rank + 1;
  const ids = await redis.zrange(keys.runs, String(start), String(start + limit), 'REV');
  const shown = ids.slice(0, limit);
  const texts = shown.length === 0 ? [] : await redis.mget(...shown.map((id) => keys.run(id)));
  return {
    runs: texts.flatMap((text, index) =>
      text === null ? [] : [parseJsonRecord(keys.run(shown[index] ?? ''), pipelineRunSchema, text)],
    ),
    nextCursor: ids.length > limit ? (shown.at(-1) ?? null) : null,
  };
};

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

  /** The newest `limit` runs. Runs past their retention are left out. */
  list: async (limit: number): Promise<PipelineRun[]> =>
    (await pageOf({ redis, keys }, null, limit))?.runs ?? [],

  /** The same page by page. Null for a cursor that names no run: the first page again would never end. */
  page: (cursor: string | null, limit: number): Promise<RunPage | null> =>
    pageOf({ redis, keys }, cursor, limit),

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
