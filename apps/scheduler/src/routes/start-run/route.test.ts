// Risk: an upload is taken from somebody who may not, taken half, or leaves bytes of people behind when it is refused.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runAnswerSchema } from '@caio/contracts';
import { startRedis, waitFor, type RedisServer } from '@caio/test-kit';
import { startSchedulerRig, type Reply, type SchedulerRig } from '../../testing/scheduler-rig.ts';

const megabyte = 1024 * 1024;
const path = '/api/pipeline-runs';
const file = 'Email\nava@oak.example\n';

let server: RedisServer;
let rig: SchedulerRig;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  rig = await startSchedulerRig({
    redisUrl: server.url,
    environment: `test-${randomUUID().slice(0, 8)}`,
  });
});
afterEach(() => rig.close());
afterAll(() => server.stop());

const runOf = (reply: Reply) => runAnswerSchema.parse(JSON.parse(reply.text)).run;
const errorOf = (reply: Reply): { code: string; message: string; fix: string } => {
  const { error } = JSON.parse(reply.text);
  return error;
};
const expectNothingLeft = async (): Promise<void> => {
  expect(await rig.storedRuns()).toEqual([]);
  expect(await rig.jobs()).toBe(0);
};

describe('an upload that is taken', () => {
  test('is 202 with a queued run in the name of who sent it, its bytes stored and one job enqueued', async () => {
    const reply = await rig.call({
      method: 'POST',
      path: `${path}?fileName=a%20list.csv&strict=true`,
      body: file,
    });
    expect(reply.status).toBe(202);
    const run = runOf(reply);
    expect(run).toMatchObject({
      status: 'queued',
      fileName: 'a list.csv',
      startedBy: 'Rory Vale',
      strict: true,
      overrides: {},
      createdAt: rig.clock.nowIso(),
      finishedAt: null,
      rowsRead: 0,
      error: null,
    });
    expect((await rig.uploadOf(run.runId)).toString()).toBe(file);
    expect(await rig.runs.read(run.runId)).toEqual(run);
    expect(await rig.jobs()).toBe(1);
  });

  test('of many pieces is stored byte for byte, whatever the pieces are', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const body = new PassThrough();
    const reply = rig.call({ method: 'POST', path, body, announced: bytes });
    for (let at = 0; at < bytes.length; at += 7_777) body.write(bytes.subarray(at, at + 7_777));
    body.end();
    expect((await rig.uploadOf(runOf(await reply).runId)).equals(bytes)).toBe(true);
  });

  test('with another at the same time stays itself', async () => {
    const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    const bodies = contents.map(() => new PassThrough());
    const replies = contents.map((content, index) =>
      rig.call({ method: 'POST', path, body: bodies[index] ?? '', announced: content }),
    );
    for (let at = 0; at < 200_000; at += 50_000)
      contents.forEach((content, index) => bodies[index]?.write(content.slice(at, at + 50_000)));
    bodies.forEach((body) => body.end());
    for (const [index, reply] of (await Promise.all(replies)).entries())
      expect((await rig.uploadOf(runOf(reply).runId)).toString()).toBe(contents[index]);
    expect(await rig.jobs()).toBe(4);
  });
});

