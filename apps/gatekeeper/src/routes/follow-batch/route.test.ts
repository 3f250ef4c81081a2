// Risk: a screen shows a progress that is not the store's, misses what happened while it was away, or never ends.
import { batchProgressSchema } from '@caio/contracts';
import { freePort, waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventStreamLimits } from '../../event-stream.ts';
import { openEventReader } from '../../testing/event-reader.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../../testing/gate-bench.ts';
import { type Http, openHttp } from '../../testing/http-bench.ts';
import { codeOf } from '../../testing/route-bench.ts';
import { createScriptedProvider } from '../../testing/scripted-provider.ts';

let benches: GateBenches;
let bench: GateBench;
let closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});
afterAll(() => benches.close());

const limits = { ...eventStreamLimits, retryMs: 20 };
const open = async (options: Parameters<typeof openHttp>[2] = {}): Promise<Http> => {
  const http = await openHttp(benches, bench, { streamLimits: limits, ...options });
  closers.push(http.close);
  return http;
};
const pathOf = (batchId: string): string => `/api/batches/${batchId}/events`;
/** `http` may be replaced by the next process at the same port. */
const follow = (batchId: string, http: () => Http) => {
  const reader = openEventReader({
    url: `http://127.0.0.1:${http().port}${pathOf(batchId)}`,
    tokenOf: () => http().tokenOf('GET', pathOf(batchId), null, {}),
  });
  closers.push(reader.close);
  return reader;
};
const idsOf = (events: readonly { id: string }[]): number[] => events.map(({ id }) => Number(id));

