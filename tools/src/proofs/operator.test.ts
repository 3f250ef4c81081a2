// Risk: what the command line tells an operator is not what happened, or a reason somebody gave is lost.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  appliedListImportSchema,
  draftSchema,
  frozenBatchSchema,
  listDiffSchema,
  personRecordSchema,
} from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { z } from 'zod';
import { type EndedCommand, runCaio } from './testing/caio-command.ts';
import { root } from './testing/gatekeeper-process.ts';
import { startTestStack, type TestStack } from './testing/running-stack.ts';

let rig: TestStack;
let folder: string;
let drafts: z.infer<typeof draftSchema>[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-operator-'));
  rig = await startTestStack();
  await json(z.unknown(), 'run-pipeline', '--input', leadFile);
  drafts = (await json(z.object({ drafts: z.array(draftSchema) }), 'drafts', 'list')).drafts;
}, 90_000);
afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

const leadFile = join(root, 'examples/leads.csv');

const caio = (...args: string[]): Promise<EndedCommand> => runCaio(rig, args);
const json = async <Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> =>
  schema.parse(JSON.parse((await caio(...args, '--json')).stdout));
const nth = (index: number) => {
  const draft = drafts[index];
  if (draft === undefined) throw new Error('the example file gives more drafts than this');
  return draft;
};
const save = (name: string, content: string): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('drafts', () => {
  test('are edited without losing footer or the other part, and the old digest is no longer taken', async () => {
    const { draftId, contentDigest, message } = nth(0);
    const edited = await json(draftSchema, 'drafts', 'edit', draftId, '--subject', 'A quieter subject');
    expect(edited.message).toEqual({ ...message, subject: 'A quieter subject' });
    const body = save('body.txt', `${message.body.replace('Hi ', 'Hello ')}\r\n\r\n`);
    const again = await caio('drafts', 'edit', draftId, '--body-file', body);
    expect(again.stdout).toContain('is revision 3 now, and pending');
    const refused = await caio('drafts', 'approve', draftId, '--digest', contentDigest);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/changed since this digest was shown.*\(stale_digest\)/),
    ]);
    const stale = await caio('drafts', 'edit', draftId, '--subject', 'x', '--digest', contentDigest);
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringContaining('(stale_digest)')]);
    const now = await json(draftSchema, 'drafts', 'show', draftId);
    expect(now.message).toEqual({
      ...message,
      subject: 'A quieter subject',
      body: message.body.replace('Hi ', 'Hello '),
    });
  });

  test('that are recalled or withdrawn show why and by whom', async () => {
    const { draftId, contentDigest } = nth(1);
    await rig.api.approveDraft(draftId, contentDigest);
    await caio('drafts', 'recall', draftId, '--reason', 'second thoughts');
    await caio('drafts', 'withdraw', draftId, '--reason', 'left the company');
    const shown = (await caio('drafts', 'show', draftId)).stdout;
    expect(shown).toContain('withdrawn');
    expect(shown).toContain('recall by tester: second thoughts');
    expect(shown).toContain('withdraw by tester: left the company');
    const refused = await caio('drafts', 'recall', draftId, '--reason', 'once more');
    expect(refused.stderr).toContain('(state_conflict) That is final');
  });

  test('with the digest of another text are not decided about', async () => {
    const { draftId, contentDigest } = nth(5);
    const text = { subject: 'A subject of somebody else', body: nth(5).message.body };
    const { draft } = await rig.api.editDraft(draftId, { contentDigest, ...text });
    const reject = ['drafts', 'reject', draftId, '--tag', 'other', '--reason', 'not how we speak to people'];
    const refused = await caio(...reject, '--digest', contentDigest);
    expect(refused.stderr).toContain('(stale_digest)');
    expect((await rig.api.draft(draftId)).draft.status).toBe(draft.status);
    expect((await caio(...reject)).stdout).toContain('is rejected: “A subject of somebody else” to ');
  });
});