describe('an upload that is refused leaves nothing behind', () => {
  test.each([
    ['without the permission', { permissions: ['read' as const] }, 403, 'forbidden'],
    ['of a service by itself', { permissions: null }, 403, 'forbidden'],
    ['of another service', { from: 'gatekeeper' as const, permissions: null }, 403, 'forbidden'],
    ['of other bytes than announced', { announced: `${file}x` }, 400, 'digest_mismatch'],
    ['of no bytes', { body: undefined }, 400, 'bad_request'],
  ])('%s', async (_name, changes, status, code) => {
    const { body, ...call } = { body: file, ...changes };
    const reply = await rig.call({ method: 'POST', path, ...(body === undefined ? {} : { body }), ...call });
    expect([reply.status, errorOf(reply).code]).toEqual([status, code]);
    await expectNothingLeft();
  });

  test('without a service token', async () => {
    expect((await rig.callOpen({ method: 'POST', path, body: file })).status).toBe(401);
    await expectNothingLeft();
  });

  test('large, of other bytes than announced', async () => {
    const reply = await rig.call({ method: 'POST', path, body: Buffer.alloc(megabyte), announced: 'x' });
    expect([reply.status, errorOf(reply).code]).toEqual([400, 'digest_mismatch']);
    await expectNothingLeft();
  });

  test('of one byte more than is taken', async () => {
    const body = new PassThrough();
    const reply = rig.call({ method: 'POST', path, body, announced: 'x' });
    const chunk = Buffer.alloc(megabyte);
    for (let sent = 0; sent < 64; sent += 1) if (!body.write(chunk)) await once(body, 'drain');
    body.end('x');
    expect([(await reply).status, errorOf(await reply).code]).toEqual([413, 'payload_too_large']);
    await expectNothingLeft();
  });

  test('when the sender goes away in the middle', async () => {
    const body = new PassThrough();
    const gone = new AbortController();
    const reply = rig.call({ method: 'POST', path, body, announced: 'x', signal: gone.signal });
    body.write(Buffer.alloc(200_000));
    await waitFor(async () => (await rig.storedRuns()).length > 0, {
      timeoutMs: 5_000,
      describe: 'the first bytes to be stored',
    });
    gone.abort();
    await reply;
    await waitFor(async () => (await rig.storedRuns()).length === 0, {
      timeoutMs: 5_000,
      describe: 'the bytes to go',
    });
    await expectNothingLeft();
  });

  test('while the store is away, with its own code', async () => {
    const own = await startRedis();
    const alone = await startSchedulerRig({ redisUrl: own.url, environment: 'test-away' });
    try {
      await own.kill9();
      const reply = await alone.call({ method: 'POST', path, body: file });
      expect([reply.status, errorOf(reply).code]).toEqual([503, 'store_unavailable']);
    } finally {
      await own.restart();
      await alone.close();
      await own.stop();
    }
  });
});

describe('column mappings', () => {
  const start = (...pairs: string[]): Promise<Reply> =>
    rig.call({
      method: 'POST',
      path: `${path}?${pairs.map((pair) => `map=${encodeURIComponent(pair)}`).join('&')}`,
      body: file,
    });

  test.each([
    [['email=Work Mail'], { email: 'Work Mail' }],
    [[' email = Work Mail '], { email: 'Work Mail' }],
    [['email=Work=Mail'], { email: 'Work=Mail' }],
    [
      ['email=Work Mail', 'title=Job', 'company=Firma & Söhne'],
      { email: 'Work Mail', title: 'Job', company: 'Firma & Söhne' },
    ],
  ])('%j are kept with the run', async (pairs, overrides) => {
    expect(runOf(await start(...pairs)).overrides).toEqual(overrides);
  });

  test.each([
    [['email'], /Column mapping 1 has no equals sign/],
    [[''], /Column mapping 1 has no equals sign/],
    [['=Work Mail'], /Column mapping 1 names no field/],
    [['  =Work Mail'], /Column mapping 1 names no field/],
    [['email='], /Column mapping 1 names no column/],
    [['email=   '], /Column mapping 1 names no column/],
    [['email=Mail', 'title'], /Column mapping 2 has no equals sign/],
    [['email=Mail', 'email=Other'], /Column mapping 2 names a field that has a column already/],
    [['shoe size=Shoes'], /no lead field called "shoe size"/],
    [['__proto__=Shoes'], /no lead field called "__proto__"/],
    [['constructor=Shoes'], /no lead field called "constructor"/],
  ])('%j are refused with what is wrong and what to write', async (pairs, words) => {
    const reply = await start(...pairs);
    expect([reply.status, errorOf(reply).code]).toEqual([400, 'bad_request']);
    expect(errorOf(reply).message).toMatch(words);
    expect(errorOf(reply).fix).toMatch(/field=Header|Use one of: .*email|Name it once/);
    await expectNothingLeft();
  });
});

test.each([
  ['strict=perhaps', /strict/],
  ['fileName=', /fileName/],
  [`fileName=${'x'.repeat(201)}`, /fileName/],
])('a query with %s is 400 and names the field', async (query, words) => {
  const reply = await rig.call({ method: 'POST', path: `${path}?${query}`, body: file });
  expect([reply.status, errorOf(reply).code]).toEqual([400, 'bad_request']);
  expect(errorOf(reply).message).toMatch(words);
  await expectNothingLeft();
});
