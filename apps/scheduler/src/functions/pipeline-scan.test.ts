// Risk: a file in the inbox is imported twice in silence, is lost, or keeps every other file from being imported.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runListSchema } from '@caio/contracts';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { z } from 'zod';
import { createInngestExecutor } from '../testing/inngest-executor.ts';
import { startSchedulerRig, type SchedulerRig } from '../testing/scheduler-rig.ts';

const signingKey = 'signkey-test-0123456789abcdef0123456789abcdef';
const scannedSchema = z.object({
  configured: z.boolean(),
  files: z.array(z.object({ name: z.string(), outcome: z.string(), runId: z.string().nullable() })),
});

let server: RedisServer;
let rig: SchedulerRig;
let folder = '';
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-inbox-'));
  rig = await startRig(folder);
});
afterEach(async () => {
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => server.stop());

const startRig = (inboxFolder?: string, inboxAbandonedMs = 600_000): Promise<SchedulerRig> =>
  startSchedulerRig({
    redisUrl: server.url,
    environment: `test-${randomUUID().slice(0, 8)}`,
    env: { INNGEST_SIGNING_KEY: signingKey },
    inboxLimitBytes: 1_000,
    inboxAbandonedMs,
    ...(inboxFolder === undefined ? {} : { inboxFolder }),
  });

const drop = async (name: string, content: string): Promise<void> => {
  await writeFile(join(folder, name), content);
  const anHourAgo = Date.now() / 1_000 - 3_600;
  await utimes(join(folder, name), anHourAgo, anHourAgo);
};

const scan = async (faults?: { lose?: string; retries?: number }, of: SchedulerRig = rig) => {
  const executor = createInngestExecutor({ port: of.port, signingKey, appId: 'caio-control-plane' });
  const { data, steps } = await executor.execute('pipeline-scan', faults);
  return { ...scannedSchema.parse(data), steps };
};
const runs = async () => {
  const reply = await rig.call({ path: '/api/pipeline-runs' });
  return runListSchema.parse(JSON.parse(reply.text)).runs;
};
const inFolder = async (...sub: string[]): Promise<string[]> => (await readdir(join(folder, ...sub))).sort();

test('each file becomes a run with its bytes, and moves out of the way', async () => {
  await drop('one.csv', 'Email\none@oak.example\n');
  await drop('two.json', '[{"email":"two@oak.example"}]');
  const scanned = await scan();
  expect(scanned.steps).toEqual(['list-files', 'start-one.csv', 'start-two.json']);
  expect(scanned.files.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['one.csv', 'started'],
    ['two.json', 'started'],
  ]);
  const stored = await runs();
  expect(stored.map(({ fileName }) => fileName).sort()).toEqual(['one.csv', 'two.json']);
  expect(
    stored.every(
      ({ startedBy, status, strict }) => startedBy === 'pipeline-scan' && status === 'queued' && !strict,
    ),
  ).toBe(true);
  expect(await rig.jobs()).toBe(2);
  for (const { name, runId } of scanned.files) {
    const kept = await readFile(join(folder, 'taken', `${runId}-${name}`));
    expect((await rig.uploadOf(runId ?? '')).equals(kept)).toBe(true);
  }
  expect(await inFolder()).toEqual(['taken', 'taking']);
  expect(await inFolder('taking')).toEqual([]);
  expect((await scan()).files).toEqual([]);
  expect(await rig.jobs()).toBe(2);
});

test('a step whose answer was lost finds its file taken and starts nothing again', async () => {
  await drop('one.csv', 'Email\none@oak.example\n');
  const scanned = await scan({ lose: 'start-one.csv' });
  expect(scanned.files).toEqual([{ name: 'one.csv', outcome: 'gone', runId: null }]);
  expect(scanned.steps).toEqual(['list-files', 'start-one.csv', 'start-one.csv']);
  expect(await runs()).toHaveLength(1);
  expect(await rig.jobs()).toBe(1);
});

test('a file that is too large is put aside, and the others are imported', async () => {
  await drop('a-large.csv', 'x'.repeat(1_001));
  await drop('b.csv', 'Email\none@oak.example\n');
  const scanned = await scan();
  expect(scanned.files.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['a-large.csv', 'too_large'],
    ['b.csv', 'started'],
  ]);
  expect(await inFolder('refused')).toEqual([expect.stringMatching(/-a-large\.csv$/)]);
  expect(await runs()).toHaveLength(1);
  expect((await rig.storedRuns()).filter((key) => key.includes('run-upload'))).toHaveLength(1);
});

test('a file that cannot be moved starts nothing however often it is tried, and is taken when it can be', async () => {
  await drop('one.csv', 'Email\none@oak.example\n');
  await symlink(join(folder, 'nowhere'), join(folder, 'taking'));
  await expect(scan({ retries: 2 })).rejects.toThrow('start-one.csv failed');
  expect([await runs(), await rig.storedRuns(), await rig.jobs()]).toEqual([[], [], 0]);
  expect(await inFolder()).toEqual(['one.csv', 'taking']);
  await rm(join(folder, 'taking'));
  expect((await scan()).files[0]?.outcome).toBe('started');
});

test('a file whose import died in the middle is imported by a later scan', async () => {
  await mkdir(join(folder, 'taking'));
  await drop('taking/1767600000000-one.csv', 'Email\none@oak.example\n');
  expect((await scan()).files).toEqual([]);
  const later = await startRig(folder, 0);
  try {
    const { files } = await scan({}, later);
    expect(files).toMatchObject([{ name: 'one.csv', outcome: 'started' }]);
    expect(await inFolder('taken')).toEqual([`${files[0]?.runId}-one.csv`]);
  } finally {
    await later.close();
  }
});

test('a store that is away fails the step, which is tried again, and leaves the file where it is', async () => {
  await drop('one.csv', 'Email\none@oak.example\n');
  const own = await startRedis();
  const alone = await startSchedulerRig({
    redisUrl: own.url,
    environment: 'test-away',
    env: { INNGEST_SIGNING_KEY: signingKey },
    inboxFolder: folder,
  });
  try {
    await own.kill9();
    await expect(scan({ retries: 2 }, alone)).rejects.toThrow('start-one.csv failed');
    expect(await inFolder()).toEqual(['one.csv', 'taking']);
    expect(await inFolder('taking')).toEqual([]);
  } finally {
    await own.restart();
    await alone.close();
    await own.stop();
  }
});

test('an empty inbox starts nothing, and without one the function says so', async () => {
  expect(await scan()).toEqual({ configured: true, files: [], steps: ['list-files'] });
  const without = await startRig();
  try {
    expect(await scan({}, without)).toEqual({ configured: false, files: [], steps: [] });
  } finally {
    await without.close();
  }
});