test('every state comes as it happens, numbered upwards, and the last one ends it', async () => {
  const http = await open();
  const { batchId, jobs } = await bench.executing(3);
  const reader = follow(batchId, () => http);
  await reader.until((events) => events.length === 1, 'the state at the start');
  expect(reader.seen[0]).toMatchObject({
    event: 'progress',
    data: { status: 'executing', counts: { queued: 3 }, handedOver: 0, total: 3 },
  });
  const [first, ...others] = jobs;
  if (first !== undefined) await bench.dispatch(first);
  await reader.until((events) => events.at(-1)?.data['handedOver'] === 1, 'the first hand-over');
  for (const job of others) await bench.dispatch(job);
  await reader.until((events) => events.at(-1)?.event === 'end', 'the end');
  const end = reader.seen.at(-1);
  expect(batchProgressSchema.parse(end?.data)).toMatchObject({
    status: 'executed',
    counts: { handed_over: 3, queued: 0 },
    handedOver: 3,
  });
  const ids = idsOf(reader.seen);
  expect([...ids].sort((a, b) => a - b)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  // It comes again, is told that there is no more, and stays away.
  await waitFor(() => reader.isClosed(), { timeoutMs: 5_000, describe: 'the reader to stay away' });
  expect(reader.calls.at(-1)).toEqual({ lastEventId: end?.id });
});

test('a reader goes on over a restart with what it missed, and is not told again what it knows', async () => {
  const port = await freePort();
  let http = await open({ port });
  const { batchId, jobs } = await bench.executing(2);
  const reader = follow(batchId, () => http);
  await reader.until((events) => events.length === 1, 'the state at the start');
  await http.close();

  const [first, second] = jobs;
  if (first !== undefined) await bench.dispatch(first);
  http = await open({ port });
  await reader.until((events) => events.length === 2, 'what happened in between');
  expect(reader.seen[1]).toMatchObject({ event: 'progress', data: { handedOver: 1 } });

  const told = reader.calls.length;
  await http.close();
  http = await open({ port });
  await waitFor(() => reader.calls.length > told && http.progressFeed.reading() === 1, {
    timeoutMs: 10_000,
    describe: 'the reader to be back',
  });
  expect(reader.calls.at(-1)).toEqual({ lastEventId: reader.seen[1]?.id });
  if (second !== undefined) await bench.dispatch(second);
  await reader.until((events) => events.at(-1)?.event === 'end', 'the end');
  expect(new Set(idsOf(reader.seen)).size).toBe(reader.seen.length);
});

test('a stream ends after its time and the reader comes again', async () => {
  const http = await open({ streamLimits: { ...limits, ageMaxMs: 50 } });
  const { batchId } = await bench.executing(1);
  const reader = follow(batchId, () => http);
  await waitFor(() => reader.calls.length >= 3, { timeoutMs: 10_000, describe: 'the reader to come again' });
  expect(reader.seen).toHaveLength(1);
});

test('a store that is away is said with its reason, and the state follows when it is back', async () => {
  const http = await open();
  const { batchId } = await bench.executing(1);
  const reader = follow(batchId, () => http);
  await reader.until((events) => events.length === 1, 'the state at the start');
  bench.redis.disconnect();
  await reader.until((events) => events.at(-1)?.event === 'unavailable', 'the reason');
  expect(reader.seen.at(-1)?.data).toMatchObject({
    code: 'store_unavailable',
    fix: expect.stringContaining('Redis'),
  });
  expect(codeOf(await http.get(pathOf(batchId)))).toBe('store_unavailable');
  await bench.redis.connect();
  // It left the set of those that are closed in the end.
  closers.push(() => Promise.resolve(bench.redis.disconnect()));
  await reader.until((events) => events.at(-1)?.event === 'progress', 'the state');
  expect(reader.seen.at(-1)).toMatchObject({ id: reader.seen[0]?.id, data: { status: 'executing' } });
});

describe('what is bounded', () => {
  test('one poller serves every reader of a batch, and none is left when they went', async () => {
    const http = await open();
    const { batchId } = await bench.executing(1);
    const readers = Array.from({ length: 20 }, () => follow(batchId, () => http));
    for (const reader of readers) await reader.until((events) => events.length === 1, 'the state');
    const before = Number(/cmdstat_hmget:calls=(\d+)/.exec(await bench.redis.info('commandstats'))?.[1]);
    const polls = async (): Promise<number> =>
      Number(/cmdstat_hmget:calls=(\d+)/.exec(await bench.redis.info('commandstats'))?.[1]) - before;
    const startedMs = performance.now();
    await waitFor(async () => (await polls()) >= 10, { timeoutMs: 10_000, describe: 'ten polls' });
    // A poll every 10 ms at most; twenty pollers would have made ten polls in one of those.
    expect(performance.now() - startedMs).toBeGreaterThan(50);
    for (const reader of readers) await reader.close();
    await waitFor(() => http.progressFeed.reading() === 0, { timeoutMs: 5_000, describe: 'no reader' });
  });

  test('one reader too many is 429 with when to come again', async () => {
    const http = await open({ readersMax: 1 });
    const { batchId } = await bench.executing(1);
    const reader = follow(batchId, () => http);
    await reader.until((events) => events.length === 1, 'the state');
    const answer = await http.get(pathOf(batchId));
    expect([answer.status, codeOf(answer)]).toEqual([429, 'too_many_requests']);
    expect(answer.headers['retry-after']).toBe('5');
    await reader.close();
    await waitFor(() => http.progressFeed.reading() === 0, { timeoutMs: 5_000, describe: 'room again' });
    const next = follow(batchId, () => http);
    await next.until((events) => events.length === 1, 'the state');
  });
});

test('between events a comment says that the stream lives', async () => {
  const http = await open({ streamLimits: { ...limits, heartbeatMs: 20, ageMaxMs: 200 } });
  const { batchId } = await bench.executing(1);
  const { headers, text } = await http.get(pathOf(batchId));
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store, no-transform');
  expect(text).toMatch(/^retry: 20\n\nid: \d+\nevent: progress\ndata: \{.*\}\n\n(: still here\n\n){2,}/);
});

test.each(['rejected', 'expired'] as const)('a batch that is %s already is one event', async (status) => {
  const http = await open();
  await bench.approvedDrafts(1);
  const { frozen } = await bench.freeze();
  if (status === 'expired') await bench.redis.hset(bench.keys.batch(frozen.batchId), 'expiresAtMs', '1');
  await bench.batches.change({
    ...{ ...bench.by, batchId: frozen.batchId, previewHash: null, reason: 'not now' },
    command: status === 'expired' ? 'expire' : 'reject',
  });
  const { text } = await http.get(pathOf(frozen.batchId));
  expect(text.match(/^event: .*$/gm)).toEqual(['event: end']);
  expect(text).toContain(`"status":"${status}"`);
});

test('an unknown batch is 404, no id is 400', async () => {
  const http = await open();
  expect(codeOf(await http.get(pathOf('bat_01TE0000000000000000000000')))).toBe('not_found');
  expect(codeOf(await http.get(pathOf('bat_1')))).toBe('bad_request');
});
