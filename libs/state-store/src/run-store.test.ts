// Risk: an uploaded file is not byte for byte what a person sent, or a run's outcomes are lost, doubled or misread.
import { pipelineRunSchema, type PipelineRun, type RowOutcome } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CorruptRecordError } from './record.ts';
import { createRunStore, type RunStore } from './run-store.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let runs: RunStore;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  runs = createRunStore(gate.session);
});
afterAll(() => fixture.close());

const uploaded = async (runId: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of runs.upload(runId)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const runOf = (overrides: Partial<PipelineRun> = {}): PipelineRun =>
  pipelineRunSchema.parse({
    runId: fixture.ids.runId(),
    status: 'queued',
    fileName: 'leads – März.csv',
    format: null,
    startedBy: 'operator',
    strict: false,
    overrides: {},
    correlationId: 'correlation-1',
    createdAt: '2026-01-05T12:00:00.000Z',
    finishedAt: null,
    rowsRead: 0,
    rowsDone: 0,
    counts: {},
    withoutDraft: {},
    mapping: [],
    ignoredColumns: [],
    error: null,
    ...overrides,
  });

const rowOf = (line: number, overrides: Partial<RowOutcome> = {}): RowOutcome => ({
  line,
  physicalLine: line + 2,
  email: `p${line}@acme.example`,
  verdict: 'drafted',
  tier: 'tier_1',
  score: 88,
  reasons: ['title_ceo'],
  ...overrides,
});

describe('an upload', () => {
  test('comes back byte for byte, in order, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 8 }),
        async (chunks) => {
          const runId = fixture.ids.runId();
          for (const chunk of chunks) await runs.appendUpload(runId, Buffer.from(chunk));
          expect(await uploaded(runId)).toEqual(Buffer.concat(chunks));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('with bytes that are no text stays as it is', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0xc3, 0x28, 0x80, 0x00]);
    await runs.appendUpload('run_1', bytes.subarray(0, 6));
    await runs.appendUpload('run_1', bytes.subarray(6));
    expect(await uploaded('run_1')).toEqual(bytes);
    await runs.dropUpload('run_1');
    expect(await uploaded('run_1')).toHaveLength(0);
  });

  test('goes by itself in the end', async () => {
    await runs.appendUpload('run_1', Buffer.from('x'));
    expect(await gate.redis.ttl(gate.keys.runUpload('run_1'))).toBeGreaterThan(0);
  });
});

describe('a run', () => {
  test('is read as it was saved, the last saved state counts, and an unknown one is absent', async () => {
    const run = runOf();
    await runs.save(run);
    const done = { ...run, status: 'done' as const, rowsDone: 3, counts: { drafted: 3 } };
    await runs.save(done);
    expect(await runs.read(run.runId)).toEqual(done);
    expect(await runs.read(fixture.ids.runId())).toBeNull();
  });

  test('is listed newest first; one past its retention is left out, not an error', async () => {
    const list = ['2026-01-05T12:00:00.000Z', '2026-01-07T12:00:00.000Z', '2026-01-06T12:00:00.000Z'].map(
      (createdAt) => runOf({ createdAt }),
    );
    for (const run of list) await runs.save(run);
    expect((await runs.list(10)).map(({ createdAt }) => createdAt.slice(8, 10))).toEqual(['07', '06', '05']);
    expect(await runs.list(1)).toEqual([list[1]]);
    await gate.redis.del(gate.keys.run(list[1]?.runId ?? ''));
    expect((await runs.list(10)).map(({ createdAt }) => createdAt.slice(8, 10))).toEqual(['06', '05']);
  });

  test('comes once when the list is read page by page, also when one is started meanwhile', async () => {
    const list = ['05', '07', '06', '04', '08'].map((day) =>
      runOf({ createdAt: `2026-01-${day}T12:00:00.000Z` }),
    );
    for (const run of list) await runs.save(run);
    const days: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof runs.page>> = await runs.page(cursor, 2);
      if (page === null) throw new Error('a cursor of ours is refused');
      days.push(...page.runs.map(({ createdAt }) => createdAt.slice(8, 10)));
      if (cursor === null) await runs.save(runOf({ createdAt: '2026-01-09T12:00:00.000Z' }));
      if ((cursor = page.nextCursor) === null) break;
    }
    expect(days).toEqual(['08', '07', '06', '05', '04']);
    expect(await runs.page('no cursor', 1)).toBeNull();
  });

  test('that is damaged is an error that names it, never "absent"', async () => {
    const run = runOf();
    await runs.save(run);
    await gate.redis.set(gate.keys.run(run.runId), '{"runId":');
    await expect(runs.read(run.runId)).rejects.toThrow(CorruptRecordError);
    await gate.redis.set(gate.keys.run(run.runId), JSON.stringify({ ...run, status: 'paused' }));
    await expect(runs.read(run.runId)).rejects.toThrow(/status/);
    await expect(runs.list(10)).rejects.toThrow(CorruptRecordError);
  });
});

describe('rows of a run', () => {
  test('written again replace themselves, so a retried run adds nothing', async () => {
    await runs.saveRows('run_1', [rowOf(2), rowOf(3)]);
    await runs.saveRows('run_1', [rowOf(3, { verdict: 'parked', tier: null }), rowOf(4)]);
    await runs.saveRows('run_1', []);
    expect(await runs.readRows('run_1', [4, 2, 3, 9])).toEqual([
      rowOf(4),
      rowOf(2),
      rowOf(3, { verdict: 'parked', tier: null }),
      null,
    ]);
    expect(await gate.redis.hlen(gate.keys.runRows('run_1'))).toBe(3);
    expect(await runs.readRows('run_1', [])).toEqual([]);
  });

  test('of one run are not those of another, and a damaged one is an error', async () => {
    await runs.saveRows('run_1', [rowOf(2)]);
    expect(await runs.readRows('run_2', [2])).toEqual([null]);
    await gate.redis.hset(gate.keys.runRows('run_1'), '2', '{"line":2}');
    await expect(runs.readRows('run_1', [2])).rejects.toThrow(CorruptRecordError);
  });
});