describe('a dry run', () => {
  test('is what is frozen, whoever is approved after it', async () => {
    for (const { draftId } of [nth(6), nth(7)]) {
      const { draft } = await rig.api.draft(draftId);
      await rig.api.approveDraft(draftId, draft.contentDigest);
    }
    const shown = await caio('batches', 'freeze', '--dry-run', '--json');
    const later = nth(8);
    await rig.api.approveDraft(later.draftId, later.contentDigest);
    const file = save('shown.json', shown.stdout);
    const frozen = await json(frozenBatchSchema, 'batches', 'freeze', '--as-shown', file);
    expect(frozen.included).toEqual(frozenBatchSchema.parse(JSON.parse(shown.stdout)).included);
    expect((await rig.api.draft(later.draftId)).draft.status).toBe('approved');
    const other = await caio('batches', 'freeze', '--as-shown', save('other.json', '{}'));
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('--dry-run --json > FILE')]);
    await caio('batches', 'reject', frozen.batch?.batchId ?? '', '--reason', 'only looked at');
    for (const { draftId } of [nth(6), nth(7), later])
      await rig.api.endDraft(draftId, 'withdraw', { reason: 'only looked at' });
  });
});

describe('a stop', () => {
  test('asked for twice keeps both reasons, and is shown in the status with who has to act', async () => {
    expect((await caio('halt', '--reason', 'a wrong list')).stdout).toContain('Everything is stopped.');
    const again = await caio('halt', '--reason', 'and a wrong price');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('tester at')]);
    expect(again.stdout).toContain('a wrong list\nThat reason stands. Your reason is noted beside it.');
    expect((await caio('halt', 'status')).stdout).toMatch(
      /a wrong list\nasked for again .*: and a wrong price/,
    );
    const status = (await caio('status')).stdout;
    expect(status).toContain('operator: everything is stopped');
    expect(status).toMatch(/Newest lead file: leads\.csv, done: .*152 drafted/);
    expect(status).toContain('Inngest: not set up, so nothing starts by the clock');
    expect((await caio('halt', 'lift', '--reason', 'mended')).stdout).toBe('The stop is lifted.\n');
    expect((await caio('halt', 'status')).stdout).toMatch(/^Not stopped\..*lifted by tester/);
  });

  test('that is refused, says that nothing was stopped, as text and as an object', async () => {
    const args = ['halt', '--reason', 'x'.repeat(501)];
    expect((await caio(...args)).stderr).toContain('NOTHING WAS STOPPED');
    expect(JSON.parse((await caio(...args, '--json')).stdout)).toMatchObject({
      error: { code: 'wrong_usage', message: expect.stringContaining('NOTHING WAS STOPPED') },
    });
  });
});

