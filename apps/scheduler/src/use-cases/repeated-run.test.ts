// Risk: a run that died, or that waits for a gate which does not answer, hands drafts on twice or never ends.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunStore } from '@caio/state-store';
import { startRedis, waitFor, type RedisServer } from '@caio/test-kit';
import { badRow, fileOf, intern, rowOf } from '../testing/lead-rows.ts';
import { createPipelineRig, type PipelineRig } from '../testing/pipeline-rig.ts';
import type { IntakeAnswers } from '../intake-answers.ts';
import { createRunPipelineJob } from './run-pipeline-job.ts';
import { comparable, expectWhole, verdicts } from '../testing/whole-run.ts';

let server: RedisServer;
let rig: PipelineRig;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(() => {
  rig = createPipelineRig({ redisUrl: server.url, environment: `test-${randomUUID().slice(0, 8)}` });
});
afterEach(() => rig.close());
afterAll(() => server.stop());

describe('a run that is made again', () => {
  // More rows than are handed on at once, most of them decided here.
  const content = fileOf([
    ...Array.from({ length: 20 }, (_, index) => rowOf(index)),
    ...Array.from({ length: 240 }, (_, index) => intern(1_000 + index)),
    badRow,
    rowOf(5),
    ...Array.from({ length: 20 }, (_, index) => rowOf(2_000 + index)),
  ]);

  /** A store that fails at its nth write, as one does when the process or the connection dies there. */
  const failingAt = (nth: number) => {
    let writes = 0;
    const fail = <Args extends unknown[]>(write: (...args: Args) => Promise<void>) => {
      return async (...args: Args): Promise<void> => {
        writes += 1;
        if (writes === nth) throw new Error('the process died here');
        await write(...args);
      };
    };
    const wrap = (real: RunStore): RunStore => ({
      ...real,
      save: fail(real.save),
      saveRows: fail(real.saveRows),
      dropUpload: fail(real.dropUpload),
    });
    return { wrap, writes: () => writes };
  };

  /** A gate that has answered whenever it is asked, so that a run writes as often each time. */
  const settledGate = (real: IntakeAnswers): IntakeAnswers => ({
    ...real,
    count: () => Promise.resolve(40),
    all: async (runId, correlationId) => {
      await waitFor(async () => (await real.count(runId, correlationId)) === 40, {
        timeoutMs: 10_000,
        describe: 'every answer of the gate',
      });
      return real.all(runId, correlationId);
    },
  });

  test('after a crash at any write ends with the same rows and adds no second job', async () => {
    const whole = failingAt(0);
    const undisturbed = await rig.importFile(content, {}, { runs: whole.wrap, intakeAnswers: settledGate });
    const jobs = rig.handed.splice(0).length;
    await expectWhole(rig, undisturbed, 282);
    expect(whole.writes()).toBeGreaterThan(8);

    for (let nth = 1; nth <= whole.writes(); nth += 1) {
      const runId = await rig.start(content);
      const failing = failingAt(nth);
      await expect(
        rig.runner({ runs: failing.wrap, intakeAnswers: settledGate }).run({ runId }),
      ).rejects.toThrow('died here');
      await rig.runner().run({ runId });
      const again = await rig.read(runId);
      expect(comparable(again)).toEqual(comparable(undisturbed));
      const lines = rig.handed.splice(0).map(({ line }) => line);
      expect([nth, lines.length, new Set(lines).size]).toEqual([nth, jobs, jobs]);
      expect(await rig.hasUpload(runId)).toBe(nth === whole.writes());
    }
  });

  test('while it waits for the gate, and is run by somebody else at the same time, is the same run', async () => {
    const runId = await rig.start(content);
    await Promise.all([rig.runner().run({ runId }), rig.runner().run({ runId })]);
    const imported = await rig.read(runId);
    await expectWhole(rig, imported, 282);
    expect(new Set(rig.handed.map(({ line }) => line)).size).toBe(rig.handed.length);
  });

  test('when it is done, has failed or never was, does nothing', async () => {
    const done = await rig.importFile(fileOf([rowOf(1)]));
    const failed = await rig.importFile('');
    rig.handed.length = 0;
    for (const { run } of [done, failed]) {
      await rig.runner().run({ runId: run.runId });
      await rig.runner().giveUp({ runId: run.runId });
      expect((await rig.read(run.runId)).run).toEqual(run);
    }
    await rig.runner().run({ runId: 'run_01TE0000000000000000000009' });
    expect(rig.handed).toEqual([]);
  });

  test('that could never be carried out is given up with its last try, and not before', async () => {
    const runId = await rig.start(content);
    const { run: queued } = await rig.read(runId);
    const job = createRunPipelineJob({ pipeline: rig.runner({ runs: failingAt(3).wrap }), attemptsMax: 2 });
    await expect(job(queued, { attempt: 1 })).rejects.toThrow('died here');
    expect((await rig.read(runId)).run.status).toBe('running');
    expect(await rig.hasUpload(runId)).toBe(true);

    const last = createRunPipelineJob({ pipeline: rig.runner({ runs: failingAt(3).wrap }), attemptsMax: 2 });
    await expect(last(queued, { attempt: 2 })).rejects.toThrow('died here');
    const { run } = await rig.read(runId);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'run_interrupted' } });
    expect(run.error?.fix).toContain('import the file again');
    expect(await rig.hasUpload(runId)).toBe(false);
  });
});

