// Risk: a batch holds somebody it must not, or other bytes than were approved, or drops people without saying so.
import type { Draft } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { messageBytes } from '@caio/outreach-core';
import { buildPolicy } from '@caio/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
import {
  type BenchOptions,
  type GateBench,
  type GateBenches,
  openGateBenches,
} from '../testing/gate-bench.ts';
import { createFreezeRequests, freezeRequest, type FreezeRequests } from '../testing/freeze-requests.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
let bench: GateBench;
let requests: FreezeRequests;
const createBench = (options: BenchOptions = {}): Promise<GateBench> =>
  benches.createBench({ provider: createScriptedProvider().adapter, ...options });
beforeAll(async () => {
  benches = await openGateBenches();
  requests = createFreezeRequests(benches, () => bench);
});
beforeEach(async () => {
  bench = await createBench();
});
afterAll(() => benches.close());

const keyspace = async (): Promise<Record<string, string | null>> => {
  const found: Record<string, string | null> = {};
  for (const key of (await bench.redis.keys('*')).sort()) {
    found[key] = (await bench.redis.dumpBuffer(key))?.toString('base64') ?? null;
  }
  return found;
};

describe('a freeze', () => {
  test('takes every approved draft with its exact bytes, and a hash that anybody can compute again', async () => {
    const drafts = await bench.approvedDrafts(3);
    const { batch, frozen } = await requests.freeze();
    expect(frozen.previewHash).toBe(sha256Hex(previewBytes(frozen.preview)));
    expect(batch).toMatchObject({
      status: 'pending',
      previewHash: frozen.previewHash,
      actionCount: 3,
      createdBy: 'operator',
      leftOut: [],
      motion: 'outbound',
      policyVersion: 'policy-1',
    });
    expect(frozen.preview).toMatchObject({
      version: 1,
      environment: 'test',
      deliveryModes: { email: 'sandbox' },
    });
    const actions = await bench.actions.readMany(await bench.batches.actionIds(batch.batchId));
    expect(actions.map(({ bytes }) => bytes).sort()).toEqual(
      drafts.map(({ message }) => messageBytes(message)).sort(),
    );
    for (const action of actions) {
      expect(action.digest).toBe(sha256Hex(action.bytes));
      expect(action.seal).toBe(benches.seals.action(action));
    }
    expect((await bench.draftOf(drafts[0]?.draftId ?? null)).status).toBe('batched');
  });

  test('expires when the policy says', async () => {
    await bench.approvedDrafts(1);
    const before = Date.now();
    const { batch } = await requests.freeze();
    const hours = (Date.parse(batch.expiresAt) - before) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(24);
    expect(hours).toBeLessThan(24.01);
  });

  test('expires by the store’s clock: a process that runs ahead lengthens no approval', async () => {
    await bench.approvedDrafts(1);
    bench.advance(30 * 86_400_000);
    const { batch } = await requests.freeze();
    expect(Date.parse(batch.expiresAt) - Date.now()).toBeLessThan(24.01 * 3_600_000);
  });

  test('is all or nothing: a draft that is recalled meanwhile is in the batch or approved no longer', async () => {
    const [one] = await bench.approvedDrafts(2);
    const [frozen, recalled] = await Promise.all([
      bench.freezeBatch.freeze(freezeRequest()),
      bench.reviewDraft.recall({
        ...bench.by,
        draftId: one?.draftId ?? benches.ids.draft(),
        reason: 'second thoughts',
      }),
    ]);
    const { batch } = frozen.outcome === 'frozen' ? frozen : { batch: null };
    if (batch?.actionCount === 2) expect(recalled).toEqual({ outcome: 'state_conflict', status: 'batched' });
    else expect([batch?.actionCount, recalled]).toMatchObject([1, { outcome: 'done' }]);
    expect(await bench.batches.list(10)).toHaveLength(1);
  });

  test('of two at the same time gives every draft to one of them', async () => {
    await bench.approvedDrafts(3);
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => bench.freezeBatch.freeze(freezeRequest())),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'frozen')).toHaveLength(1);
    expect(await bench.batches.list(10)).toHaveLength(1);
  });
});

