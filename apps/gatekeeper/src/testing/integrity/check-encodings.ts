import { previewSchema } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { sha256Hex } from '../../digest.ts';
import type { GateBench, GateBenches } from '../gate-bench.ts';
import { type Http, openHttp } from '../http-bench.ts';
import { createScriptedProvider } from '../scripted-provider.ts';
import { type Choice, createChoice } from './choice.ts';
import { encodeEqually } from './equal-encoding.ts';

export interface EncodingReport {
  readonly encodings: number;
  readonly refused: number;
  /** What went wrong, each with the seed that repeats it alone. */
  readonly failures: readonly string[];
}

const failuresMax = 20;
const encodingsPerDesk = 500;

/** A draft of each stage and a service in front of them, put back as they were before each encoding. */
const createDesk = async (benches: GateBenches) => {
  const bench: GateBench = await benches.createBench({ provider: createScriptedProvider().adapter });
  const http: Http = await openHttp(benches, bench);
  const { redis, keys } = bench;
  const submission = await benches.submissionOf(
    benches.leadOf({
      firstName: 'Zoë',
      fullName: 'Zoë Brandt',
      lastName: 'Brandt',
      revenueUsd: { min: 1_000_000, max: 50_000_000 },
    }),
  );
  const first = await http.post('/api/drafts', submission);
  const answer = (body: unknown): unknown => Reflect.get(Object(body), 'results');
  const pending = await bench.pendingDraft();
  const batch = await bench.approvedBatch(3);
  const lone = await bench.approvedDraft();
  const { frozen: unapproved } = await bench.freeze([(await bench.approvedDraft()).draftId]);
  const all = await redis.keys(`${keys.root}*`);
  const pipeline = redis.pipeline();
  all.forEach((key) => pipeline.dumpBuffer(key));
  const dumps = ((await pipeline.exec()) ?? []).map(([, dump]) =>
    Buffer.isBuffer(dump) ? dump : Buffer.alloc(0),
  );
  return {
    ...{ bench, http, submission, pending, lone, batch, unapproved },
    firstAnswer: JSON.stringify(answer(first.body)),
    answer,
    reset: async (): Promise<void> => {
      const back = redis.pipeline();
      back.flushdb();
      all.forEach((key, index) => back.restore(key, 0, dumps[index] ?? Buffer.alloc(0)));
      for (const [error] of (await back.exec()) ?? []) if (error !== null) throw error;
    },
  };
};
type Desk = Awaited<ReturnType<typeof createDesk>>;

/** Each answers what was refused, or null when the other spelling was taken for what it is. */
type Check = (desk: Desk, choice: Choice) => Promise<string | null>;

const refusedUnless = (ok: boolean, what: unknown): string | null =>
  ok ? null : (JSON.stringify(what) ?? 'refused');

const reencodeField = async (desk: Desk, key: string, field: string, choice: Choice): Promise<void> => {
  const stored = await desk.bench.redis.hget(key, field);
  if (stored === null) return;
  await desk.bench.redis.hset(key, field, encodeEqually(JSON.parse(stored), choice));
};

const checks: Readonly<Record<string, Check>> = {
  'a submission': async (desk, choice) => {
    const { body } = await desk.http.post('/api/drafts', encodeEqually(desk.submission, choice));
    return refusedUnless(JSON.stringify(desk.answer(body)) === desk.firstAnswer, body);
  },
  "a draft's approval": async (desk, choice) => {
    const { draftId, contentDigest } = desk.pending;
    const { status, body } = await desk.http.post(
      `/api/drafts/${draftId}/approve`,
      encodeEqually({ contentDigest }, choice),
    );
    return refusedUnless(status === 200, body);
  },
  'a freeze': async (desk, choice) => {
    const request = { motion: 'outbound', draftIds: [desk.lone.draftId], limit: 10 };
    const { status, body } = await desk.http.post('/api/batches', encodeEqually(request, choice));
    return refusedUnless(status === 201, body);
  },
  "a batch's approval": async (desk, choice) => {
    const { batchId, previewHash } = desk.unapproved;
    const path = `/api/batches/${batchId}/approve`;
    const { status, body } = await desk.http.post(path, encodeEqually({ previewHash }, choice));
    return refusedUnless(status === 200, body);
  },
  'a stored draft': async (desk, choice) => {
    const { bench, lone } = desk;
    for (const field of ['record', 'bytes', 'claims', 'guards'])
      await reencodeField(desk, bench.keys.draft(lone.draftId), field, choice);
    const outcome = await bench.freezeBatch.freeze({
      ...bench.by,
      motion: 'outbound',
      draftIds: [lone.draftId],
      limit: null,
    });
    const digest = outcome.outcome === 'frozen' ? outcome.frozen.included[0]?.contentDigest : null;
    return refusedUnless(digest === lone.contentDigest, outcome);
  },
  'a stored batch': async (desk, choice) => {
    const { bench, batch } = desk;
    const ids = batch.preview.actions.map(({ actionId }) => actionId);
    for (const actionId of ids)
      await bench.redis.zadd(bench.keys.batchActions(batch.batchId), choice.upTo(9), actionId);
    await reencodeField(desk, bench.keys.batch(batch.batchId), 'leftOut', choice);
    const outcome = await bench.executeBatch({ ...bench.by, batchId: batch.batchId });
    return refusedUnless(outcome.outcome === 'claimed', outcome);
  },
  'a preview': ({ batch }, choice) => {
    const { preview, previewHash } = batch;
    const turned = [...preview.actions.slice(1), ...preview.actions.slice(0, 1)];
    const actions = choice.upTo(1) === 1 ? turned : [...preview.actions].reverse();
    const read = previewSchema.parse(JSON.parse(encodeEqually({ ...preview, actions }, choice)));
    return Promise.resolve(refusedUnless(sha256Hex(previewBytes(read)) === previewHash, read));
  },
};

/**
 * Spells the same requests and the same stored values in other ways — key order, white space, escapes, numbers — and
 * asks the real service; every one has to be taken for what it is. The same seed makes the same spellings.
 */
export const checkEncodings = async (options: {
  benches: GateBenches;
  encodings: number;
  seed: number;
  onProgress?: (done: number) => void;
}): Promise<EncodingReport> => {
  const failures: string[] = [];
  const kinds = Object.entries(checks);
  let refused = 0;
  let desk: Desk | undefined;
  try {
    for (let number = 0; number < options.encodings && failures.length < failuresMax; number += 1) {
      if (desk === undefined || number % encodingsPerDesk === 0) {
        await desk?.http.close();
        desk = await createDesk(options.benches);
      }
      const seed = options.seed + number;
      const [name, check] = kinds[seed % kinds.length] ?? [];
      if (name === undefined || check === undefined) throw new Error('there is no kind of encoding');
      await desk.reset();
      const problem = await check(desk, createChoice(seed));
      if (problem !== null) {
        refused += 1;
        failures.push(`seed ${seed}: ${name} was refused: ${problem.slice(0, 300)}`);
      }
      options.onProgress?.(number + 1);
    }
  } finally {
    await desk?.http.close();
  }
  return { encodings: options.encodings, refused, failures };
};