describe('a gate that takes its time', () => {
  const handedOn = (count: number) =>
    waitFor(() => rig.handed.length >= count, { timeoutMs: 10_000, describe: 'the drafts to be handed on' });

  test('is waited for, also while it does not answer at all', async () => {
    let asked = 0;
    const imported = await rig.importFile(
      fileOf([rowOf(1), rowOf(2)]),
      {},
      {
        intakeAnswers: (real) => ({
          ...real,
          count: async (runId, correlationId) => {
            asked += 1;
            return asked < 40 ? null : real.count(runId, correlationId);
          },
          all: async (runId, correlationId) => (asked < 45 ? null : real.all(runId, correlationId)),
        }),
        pause: () => async () => {
          await handedOn(2);
          rig.clock.advance(5_000);
        },
      },
    );
    await expectWhole(rig, imported, 2);
    expect(imported.run.status).toBe('done');
    expect(asked).toBeGreaterThanOrEqual(45);
  });

  test('and for ever, ends the run with a verdict for every row and the number of those it said nothing to', async () => {
    const imported = await rig.importFile(
      fileOf([rowOf(1), rowOf(2), rowOf(3), badRow]),
      {},
      {
        intakeAnswers: (real) => ({
          ...real,
          count: async (runId, correlationId) => Math.min((await real.count(runId, correlationId)) ?? 0, 2),
          all: async (runId, correlationId) => {
            const all = await real.all(runId, correlationId);
            return new Map([...(all ?? [])].filter(([line]) => line !== 3));
          },
        }),
        pause: () => async () => {
          await handedOn(3);
          rig.clock.advance(60_000);
        },
      },
    );
    expect(verdicts(imported)).toEqual(['2 drafted', '3 parked', '4 drafted', '5 bad_row']);
    expect(imported.rows[1]?.reasons).toEqual(['gate_silent']);
    await expectWhole(rig, imported, 4);
    expect(imported.run).toMatchObject({
      status: 'failed',
      error: { code: 'gate_silent', message: expect.stringContaining('1 of 3') },
    });
  });

  test('is not asked about answers that an earlier pass got under other rules', async () => {
    // Handed on once as good leads; when it runs again the author has nothing for them any more.
    const content = fileOf([rowOf(1), rowOf(2), rowOf(3)]);
    const runId = await rig.start(content);
    const stop = new Error('the process died here');
    await expect(
      rig
        .runner({
          pause: () => () => Promise.reject(stop),
          intakeAnswers: (real) => ({
            ...real,
            count: () => Promise.resolve(0),
            all: () => Promise.resolve(new Map()),
          }),
        })
        .run({ runId }),
    ).rejects.toThrow(stop);
    const drafter = rig.drafterExcept('ava.stone@oaklane-2.example');
    await rig.runner({ drafter }).run({ runId });
    const imported = await rig.read(runId);
    expect(verdicts(imported)).toEqual(['2 drafted', '3 parked', '4 drafted']);
    await expectWhole(rig, imported, 3);
  });

  test('and refuses to say is not asked for ever', async () => {
    const runId = await rig.start(fileOf([rowOf(1)]));
    const refused = new Error('the gatekeeper refused to answer');
    await expect(
      rig
        .runner({ intakeAnswers: (real) => ({ ...real, count: () => Promise.reject(refused) }) })
        .run({ runId }),
    ).rejects.toThrow(refused);
    expect((await rig.read(runId)).run.status).toBe('running');
  });
});
