import { digestSchema, instantSchema } from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const fallenSchema = z.object({ from: z.number(), to: z.number(), digest: digestSchema, at: instantSchema });
const acceptedSchema = z.object({
  by: z.string(),
  reason: z.string(),
  at: instantSchema,
  customers: z.number(),
});
const failureSchema = z.object({ code: z.string(), at: instantSchema });

/** How the list of customers stands, as it is stored. */
export interface CustomerStanding {
  readonly revision: string;
  readonly source: string | null;
  readonly customers: number;
  readonly exclusions: number;
  readonly syncedAt: string | null;
  readonly goodUntilMs: number;
  readonly fallen: z.infer<typeof fallenSchema> | null;
  readonly failure: z.infer<typeof failureSchema> | null;
  readonly accepted: z.infer<typeof acceptedSchema> | null;
  readonly nowMs: number;
}

export interface CustomerChange {
  readonly add: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  readonly revision: string;
  readonly source: string;
  readonly customers: number;
  readonly goodUntilMs: number;
  readonly pseudonyms: ReadonlyMap<string, string>;
  readonly digest: string;
  readonly actor: string;
  readonly correlationId: string;
  readonly kind: 'customers.synced' | 'customers.accepted';
  /** Who took a shorter list over, and why. */
  readonly accepted: z.infer<typeof acceptedSchema> | null;
}

/** The customers that a CRM named last, and until when that list may be relied on. */
export const createCustomerList = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  standing: async (): Promise<CustomerStanding> => {
    const key = keys.customersStanding;
    const fields = await redis.hgetall(key);
    return {
      revision: fields['revision'] ?? '0',
      source: fields['source'] ?? null,
      customers: Number(fields['customers'] ?? 0),
      exclusions: await redis.hlen(keys.customers),
      syncedAt: instantOrNull(fields['syncedAt']),
      // What the last check reads, not a copy of it.
      goodUntilMs: Number((await redis.hget(keys.store, 'customersGoodUntil')) ?? 0),
      fallen: fields['fallen'] === undefined ? null : parseJsonRecord(key, fallenSchema, fields['fallen']),
      failure:
        fields['failure'] === undefined ? null : parseJsonRecord(key, failureSchema, fields['failure']),
      accepted:
        fields['accepted'] === undefined ? null : parseJsonRecord(key, acceptedSchema, fields['accepted']),
      nowMs: await storeNowMs(redis),
    };
  },

  /** Exclusion keys of the last list, with the entry it was taken over as. */
  entries: (): Promise<Record<string, string>> => redis.hgetall(keys.customers),

  /** Null when another list was taken over meanwhile. */
  apply: async (change: CustomerChange): Promise<{ added: number; removed: number } | null> => {
    const [code, added, removed] = replyTexts(
      scripts.applyCustomers,
      await runScript(
        redis,
        scripts.applyCustomers,
        [keys.exclusions, keys.customers, keys.customersStanding, keys.store, keys.audit],
        [
          JSON.stringify(Object.fromEntries(change.add)),
          JSON.stringify(change.remove),
          change.revision,
          JSON.stringify({
            source: change.source,
            customers: String(change.customers),
            ...(change.accepted === null ? {} : { accepted: JSON.stringify(change.accepted) }),
          }),
          change.goodUntilMs,
          JSON.stringify(Object.fromEntries(change.pseudonyms)),
          change.digest,
          change.actor,
          change.correlationId,
          change.kind,
        ],
      ),
    );
    return code === '0' ? { added: Number(added), removed: Number(removed) } : null;
  },

  /** False when another list was taken over meanwhile. */
  note: async (note: {
    readonly what:
      | { readonly kind: 'fallen'; readonly from: number; readonly to: number; readonly digest: string }
      | { readonly kind: 'failure'; readonly code: string };
    readonly at: string;
    readonly revision: string;
    readonly actor: string;
    readonly correlationId: string;
  }): Promise<boolean> => {
    const { kind, ...facts } = note.what;
    const [code] = replyTexts(
      scripts.noteCustomers,
      await runScript(
        redis,
        scripts.noteCustomers,
        [keys.customersStanding, keys.store, keys.audit],
        [
          kind,
          JSON.stringify({ ...facts, at: note.at }),
          note.revision,
          note.what.kind === 'fallen' ? note.what.digest : note.what.code,
          note.actor,
          note.correlationId,
        ],
      ),
    );
    return code === '0';
  },
});

export type CustomerList = ReturnType<typeof createCustomerList>;
