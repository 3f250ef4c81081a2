// Risk: a large lead file is held in memory, and the service that reads it is ended by its host.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunStore } from '@caio/state-store';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { createPipelineRig, type PipelineRig } from '../testing/pipeline-rig.ts';
import { fileOf, header, intern, rowOf } from '../testing/lead-rows.ts';

const rowCount = 10_000;
/** Room for the keys of everybody seen, and not for the rows themselves. */
const bytesPerRowMax = 1_000;

let server: RedisServer;
let rig: PipelineRig;
beforeAll(async () => {
  server = await startRedis();
  rig = createPipelineRig({ redisUrl: server.url, environment: 'test-large' });
});
afterAll(async () => {
  await rig.close();
  await server.stop();
});

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');
const heapBytes = (): number => {
  if (typeof collectGarbage !== 'function') throw new Error('this Node cannot be asked to collect garbage');
  Reflect.apply(collectGarbage, undefined, []);
  return process.memoryUsage().heapUsed;
};

test('ten thousand rows are read, judged and handed on without being kept', async () => {
  // Wide rows, most of which are decided here: what they hold must be gone once they are stored.
  const notes = 'note '.repeat(100);
  const rows = Array.from(
    { length: rowCount },
    (_, index) => `${index % 10 === 0 ? rowOf(index) : intern(index)},${notes} ${index}`,
  );
  const content = `${header},Notes\n${rows.join('\n')}\n`;
  const runId = await rig.start(content);
  await rig.runner().run({ runId: await rig.start(fileOf([rowOf(1)])) });
  rig.forgetHanded();
  const before = heapBytes();
  let highest = 0;
  let chunks = 0;
  const runs = (real: RunStore): RunStore => ({
    ...real,
    save: async (run) => {
      chunks += 1;
      if (chunks % 10 === 0) highest = Math.max(highest, heapBytes());
      rig.forgetHanded();
      await real.save(run);
    },
  });
  await rig.runner({ runs }).run({ runId });
  expect(chunks).toBeGreaterThan(rowCount / 250);
  const { run } = await rig.read(runId);
  expect(run).toMatchObject({
    status: 'done',
    rowsRead: rowCount,
    counts: { drafted: 1_000, disqualified: 9_000 },
  });
  expect((highest - before) / rowCount).toBeLessThan(bytesPerRowMax);
});
