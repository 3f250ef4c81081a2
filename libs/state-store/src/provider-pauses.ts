import { type HaltState, type ProviderPause, providerPauseSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

const storedSchema = z.object({
  cause: z.string(),
  at: z.number(),
  asked: z.number(),
  paused: z.number(),
  failed: z.string(),
});
const failedSchema = providerPauseSchema.shape.failed;

/** Names the stop that stands, so that an answer to an earlier one is not taken for an answer to this one. */
export const causeOfStop = (halt: Pick<HaltState, 'active' | 'stored' | 'at'>): string | null => {
  if (!halt.active) return null;
  return halt.stored ? `stop ${halt.at ?? ''}` : 'EMERGENCY_STOP';
};

/** What the providers answered when they were asked to pause. */
export const createProviderPauses = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** The answers to this stop, by provider and mode. */
  read: async (cause: string | null): Promise<ProviderPause[]> => {
    if (cause === null) return [];
    return Object.entries(await redis.hgetall(keys.providerPauses))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([field, text]) => {
        const stored = parseJsonRecord(keys.providerPauses, storedSchema, text);
        if (stored.cause !== cause) return [];
        const [provider = '', mode = ''] = field.split(' ');
        const failed = parseJsonRecord(keys.providerPauses, failedSchema, stored.failed);
        const { paused, asked } = stored;
        return [{ provider, mode, paused, failed, asked, at: new Date(stored.at).toISOString() }];
      });
  },

  record: async (answer: {
    cause: string;
    provider: string;
    mode: string;
    paused: number;
    failed: readonly { readonly id: string; readonly message: string }[];
    correlationId: string;
  }): Promise<void> => {
    replyTexts(
      scripts.recordPause,
      await runScript(
        redis,
        scripts.recordPause,
        [keys.providerPauses, keys.audit],
        [
          `${answer.provider} ${answer.mode}`,
          answer.cause,
          String(answer.paused),
          JSON.stringify(answer.failed),
          answer.failed.length === 0 ? '1' : '0',
          answer.correlationId,
        ],
      ),
    );
  },
});

export type ProviderPauses = ReturnType<typeof createProviderPauses>;
