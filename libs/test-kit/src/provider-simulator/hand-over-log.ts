import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';

/** What a campaign makes of a lead: the message that would go out, with what a recipient sees of it. */
export interface WouldMail {
  readonly from: string | null;
  readonly subject: string;
  readonly body: string;
  readonly openTracking: boolean;
  readonly linkTracking: boolean;
  /** Messages the campaign would send to this person in all. */
  readonly steps: number;
}

/** One accepted message, as the provider received it. `at` is the provider's clock. */
export interface HandOver {
  readonly seq: number;
  readonly at: string;
  readonly vendor: 'instantly' | 'heyreach' | 'ghl' | 'smtp';
  /** Every byte of an RFC 5322 message that came by SMTP; null elsewhere. */
  readonly raw: string | null;
  readonly leadId: string;
  readonly campaignId: string;
  readonly campaignName: string;
  readonly email: string;
  readonly subject: string | null;
  readonly body: string | null;
  readonly actionId: string | null;
  readonly attemptId: string | null;
  readonly contentDigest: string | null;
  readonly wouldMail: WouldMail;
  readonly correlationId: string | null;
  readonly idempotencyKey: string | null;
}

export interface HandOverLog {
  append(entry: Omit<HandOver, 'seq' | 'raw'> & Partial<Pick<HandOver, 'raw'>>): void;
  entries(): readonly HandOver[];
  /** Drops the entries of campaigns whose name starts with `prefix`, deleted campaigns included. */
  forget(prefix: string): number;
  /** Resolves once every appended entry is in the file; at once when there is no file. */
  readonly durable: () => Promise<void>;
  close(): Promise<void>;
}

/**
 * The append-only record of what was handed over, in memory and, when asked, as JSON lines that are on the
 * disk before the provider answers, so that it can be compared after anything was killed.
 */
export function createHandOverLog({ file }: { readonly file: string | null }): HandOverLog {
  let entries: HandOver[] = [];
  let seq = 0;
  const descriptor = file === null ? null : openSync(file, 'a');
  let unwritten: string[] = [];
  let waiting: (() => void)[] = [];
  let syncing = false;

  const syncGroup = (): void => {
    if (descriptor === null || syncing || waiting.length === 0) return;
    syncing = true;
    const group = waiting;
    waiting = [];
    if (unwritten.length > 0) writeSync(descriptor, unwritten.join(''));
    unwritten = [];
    fdatasync(descriptor, (error) => {
      if (error !== null) throw error;
      syncing = false;
      for (const resolve of group) resolve();
      syncGroup();
    });
  };
  const durable = (): Promise<void> =>
    descriptor === null
      ? Promise.resolve()
      : new Promise((resolve) => {
          waiting.push(resolve);
          setImmediate(syncGroup);
        });
  return {
    append: (entry) => {
      const numbered = { seq: (seq += 1), raw: null, ...entry };
      entries.push(numbered);
      if (descriptor !== null) unwritten.push(`${JSON.stringify(numbered)}\n`);
    },
    entries: () => entries,
    forget: (prefix) => {
      const before = entries.length;
      entries = entries.filter((entry) => !entry.campaignName.startsWith(prefix));
      return before - entries.length;
    },
    durable,
    close: async () => {
      await durable();
      if (descriptor !== null) closeSync(descriptor);
    },
  };
}
