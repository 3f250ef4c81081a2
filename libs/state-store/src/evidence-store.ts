import { digestSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

const evidenceSchema = z.object({
  contentType: z.string(),
  content: z.string(),
  contentDigest: digestSchema,
  attemptId: z.string(),
  savedAt: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

const keptSeconds = 30 * 86_400;

/** The exact message kept for the reader when the delivery mode is log-only. The first one saved stays. */
export const createEvidenceStore = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  save: async (actionId: string, evidence: Evidence): Promise<'saved' | 'present'> => {
    const reply = await redis.set(keys.evidence(actionId), JSON.stringify(evidence), 'EX', keptSeconds, 'NX');
    return reply === 'OK' ? 'saved' : 'present';
  },
  read: async (actionId: string): Promise<Evidence | null> => {
    const text = await redis.get(keys.evidence(actionId));
    return text === null ? null : parseJsonRecord(keys.evidence(actionId), evidenceSchema, text);
  },
});

export type RedisEvidenceStore = ReturnType<typeof createEvidenceStore>;
