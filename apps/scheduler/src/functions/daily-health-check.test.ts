// Risk: a part cannot work for days and the daily check says nothing, or cries although all is well.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { getAsyncCtx } from 'inngest/experimental';
import { createInngestExecutor } from '../testing/inngest-executor.ts';
import { startSchedulerRig, type SchedulerRig } from '../testing/scheduler-rig.ts';
import type { PartHealth } from './daily-health-check.ts';

const signingKey = 'signkey-test-0123456789abcdef0123456789abcdef';

let server: RedisServer;
let rig: SchedulerRig | null = null;
beforeAll(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await rig?.close();
  rig = null;
});
afterAll(() => server.stop());

const checkWith = async (parts: () => Promise<PartHealth[]>, faults?: { lose: string }) => {
  const started = await startSchedulerRig({
    redisUrl: server.url,
    environment: 'test-health',
    env: { INNGEST_SIGNING_KEY: signingKey },
    parts,
  });
  rig = started;
  const executor = createInngestExecutor({ port: started.port, signingKey, appId: 'caio-control-plane' });
  const { data } = await executor.execute('daily-health-check', faults);
  const lines = started
    .log()
    .split('\n')
    .filter((line) => line.includes('the daily health check'));
  return { data, lines };
};

const part = (name: string, ready: boolean): PartHealth => ({
  part: name,
  ready,
  message: ready ? 'ready' : 'answers 503',
});

test('a part that cannot work is an error in the log, by name', async () => {
  const parts = [part('gatekeeper', false), part('webhooks', true)];
  const { data, lines } = await checkWith(() => Promise.resolve(parts));
  expect(data).toEqual({ parts });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', failing: [part('gatekeeper', false)] });
});

test('all well is one quiet line', async () => {
  const { lines } = await checkWith(() => Promise.resolve([part('gatekeeper', true)]));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', parts: 1 });
});

test('what was found is what is reported, also when a step is carried out again', async () => {
  let asked = 0;
  const { data, lines } = await checkWith(
    () => {
      asked += 1;
      return Promise.resolve([part('gatekeeper', asked > 1)]);
    },
    { lose: 'report' },
  );
  expect(asked).toBe(1);
  expect(data).toEqual({ parts: [part('gatekeeper', false)] });
  expect(lines.every((line) => line.includes('"error"'))).toBe(true);
});

test('a step runs inside the context of its execution, as it does in production', async () => {
  let executed: unknown;
  await checkWith(async () => {
    executed = (await getAsyncCtx())?.execution;
    return [part('gatekeeper', true)];
  });
  expect(executed).toBeDefined();
});
