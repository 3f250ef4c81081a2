import type { AuditVerdict } from '@caio/contracts';
import { type PublishedHeads, rememberPublishedHeads } from '../published-heads.ts';
import { createSealAudit } from '../use-cases/seal-audit.ts';
import { createVerifyAudit, type VerifyAudit } from '../use-cases/verify-audit.ts';
import { type GateBench, testSecrets } from './gate-bench.ts';

export interface StoredRow {
  readonly id: string;
  readonly fields: readonly string[];
}
export interface StoredSeal {
  readonly id: string;
  readonly head: string;
  readonly rows: readonly (readonly [string, string])[];
}

const same = {
  batch: '',
  from: '',
  to: '',
  code: '',
  who: '',
  kind: 'run.started',
  actor: 'op',
  cid: 'cor-1',
};

/** One gatekeeper's part in the audit, and the hands of somebody who has the store's password. */
export const createAuditBench = (
  bench: GateBench,
  options: { key?: string; published?: PublishedHeads; rowsPerAnswer?: number } = {},
) => {
  const key = options.key ?? testSecrets.auditSeal;
  const published = options.published ?? rememberPublishedHeads();
  const { audit } = bench;
  const sealer = createSealAudit({ audit, key, environment: 'test', published, logger: bench.log.logger });
  const verifyAudit = createVerifyAudit({
    ...{ audit, key, published },
    ...(options.rowsPerAnswer === undefined ? {} : { rowsPerAnswer: options.rowsPerAnswer }),
  });
  // From now on a second apart, so that there is room to forge one between any two.
  const startMs = Date.now() + 1_000;
  let written = 0;

  const rows = async (): Promise<StoredRow[]> =>
    (await bench.redis.xrange(bench.keys.audit, '-', '+')).map(([id, fields]) => ({ id, fields }));

  const append = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      written += 1;
      const fields = Object.entries({ ...same, at: String(written), ref: `r${written}` }).flat();
      await bench.redis.xadd(bench.keys.audit, `${startMs + written * 1_000}-0`, ...fields);
    }
  };
  const seal = async (): Promise<number> => {
    const sealing = await sealer.seal();
    if (sealing.outcome === 'refused') throw new Error(`the sealer refuses: ${sealing.why}`);
    return sealing.rows;
  };
  const verifyBy = async (verify: VerifyAudit, head?: string): Promise<AuditVerdict> => {
    let request: { cursor?: string; head?: string } = head === undefined ? {} : { head };
    for (;;) {
      const check = await verify(request);
      if (check === null) throw new Error('a cursor of ours is refused');
      if (check.state === 'checked') return check;
      request = { cursor: check.cursor };
    }
  };

  return {
    ...{ sealer, published, rows, verifyAudit, append },
    /** Number of rows sealed. */
    seal,
    /** Three seals over 12 rows, the store's own first one among them, and two rows after them. */
    chain: async (): Promise<void> => {
      for (const [written, sealed] of [
        [4, 5],
        [4, 4],
        [3, 3],
      ] as const) {
        await append(written);
        const found = await seal();
        if (found !== sealed) throw new Error(`${found} rows were sealed, not ${sealed}`);
      }
      await append(2);
    },
    verify: (head?: string): Promise<AuditVerdict> => verifyBy(verifyAudit, head),
    /** As somebody who does not know what was published: only what is in the store can tell. */
    verifyAlone: (): Promise<AuditVerdict> =>
      verifyBy(createVerifyAudit({ audit, key, published: rememberPublishedHeads() })),
    idOf: async (index: number): Promise<string> => (await rows()).at(index)?.id ?? '',
    rewrite: async (change: (rows: StoredRow[]) => StoredRow[]): Promise<void> => {
      const changed = change(await rows());
      await bench.redis.del(bench.keys.audit);
      for (const { id, fields } of changed) await bench.redis.xadd(bench.keys.audit, id, ...fields);
    },
    rewriteSeals: async (change: (seals: StoredSeal[]) => StoredSeal[]): Promise<void> => {
      const seals = change(await audit.sealsAfter('', 1_000));
      await bench.redis.del(bench.keys.auditSeals);
      for (const { id, head, rows: sealed } of seals)
        await bench.redis.xadd(bench.keys.auditSeals, id, 'head', head, 'rows', JSON.stringify(sealed));
    },
  };
};

/** The verdict on a chain that breaks at this row. */
export const brokenAt = (index: number, id: string, why: string) => ({
  ok: false,
  sealed: index,
  firstBroken: { index, id, why },
});

export type AuditBench = ReturnType<typeof createAuditBench>;
