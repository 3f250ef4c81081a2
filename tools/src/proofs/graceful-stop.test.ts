// Risk: a deployment that replaces a service, or a machine that shuts down, loses the job in hand, sends it twice, or leaves nobody knowing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runListSchema } from '@caio/contracts';
import { startProcess, startProviderSimulator, startRedis, waitFor } from '@caio/test-kit';
import { runLeadFile } from '../once/lead-file-job.ts';
import { serviceEnvironment } from '../stack/stack-settings.ts';
import { buildBundles } from './testing/bundles.ts';
import { createGatekeeperRig } from './testing/gatekeeper-rig.ts';
import { compareWithProvider } from './testing/provider-comparison.ts';
import { startTestStack } from './testing/running-stack.ts';

/** What docker compose waits between SIGTERM and SIGKILL. */
const graceMs = 45_000;

test('a gatekeeper asked to stop while it sends finishes what it has in hand, and the next one sends the rest', async () => {
  buildBundles();
  const redis = await startRedis({ aof: 'everysec' });
  const simulator = await startProviderSimulator({ port: 0 });
  const rig = await createGatekeeperRig({ redis, simulator });
  try {
    await rig.start();
    const batch = await rig.approvedBatch(300);
    // Slow enough to be under way when the signal comes, quick enough to be finished within the drain time.
    simulator.setFaults(
      Array.from({ length: 40 }, (_, index) => ({
        endpoint: 'POST /leads' as const,
        hit: 60 + index,
        effect: { kind: 'delay' as const, delayMs: 500 },
      })),
    );
    await rig.must('POST', `/api/batches/${batch.batchId}/execute`);
    await waitFor(() => rig.handedOver().length >= 60, {
      timeoutMs: 30_000,
      describe: () => 'the first messages to be handed over',
    });
    const store = rig.redis();
    expect(await store.zcard(rig.keys.actionsSending)).toBeGreaterThan(0);
    expect(await rig.running().stop(graceMs)).toEqual({ code: 0, signal: null });

    expect(await store.zcard(rig.keys.actionsSending)).toBe(0);
    expect(await store.zcard(rig.keys.actionsUnknown)).toBe(0);
    expect(rig.handedOver().length).toBeLessThan(300);

    await rig.start();
    expect((await rig.finished(batch.batchId)).status).toBe('executed');
    expect(compareWithProvider(batch.preview.actions, rig.handedOver())).toEqual({
      lost: [],
      duplicated: [],
      unapproved: [],
    });
    const receipts = await rig.receipts(batch.batchId);
    expect(new Set(receipts.map(({ outcome }) => outcome))).toEqual(new Set(['handed_over']));
  } finally {
    await rig.close();
    await simulator.close();
    await redis.stop();
  }
}, 120_000);

test('a scheduler asked to stop in the middle of a lead file ends by itself, and the next one goes on to the last row', async () => {
  const rows = 2_000;
  const folder = mkdtempSync(join(tmpdir(), 'caio-stop-'));
  const stack = await startTestStack();
  try {
    const file = join(folder, 'leads.csv');
    writeFileSync(
      file,
      [
        'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue',
        ...Array.from(
          { length: rows },
          (_, at) =>
            `Ada,Holm,CEO,Stop ${at} Agency,ada@stop-${at}.example,Verified,120,Marketing & Advertising,https://stop-${at}.example,$30M`,
        ),
      ].join('\n'),
    );
    const scheduler = stack.stack.children.find(({ name }) => name === 'scheduler');
    const reader = runLeadFile(stack.api, { file, strict: false, map: [] }, () => undefined).catch(
      (error: unknown) => error,
    );
    await waitFor(async () => ((await stack.api.queueStatus()).drafts['pending'] ?? 0) > 200, {
      timeoutMs: 30_000,
      describe: () => 'some drafts to arrive',
    });
    await scheduler?.stop(graceMs);
    expect(await scheduler?.ended).toBe('scheduler ended with exit code 0');
    // Whoever follows the run is told that the scheduler is away; the run is in the store.
    await reader;

    const again = await startProcess({
      command: process.execPath,
      args: [stack.programs.get('scheduler') ?? ''],
      env: { ...serviceEnvironment(stack.settings, 'scheduler'), CAIO_PARENT_PID: undefined },
      readyWhen: (started) => started.stdout().includes('"ready":true'),
    });
    try {
      const { runs } = await stack.client.call(
        { method: 'GET', path: '/api/pipeline-runs?limit=1' },
        runListSchema,
      );
      const runId = runs[0]?.runId ?? '';
      const run = await waitFor(
        async () => {
          const state = (await stack.api.run(runId)).run;
          return state.status === 'done' || state.status === 'failed' ? state : null;
        },
        { timeoutMs: 90_000, describe: () => 'the run to go on by itself' },
      );
      expect(run).toMatchObject({ status: 'done', rowsRead: rows, counts: { drafted: rows } });
      const verdicts = await stack.api.rows(runId);
      expect(new Set(verdicts.map(({ line }) => line)).size).toBe(rows);
      expect((await stack.api.queueStatus()).drafts['pending']).toBe(rows);
    } finally {
      await again.kill9();
    }
  } finally {
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
