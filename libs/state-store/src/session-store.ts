import { createHash } from 'node:crypto';
import { instantSchema, permissionSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

/** Who is logged in. `tokenDigest` is the SHA-256 of the token it was opened with: the session ends with it. */
const loginSessionSchema = z.object({
  name: z.string().min(1),
  permissions: z.array(permissionSchema),
  tokenDigest: z.string().regex(/^[0-9a-f]{64}$/),
  csrfToken: z.string().min(16),
  createdAt: instantSchema,
  endsAt: instantSchema,
});
export type LoginSession = z.infer<typeof loginSessionSchema>;

export type SessionPurpose = 'use' | 'look';

const digestOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex');

/**
 * Logins of people, kept in the store so that they can be ended. A session lives `idleSeconds` after its last use
 * and no longer than until its `endsAt`. Only the digest of its id is stored: reading the store opens no session.
 */
export const createSessionStore = (
  { redis, keys }: Pick<StoreSession, 'redis' | 'keys'>,
  { idleSeconds, now }: { idleSeconds: number; now: () => number },
) => ({
  /** Stores a session under an id nobody else has; both are made by the caller, from a random source. */
  open: async (sessionId: string, session: LoginSession): Promise<void> => {
    const digest = digestOf(sessionId);
    const index = keys.sessionsOf(session.name);
    const endsAtMs = Date.parse(session.endsAt);
    const replies = await redis
      .multi()
      .set(keys.session(digest), JSON.stringify(session), 'EX', idleSeconds)
      .zremrangebyscore(index, '-inf', now())
      .zadd(index, endsAtMs, digest)
      .pexpireat(index, endsAtMs)
      .exec();
    const failed = replies === null ? new Error('nothing was stored') : replies.find(([error]) => error)?.[0];
    if (failed) throw failed;
  },

  /**
   * The session of this id, or null when there is none, it was ended or its time is over. Its idle time begins anew
   * when a person `uses` it; a page that asks by itself only `looks`.
   */
  find: async (sessionId: string, purpose: SessionPurpose): Promise<LoginSession | null> => {
    const key = keys.session(digestOf(sessionId));
    const text = purpose === 'use' ? await redis.getex(key, 'EX', idleSeconds) : await redis.get(key);
    if (text === null) return null;
    const session = parseJsonRecord(key, loginSessionSchema, text);
    if (Date.parse(session.endsAt) > now()) return session;
    await redis.del(key);
    return null;
  },

  end: async (sessionId: string): Promise<void> => {
    await redis.del(keys.session(digestOf(sessionId)));
  },

  /** Ends every session of a person; answers how many there were. */
  endAllOf: async (name: string): Promise<number> => {
    const digests = await redis.zrange(keys.sessionsOf(name), '0', '-1');
    return digests.length === 0 ? 0 : redis.del(...digests.map((digest) => keys.session(digest)));
  },
});

export type SessionStore = ReturnType<typeof createSessionStore>;