describe('a person', () => {
  test('is shown with draft, batch, action, suppression and exclusion', async () => {
    const { draftId, contentDigest, message } = nth(2);
    const email = message.recipient.email;
    await rig.api.approveDraft(draftId, contentDigest);
    const { batch } = await rig.api.freezeBatch({ motion: 'outbound', dryRun: false });
    if (batch === null) throw new Error('nothing was frozen');
    expect((await caio('status')).stdout).toContain(`approver: ${batch.batchId} (1 action) to approve`);
    await rig.api.approveBatch(batch.batchId, batch.previewHash);
    expect((await caio('status')).stdout).toContain(`caio -- batches execute ${batch.batchId}`);
    await rig.api.executeBatch(batch.batchId);
    await waitFor(async () => (await rig.api.receipts(batch.batchId))[0]?.outcome === 'handed_over', {
      timeoutMs: 20_000,
      describe: () => 'the message to be handed over',
    });
    expect((await caio('where', email)).stdout).toContain('can be taken back');
    await caio('suppressions', 'add', email, '--reason', 'complained');
    // Nobody has to take back what the provider holds for somebody who complained.
    await waitFor(async () => (await rig.api.receipts(batch.batchId))[0]?.outcome === 'taken_back', {
      timeoutMs: 20_000,
      describe: () => 'the message to be taken back',
    });
    const known = await json(personRecordSchema, 'where', email);
    expect(known).toMatchObject({
      drafts: [{ draftId, status: 'batched', batchId: batch.batchId }],
      receipts: [{ batchId: batch.batchId, outcome: 'taken_back', reason: 'suppressed' }],
      suppressions: [{ reason: 'complained', by: 'tester' }],
      exclusions: [],
    });
    const words = (await caio('where', email)).stdout;
    for (const part of [draftId, batch.batchId, 'taken back', 'SUPPRESSED']) expect(words).toContain(part);
    expect((await caio('suppressions', 'show', email)).code).toBe(0);
  });

  test('whose draft is frozen, ended, sent and taken back is told apart at every step', async () => {
    const { draftId, contentDigest, message } = nth(3);
    const { email } = message.recipient;
    await rig.api.approveDraft(draftId, contentDigest);
    const first = (await rig.api.freezeBatch({ motion: 'outbound', dryRun: false })).batch?.batchId ?? '';
    expect((await caio('drafts', 'show', draftId)).stdout).toContain(
      `Next: It is in ${first}, which is pending.`,
    );
    expect((await caio('status')).stdout).toContain(
      '1 in a batch that is not done, 1 in a batch that is done',
    );
    await caio('batches', 'reject', first, '--reason', 'a wrong list');
    const ended = (await caio('receipts', first)).stdout;
    expect(ended).toMatch(/not sent .* the batch is rejected/);
    expect(ended).toContain(`${first} is rejected by tester: a wrong list.`);

    const { batch } = await rig.api.freezeBatch({ motion: 'outbound', dryRun: false });
    if (batch === null) throw new Error('nothing was frozen');
    await rig.api.approveBatch(batch.batchId, batch.previewHash);
    await rig.api.executeBatch(batch.batchId);
    await waitFor(async () => (await rig.api.batch(batch.batchId)).batch.status === 'executed', {
      timeoutMs: 20_000,
      describe: () => 'the batch to be executed',
    });
    expect((await caio('drafts', 'show', draftId)).stdout).toMatch(
      new RegExp(`Next: It is in ${batch.batchId}, which is executed\\..*caio -- receipts ${batch.batchId}`),
    );
    const [sent] = await rig.api.receipts(batch.batchId);
    const back = await caio('take-back', sent?.actionId ?? '', '--reason', 'asked not to be contacted');
    expect(back.stdout).toContain(`npm run caio -- suppressions add ${email}`);
  });

  test('who may not be contacted is named where an approved draft waits, and sends nobody in a circle', async () => {
    const { draftId, contentDigest, message } = nth(4);
    const { email } = message.recipient;
    await rig.api.approveDraft(draftId, contentDigest);
    await caio('suppressions', 'add', email);
    const withdraw = `npm run caio -- drafts withdraw ${draftId}`;
    const status = (await caio('status')).stdout;
    expect(status).toMatch(new RegExp(`${email} goes into no batch.*suppressed.*${withdraw}`));
    expect(status).not.toContain('to freeze into a batch');
    const frozen = await caio('batches', 'freeze');
    expect([frozen.code, frozen.stdout]).toEqual([1, '']);
    expect(frozen.stderr).toMatch(/Every approved draft is held back[^]*\(suppressed\)/);
    expect(frozen.stderr).toContain(withdraw);
    const ended = await caio('drafts', 'withdraw', draftId, '--reason', 'may not be contacted');
    expect(ended.stdout).toContain(`${draftId} was withdrawn by tester: may not be contacted. That is final`);
    expect((await caio('batches', 'freeze')).stderr).toContain('Approve drafts first');
  });

  test('of whom nothing is stored is said to be that; a list without them says so and exits 1', async () => {
    expect((await caio('where', 'nobody@nowhere.example')).stdout).toBe(
      'Nothing is stored about nobody@nowhere.example.\n',
    );
    expect(await caio('suppressions', 'show', 'nobody@nowhere.example')).toMatchObject({
      code: 1,
      stdout: 'nobody@nowhere.example is not suppressed.\n',
    });
    expect(await caio('exclusions', 'remove', 'nowhere.example')).toMatchObject({
      code: 1,
      stdout: 'nowhere.example was not on the list, so nothing was removed.\n',
    });
  });
});

