import type { Ledger, ProviderName, ProviderStanding } from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseRecord, textOrNull } from './record.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const paceSchema = z.object({
  faults: z.coerce.number().int().default(0),
  code: z.string().optional(),
  since: z.string().optional(),
  restUntil: z.string().optional(),
  waitUntil: z.string().optional(),
  waitCode: z.string().optional(),
});

/** What the answers of the providers came to, as the admission of every worker sees it. */
export const createProviderStandings = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** `faultsMax` is the policy's: so many in a row begin a rest. */
  read: async (of: {
    ledger: Ledger;
    provider: ProviderName;
    faultsMax: number;
  }): Promise<ProviderStanding> => {
    const { ledger, provider } = of;
    const key = keys.providerPace(ledger, provider);
    const pace = parseRecord(key, paceSchema, await redis.hgetall(key));
    const nowMs = await storeNowMs(redis);
    const standing = { provider, ledger, faults: pace.faults, since: instantOrNull(pace.since) };
    if (Number(pace.waitUntil ?? 0) > nowMs) {
      return {
        ...{ ...standing, state: 'waiting', reason: textOrNull(pace.waitCode) },
        until: instantOrNull(pace.waitUntil),
      };
    }
    const reason = textOrNull(pace.code);
    if (pace.faults === 0) return { ...standing, state: 'working', reason: null, until: null };
    if (pace.faults < of.faultsMax) return { ...standing, state: 'failing', reason, until: null };
    return Number(pace.restUntil ?? 0) > nowMs
      ? { ...standing, state: 'resting', reason, until: instantOrNull(pace.restUntil) }
      : { ...standing, state: 'trying', reason, until: null };
  },
});

export type ProviderStandings = ReturnType<typeof createProviderStandings>;
