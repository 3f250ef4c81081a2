// Risk: a file is imported twice and people are written to twice, or a crash in the middle of it loses rows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RowOutcome, runListSchema } from '@caio/contracts';
import { startProcess, waitFor } from '@caio/test-kit';
import { request } from 'undici';
import { runLeadFile } from '../once/lead-file-job.ts';
import { serviceEnvironment } from '../stack/stack-settings.ts';
import { root } from './testing/gatekeeper-process.ts';
import { startTestStack, type TestStack } from './testing/running-stack.ts';

let stack: TestStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-import-'));
  stack = await startTestStack();
}, 60_000);
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

const quiet = (): void => undefined;
const importFile = (file: string) => runLeadFile(stack.api, { file, strict: false, map: [] }, quiet);
const countOf = (rows: readonly RowOutcome[], verdict: string): number =>
  rows.filter((row) => row.verdict === verdict).length;
const draftsInAll = async (): Promise<number> =>
  Object.values((await stack.api.queueStatus()).drafts).reduce((sum, count) => sum + count, 0);

const header =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue';
const people = (count: number, group: string): string =>
  [
    header,
    ...Array.from(
      { length: count },
      (_, index) =>
        `Ada,Holm,CEO,${group} ${index} Agency,ada@${group}-${index}.example,Verified,120,Marketing & Advertising,https://${group}-${index}.example,$30M`,
    ),
  ].join('\n');

test('the same file a second time adds nothing, and says of each lead that it is known', async () => {
  const file = join(root, 'examples/leads.csv');
  const first = await importFile(file);
  const before = await draftsInAll();
  const second = await importFile(file);
  expect(await draftsInAll()).toBe(before);
  expect(countOf(second.rows, 'drafted')).toBe(0);
  const held = countOf(first.rows, 'drafted') + countOf(first.rows, 'duplicate');
  expect(countOf(second.rows, 'duplicate')).toBeGreaterThanOrEqual(held);
  for (const verdict of ['disqualified', 'excluded', 'bad_row']) {
    expect([verdict, countOf(second.rows, verdict)]).toEqual([verdict, countOf(first.rows, verdict)]);
  }
}, 60_000);

test('the scheduler killed in the middle of 1,000 rows: after its restart every row has one verdict and no person two drafts', async () => {
  const file = join(folder, 'many.csv');
  writeFileSync(file, people(1_000, 'many'));
  const scheduler = stack.stack.children.find(({ name }) => name === 'scheduler');
  const running = importFile(file).catch((error: unknown) => error);
  await waitFor(async () => ((await stack.api.queueStatus()).drafts['pending'] ?? 0) > 200, {
    timeoutMs: 30_000,
    describe: () => 'some drafts to arrive',
  });
  scheduler?.signal('SIGKILL');
  await scheduler?.ended;
  // The client sees the outage in words and gives up; the run itself is in the store.
  await running;
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
    expect(run).toMatchObject({ status: 'done', rowsRead: 1_000 });
    const rows = await stack.api.rows(runId);
    expect(new Set(rows.map(({ line }) => line)).size).toBe(1_000);
    expect(countOf(rows, 'drafted')).toBe(1_000);
  } finally {
    await again.kill9();
  }
}, 150_000);

test('somebody who clicks the link in a message that is not sent yet is not written to', async () => {
  const drafts = (await stack.api.drafts('pending'))
    .filter(({ message }) => message.recipient.email.includes('@many-'))
    .slice(0, 2);
  for (const draft of drafts) await stack.api.approveDraft(draft.draftId, draft.contentDigest);
  const frozen = await stack.api.freezeBatch({
    motion: 'outbound',
    dryRun: false,
    draftIds: drafts.map(({ draftId }) => draftId),
  });
  const batchId = frozen.batch?.batchId ?? '';
  await stack.api.approveBatch(batchId, frozen.previewHash);
  const [clicks, stays] = drafts;
  const link = new URL(clicks?.message.unsubscribeUrl ?? '');
  const page = await request(`${stack.stack.gatewayUrl}${link.pathname}`);
  expect([page.statusCode, (await page.body.text()).includes('Stop these messages?')]).toEqual([200, true]);
  const click = await request(`${stack.stack.gatewayUrl}${link.pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(click.statusCode).toBe(200);
  await click.body.dump();
  await waitFor(
    async () =>
      (await stack.api.suppressions()).some(({ personKey }) => personKey === clicks?.message.recipientKey),
    {
      timeoutMs: 10_000,
      describe: () => 'the wish to be applied',
    },
  );
  await stack.api.executeBatch(batchId);
  await waitFor(async () => (await stack.api.batch(batchId)).batch.status !== 'executing', {
    timeoutMs: 20_000,
    describe: () => 'the batch to finish',
  });
  const receipts = await stack.api.receipts(batchId);
  expect(receipts.map(({ email, outcome, reason }) => [email, outcome, reason]).sort()).toEqual(
    [
      [clicks?.message.recipient.email, 'blocked', 'suppressed'],
      [stays?.message.recipient.email, 'handed_over', null],
    ].sort(),
  );
}, 60_000);