describe.each([
  ['suppressions', 'ada@one.example\nno address\nBen@two.example\n'],
  ['exclusions', 'one.example\nnot a domain\nmail@two.example\n'],
])('an import of %s', (list, content) => {
  test('shows what it would do, stores it with --apply alone, and changes nothing the second time', async () => {
    const file = save(`${list}.txt`, content);
    const storedLines = async (): Promise<number> =>
      (await caio(list, 'list')).stdout.split('\n').filter((line) => line.includes(`${list}.txt`)).length;
    const look = await caio(list, 'import', file);
    expect([look.code, look.stdout]).toEqual([1, expect.stringContaining('2 to add')]);
    const [, digest = ''] =
      new RegExp(`caio -- ${list} import ${file} --apply ([0-9a-f]{12})`).exec(look.stdout) ?? [];
    expect(look.stdout).toMatch(/line 2, column 1: "no/);
    expect(await storedLines()).toBe(0);
    const done = await json(appliedListImportSchema, list, 'import', file, '--apply', digest);
    expect(done).toMatchObject({ added: 2, known: 0, unreadable: 1 });
    expect(await storedLines()).toBe(2);
    // What was shown is not what would be stored any more: nothing is stored, and the new difference is shown.
    const again = await json(listDiffSchema, list, 'import', file, '--apply', digest);
    expect([again.added.length, again.known.length, again.unreadable.length]).toEqual([0, 2, 1]);
    expect(await storedLines()).toBe(2);
  });
});

test('earlier runs are listed newest first and shown with their rows, page by page', async () => {
  const small = save(
    'small.csv',
    'First Name,Last Name,Title,Company,Email\nAva,Stone,CEO,Oak Lane Agency,ava.stone@oaklane.example\n',
  );
  await caio('run-pipeline', '--input', small);
  const list = await caio('runs', 'list', '--limit', '1');
  expect(list.stdout).toContain('small.csv');
  expect(list.stdout).not.toContain('leads.csv');
  const before = /--before (run_\S+)/.exec(list.stdout)?.[1] ?? '';
  const older = await caio('runs', 'list', '--before', before);
  const runId = /run_\w{26}/.exec(older.stdout)?.[0] ?? '';
  expect(older.stdout).toContain('152 drafted, 38 parked');
  const page = await caio('runs', 'show', runId, '--limit', '4');
  expect(page.stdout).toContain('noor.oakhurst@copperlantern.example');
  expect(page.stdout).toContain(`npm run caio -- runs show ${runId} --after 4`);
  const next = await caio('runs', 'show', runId, '--after', '4', '--limit', '4');
  expect(next.stdout).toContain('uma.selkirk@ottersley.example');
  expect(next.stdout).not.toContain('noor.oakhurst');
});

test('an address is never cut, however long', async () => {
  const email = `${'a'.repeat(60)}@${'long-name.'.repeat(6)}example`;
  const file = save(
    'long.csv',
    `First Name,Last Name,Title,Company,Email\nAva,Stone,CEO,Oak Lane,${email}\n`,
  );
  expect((await caio('run-pipeline', '--input', file)).stdout).toContain(email);
});

test('a copy of the message is promised for log-only alone', async () => {
  const evidence = await caio('evidence', 'act_01M7W317HB9KBPARJG0TZ53QRE');
  expect([evidence.code, evidence.stderr]).toEqual([1, expect.stringContaining('no action with this id')]);
});
