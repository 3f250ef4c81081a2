// Risk: a page of rows leaves one out or shows one twice, and somebody acts on a list that is not whole.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runAnswerSchema, runListSchema, runRowsSchema, type RowOutcome } from '@caio/contracts';
import { startRedis, type RedisServer } from '@caio/test-kit';
import fc from 'fast-check';
import { badRow, fileOf, intern, rowOf } from '../../testing/lead-rows.ts';
import { createPipelineRig, type PipelineRig } from '../../testing/pipeline-rig.ts';
import { startSchedulerRig, type SchedulerRig } from '../../testing/scheduler-rig.ts';

let server: RedisServer;
let rig: SchedulerRig;
let pipeline: PipelineRig;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  const environment = `test-${randomUUID().slice(0, 8)}`;
  rig = await startSchedulerRig({ redisUrl: server.url, environment });
  pipeline = createPipelineRig({ redisUrl: server.url, environment });
});
afterEach(async () => {
  await pipeline.close();
  await rig.close();
});
afterAll(() => server.stop());

/** Every row of a run, page by page, and how many pages that took. */
const pageThrough = async (runId: string, limit: number): Promise<{ rows: RowOutcome[]; pages: number }> => {
  const rows: RowOutcome[] = [];
  let pages = 0;
  for (let after: number | null = 0; after !== null; pages += 1) {
    if (pages > 2_000) throw new Error('the pages do not end');
    const reply = await rig.call({ path: `/api/pipeline-runs/${runId}/rows?after=${after}&limit=${limit}` });
    expect(reply.status).toBe(200);
    const page: ReturnType<typeof runRowsSchema.parse> = runRowsSchema.parse(JSON.parse(reply.text));
    rows.push(...page.rows);
    after = page.nextAfter;
  }
  return { rows, pages };
};

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `person${index}@oak.example`, title: 'Intern' }));
const blank = ',,,,,,,,,,';