describe('a dry run', () => {
  test('shows what a freeze would take and stores nothing at all', async () => {
    await bench.approvedDrafts(2);
    await bench.redis.hset(
      bench.keys.suppressions,
      benches.pseudonym((await bench.approvedDraft()).message.recipientKey),
      '{}',
    );
    const before = await keyspace();
    const previewed = await bench.freezeBatch.preview(freezeRequest());
    expect(await keyspace()).toEqual(before);
    const { frozen } = await requests.freeze();
    const content = ({ preview }: typeof frozen) => preview.actions.map(({ contentDigest }) => contentDigest);
    expect(content(previewed)).toEqual(content(frozen));
    expect(previewed.leftOut).toEqual(frozen.leftOut);
    expect(previewed.previewHash).toBe(sha256Hex(previewBytes(previewed.preview)));
  });

  test('of nothing is empty, not everything', async () => {
    await bench.approvedDrafts(1);
    for (const part of [{ draftIds: [] }, { motion: 'revival' }] as const) {
      const request = freezeRequest(part);
      expect(await bench.freezeBatch.freeze(request)).toEqual({ outcome: 'empty_scope', leftOut: [] });
      expect(await bench.freezeBatch.preview(request)).toMatchObject({
        preview: { actions: [] },
        leftOut: [],
      });
    }
    expect(await bench.batches.list(10)).toEqual([]);
  });
});

describe('who is asked for', () => {
  test('by id is taken, nobody else, and an id given twice is one draft', async () => {
    const [one, two] = await bench.approvedDrafts(2);
    if (one === undefined || two === undefined) throw new Error('two drafts');
    const { batch, frozen } = await requests.freeze({ draftIds: [two.draftId, two.draftId] });
    expect(frozen.preview.actions.map(({ contentDigest }) => contentDigest)).toEqual([two.contentDigest]);
    expect(batch.leftOut).toEqual([]);
    expect((await bench.draftOf(one.draftId)).status).toBe('approved');
  });

  test('by id and cannot be had is named with the reason', async () => {
    const pending = await bench.pendingDraft();
    const revival = await requests.revivalOf(benches.leadOf());
    const good = await bench.approvedDraft();
    const unknown = benches.ids.draft();
    const { batch } = await requests.freeze({
      draftIds: [pending.draftId, unknown, revival.draftId, good.draftId],
    });
    expect(batch.actionCount).toBe(1);
    expect(batch.leftOut).toEqual([
      { draftId: pending.draftId, email: pending.message.recipient.email, reason: 'status_pending' },
      { draftId: revival.draftId, email: revival.message.recipient.email, reason: 'other_motion' },
      { draftId: unknown, email: '', reason: 'unknown_draft' },
    ]);
  });

  test('and was written for another company is named, also when nobody asked for it by id', async () => {
    const foreign = await bench.approvedDraft();
    const later = await bench.approvedDraft();
    const rewrite = async (draft: Draft, copyPackVersion: string) => {
      const key = bench.keys.draft(draft.draftId);
      const record = Object(JSON.parse((await bench.redis.hget(key, 'record')) ?? '')) as object;
      await bench.redis.hset(key, 'record', JSON.stringify({ ...record, copyPackVersion }));
    };
    await rewrite(foreign, 'kestrel-field@1+000000000000');
    await rewrite(later, bench.rules.copyPackVersion.replace('@1', '@2'));
    const { batch } = await requests.freeze();
    expect(batch.actionCount).toBe(1);
    expect(batch.leftOut).toEqual([
      {
        draftId: foreign.draftId,
        email: foreign.message.recipient.email,
        reason: 'other_copy_pack',
      },
    ]);
  });

  test('by motion is everybody of it, and drafts of other motions are no news', async () => {
    await requests.revivalOf(benches.leadOf());
    const outbound = await bench.approvedDraft();
    const { batch, frozen } = await requests.freeze();
    expect(frozen.preview.actions.map(({ contentDigest }) => contentDigest)).toEqual([
      outbound.contentDigest,
    ]);
    expect(batch.leftOut).toEqual([]);
  });

  test('beyond the limit waits, the longest approved first', async () => {
    const drafts = await bench.approvedDrafts(3);
    const { batch, frozen } = await requests.freeze({ limit: 2 });
    expect(new Set(frozen.preview.actions.map(({ contentDigest }) => contentDigest))).toEqual(
      new Set(drafts.slice(0, 2).map(({ contentDigest }) => contentDigest)),
    );
    expect(batch.leftOut).toEqual([
      { draftId: drafts[2]?.draftId, email: drafts[2]?.message.recipient.email, reason: 'batch_full' },
    ]);
    // A request cannot ask for more than the policy allows.
    bench = await createBench({
      session: bench.session,
      policy: { batch: { ...buildPolicy().batch, sizeMax: 1 } },
    });
    await bench.approvedDrafts(1);
    expect((await requests.leftOut({ limit: 50 })).map(({ reason }) => reason)).toEqual(['batch_full']);
  });
});