describe('all rows come, each once and in order, whatever the size of a page', () => {
  test.each<[string, string, string, number[]]>([
    ['of a CSV file, whose header is line 1', 'leads.csv', fileOf([intern(1), rowOf(2), badRow]), [2, 3, 4]],
    ['of a JSON file, whose first line is 1', 'leads.json', JSON.stringify(people(3)), [1, 2, 3]],
    ['of one row', 'leads.csv', fileOf([intern(1)]), [2]],
    ['of one object', 'leads.json', JSON.stringify(people(1)), [1]],
    [
      'with rows of empty cells between them, which have a line and no outcome',
      'leads.csv',
      fileOf([
        intern(1),
        ...Array.from({ length: 9 }, () => blank),
        '',
        intern(2),
        '',
        blank,
        blank,
        badRow,
        blank,
      ]),
      [2, 12, 15],
    ],
  ])('%s', async (_name, fileName, content, lines) => {
    const { run } = await pipeline.importFile(content, { fileName });
    for (const limit of [1, 2, 3, 4, 5, 14, 2_000]) {
      const { rows, pages } = await pageThrough(run.runId, limit);
      expect([limit, rows.map(({ line }) => line)]).toEqual([limit, lines]);
      expect(pages).toBe(Math.ceil((lines.at(-1) ?? 0) / limit));
    }
  });

  test('of a strict import that was refused for rows far down', async () => {
    const content = fileOf([...Array.from({ length: 600 }, (_, index) => intern(index)), badRow, badRow]);
    const { run } = await pipeline.importFile(content, { strict: true });
    expect((await pageThrough(run.runId, 500)).rows.map(({ line }) => line)).toEqual([602, 603]);
  });

  test('of a file that broke off', async () => {
    const { run } = await pipeline.importFile(`${fileOf([intern(1), rowOf(2), intern(3)])}"never closed`);
    expect(run.status).toBe('failed');
    expect((await pageThrough(run.runId, 2)).rows.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  test('at any lines', async () => {
    const { run } = await pipeline.importFile(fileOf([intern(1)]));
    const [example] = (await pipeline.read(run.runId)).rows;
    if (example === undefined) throw new Error('the example has a row');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 450 }),
        async (lines, limit) => {
          const runId = `run_${randomUUID()
            .replaceAll('-', '')
            .toUpperCase()
            .slice(0, 26)
            .replace(/[ILOU]/g, '0')}`;
          const sorted = [...lines].sort((one, two) => one - two);
          await rig.runs.saveRows(
            runId,
            lines.map((line) => ({ ...example, line })),
          );
          await rig.runs.save(
            runAnswerSchema.parse({ run: { ...run, runId, rowsRead: lines.length, lastLine: sorted.at(-1) } })
              .run,
          );
          expect((await pageThrough(runId, limit)).rows.map(({ line }) => line)).toEqual(sorted);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('a page is 500 lines unless told otherwise, 2,000 at most', async () => {
  const { run } = await pipeline.importFile(JSON.stringify(people(501)), { fileName: 'leads.json' });
  const path = `/api/pipeline-runs/${run.runId}/rows`;
  const first = runRowsSchema.parse(JSON.parse((await rig.call({ path })).text));
  expect([first.rows.length, first.nextAfter]).toEqual([500, 500]);
  for (const query of ['limit=0', 'limit=2001', 'limit=x', 'after=-1', 'after=1.5'])
    expect([query, (await rig.call({ path: `${path}?${query}` })).status]).toEqual([query, 400]);
  const behind = runRowsSchema.parse(JSON.parse((await rig.call({ path: `${path}?after=9999` })).text));
  expect(behind).toEqual({ rows: [], nextAfter: null });
});

test('a run is shown as it is stored, the newest first in the list', async () => {
  const runIds: string[] = [];
  for (const number of [1, 2, 3]) {
    pipeline.clock.advance(1_000);
    runIds.push((await pipeline.importFile(fileOf([intern(number)]))).run.runId);
  }
  const [oldest = ''] = runIds;
  const shown = runAnswerSchema.parse(
    JSON.parse((await rig.call({ path: `/api/pipeline-runs/${oldest}` })).text),
  );
  expect(shown.run).toEqual((await pipeline.read(oldest)).run);
  const listed = runListSchema.parse(
    JSON.parse((await rig.call({ path: '/api/pipeline-runs?limit=2' })).text),
  );
  expect(listed.runs.map(({ runId }) => runId)).toEqual(runIds.reverse().slice(0, 2));
  const rest = runListSchema.parse(
    JSON.parse(
      (await rig.call({ path: `/api/pipeline-runs?limit=2&cursor=${listed.nextCursor ?? ''}` })).text,
    ),
  );
  expect([rest.runs.map(({ runId }) => runId), rest.nextCursor]).toEqual([[oldest], null]);
});

test.each(['abc|-1|[]|0', 'abc', '-1', 'run_01TE0000000000000000000009'])(
  'a cursor that is none (%s) is 400, never the first page again',
  async (cursor) => {
    const path = `/api/pipeline-runs?cursor=${encodeURIComponent(cursor)}`;
    expect((await rig.call({ path })).status).toBe(400);
  },
);

describe('a run that is not shown', () => {
  const missing = '/api/pipeline-runs/run_01TE0000000000000000000009';
  test.each([
    ['that is not there', missing, 404],
    ['whose rows are not there', `${missing}/rows`, 404],
    ['with an id of another form', '/api/pipeline-runs/latest', 400],
    ['with an id that is a path', '/api/pipeline-runs/..%2f..%2fx', 400],
  ])('%s', async (_name, path, status) => {
    expect((await rig.call({ path })).status).toBe(status);
  });

  test.each(['', '/run_01TE0000000000000000000009', '/run_01TE0000000000000000000009/rows'])(
    'to somebody who may not read (%s)',
    async (rest) => {
      const path = `/api/pipeline-runs${rest}`;
      expect((await rig.call({ path, permissions: ['runs:write'] })).status).toBe(403);
      expect((await rig.call({ path, permissions: null })).status).toBe(403);
      expect((await rig.call({ path, from: 'gatekeeper', permissions: null })).status).toBe(403);
      expect((await rig.callOpen({ path })).status).toBe(401);
    },
  );
});
