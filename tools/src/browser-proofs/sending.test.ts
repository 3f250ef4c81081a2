// Risk: a batch is sent that nobody looked at, twice, or so that the person at the desk cannot tell what became of it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import type { Page } from 'playwright-core';
import { becomesEnabled, deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';
import { switchServices } from './testing/service-switch.ts';

let rig: DeskRig;
let services: ReturnType<typeof switchServices>;
beforeAll(async () => {
  // One message at a time, so that a batch can be seen in the middle.
  rig = await startDeskRig({ extra: { gatekeeper: { DISPATCH_CONCURRENCY: '1' } } });
  services = switchServices(rig);
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(async () => {
  await services.close();
  await rig.close();
});

const commandsOf = (page: Page, path: RegExp): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && path.test(request.url())) asked.push(request.url());
  });
  return asked;
};
/** A provider that is slow to answer: the call that reaches it waits until it goes on. */
const provider = {
  pause: () => rig.stack.children.find(({ name }) => name === 'provider-simulator')?.signal('SIGSTOP'),
  goOn: () => rig.stack.children.find(({ name }) => name === 'provider-simulator')?.signal('SIGCONT'),
};
const finished = (batchId: string) =>
  waitFor(async () => (await rig.api.batch(batchId)).batch.status === 'executed', {
    timeoutMs: 20_000,
    describe: 'the batch to be executed',
  });

describe.each(widths)('at %i px', (width) => {
  test('a batch is looked at, frozen, approved by its hash, sent with live progress, and has its receipts', async () => {
    await rig.bringLeads(['Ada Holm', 'Ben Aster', 'Cleo Marsh']);
    await rig.approveAll();
    const { page } = await rig.openDesk(width, '/sales/batches');
    const desk = deskOf(page);
    await page.getByRole('link', { name: 'New batch…' }).click();
    await page.getByRole('heading', { name: 'In the batch: 3 messages' }).waitFor();
    expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 3 });
    await page.getByRole('textbox', { name: 'At most' }).fill('2');
    await page.getByRole('heading', { name: 'In the batch: 2 messages' }).waitFor();
    await page.getByRole('heading', { name: 'Left out: 1' }).waitFor();
    await page.getByRole('textbox', { name: 'At most' }).fill('');
    await desk.button('Freeze 3 messages').click();

    await page.getByRole('heading', { name: '3 messages', level: 1 }).waitFor();
    const batchId = /bat_\w+/.exec(page.url())?.[0] ?? '';
    const frozen = (await rig.api.batch(batchId)).batch;
    expect(frozen).toMatchObject({ status: 'pending', createdBy: people.head.name });
    const facts = page.getByRole('region', { name: 'What the batch is' });
    await facts.getByText(/in 2[34] h/).waitFor();
    await page.getByText('Ada Holm', { exact: true }).first().click();
    await desk.message.filter({ hasText: 'Ada' }).waitFor();
    await desk.button(`Approve 3 messages · ${frozen.previewHash.slice(0, 12)}`).click();
    const send = desk.button(/^Start sending 3 messages/);
    await send.waitFor();
    expect((await rig.api.batch(batchId)).batch).toMatchObject({
      status: 'approved',
      approvedBy: people.head.name,
    });

    provider.pause();
    const executions = commandsOf(page, /\/execute$/);
    await send.click();
    await desk.dialog.getByRole('heading', { name: 'Start sending 3 messages?' }).waitFor();
    await desk.dialog.getByText(/goes to the simulator/).waitFor();
    await desk.dialog.getByText(frozen.previewHash.slice(0, 12)).waitFor();
    expect(executions).toEqual([]);
    await desk.button('Send 3 messages now').dblclick();
    const progress = page.getByRole('region', { name: 'Progress' });
    await progress.getByText('0 of 3 handed over').waitFor();
    await progress.getByText('Live.').waitFor();
    expect(executions).toHaveLength(1);
    provider.goOn();
    await progress.getByText('3 of 3 handed over').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'See the receipts' }).click();
    await page.getByRole('heading', { name: 'Receipts of 3 messages' }).waitFor();
    const receipts = await rig.api.receipts(batchId);
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['handed_over', 'handed_over', 'handed_over']);
    for (const { email } of receipts) {
      const row = page.getByRole('row', { name: new RegExp(email.replaceAll('.', '\\.')) });
      await row.getByText('With the simulator').waitFor();
    }

    await page.getByRole('link', { name: 'The batch' }).click();
    await desk.button('Have the provider mail 3 messages…').click();
    await desk.dialog.getByText(/Each is read back first/).waitFor();
    await desk.button('Mail 3 messages now').click();
    await page.getByText(/^The provider mails them by itself/).waitFor();
  });

  test('some messages are dropped with tag and reason, and the others come back as another batch', async () => {
    const before = new Set((await rig.api.drafts('rejected')).map(({ draftId }) => draftId));
    await rig.bringLeads(['Jon Kestrel', 'Kaya Lowell', 'Lars Menning']);
    await rig.approveAll();
    const batch = await rig.freeze();
    const { page } = await rig.openDesk(width, `/sales/batches/${batch.batchId}`);
    const desk = deskOf(page);
    await page.getByRole('checkbox', { name: /^Drop the message to kaya\.lowell/ }).check();
    await desk.button('Drop 1…').click();
    await desk.dialog.getByRole('heading', { name: 'Drop 1 of 3 messages?' }).waitFor();
    await desk.dialog
      .getByRole('combobox', { name: 'What is wrong with it?' })
      .selectOption({ label: 'Factual inaccuracy' });
    await desk.dialog.getByRole('textbox').fill('The company was sold last spring.');
    await desk.dialog.getByRole('button', { name: 'Drop 1', exact: true }).click();
    await page.getByRole('heading', { name: '2 messages', level: 1 }).waitFor();
    const replacement = /bat_\w+/.exec(page.url())?.[0] ?? '';
    expect(replacement).not.toBe(batch.batchId);
    const now = (await rig.api.batch(replacement)).batch;
    expect(now).toMatchObject({ status: 'pending', actionCount: 2 });
    expect(now.previewHash).not.toBe(batch.previewHash);
    expect((await rig.api.batch(batch.batchId)).batch.status).toBe('rejected');
    const rejected = (await rig.api.drafts('rejected')).filter(({ draftId }) => !before.has(draftId));
    expect(rejected.map(({ message }) => message.recipient.name)).toEqual(['Kaya Lowell']);
    expect(rejected[0]).toMatchObject({ rejection: { tag: 'factual_inaccuracy' } });
  });
});

test('two tabs that start the same batch at once start it once, and what lies at the provider is recalled from one', async () => {
  const batch = await rig.approvedBatch(['Hugo Brandt', 'Iris Fenwick']);
  const opened = await rig.openDesk(1280, `/sales/batches/${batch.batchId}`);
  opened.watch.expect(409);
  const other = await opened.tab();
  await other.goto(`/sales/batches/${batch.batchId}`);
  const pages = [opened.page, other];
  const starts = pages.map((page) => deskOf(page).button(/^Start sending 2 messages/));
  await Promise.all(starts.map((start) => start.waitFor()));
  await Promise.all(starts.map((start) => start.click()));
  const sends = pages.map((page) => deskOf(page).button('Send 2 messages now'));
  await Promise.all(sends.map((send) => becomesEnabled(send)));
  await Promise.all(sends.map((send) => send.click()));
  await finished(batch.batchId);
  await Promise.all(pages.map((page) => page.getByText('2 of 2 handed over').waitFor()));
  const receipts = await rig.api.receipts(batch.batchId);
  expect(new Set(receipts.map(({ actionId }) => actionId)).size).toBe(2);
  expect(receipts.map(({ outcome }) => outcome)).toEqual(['handed_over', 'handed_over']);

  const desk = deskOf(opened.page);
  await desk.button('Recall…').click();
  await desk.dialog.getByRole('textbox').fill('The price is wrong');
  await desk.dialog.getByRole('button', { name: 'Recall the batch' }).click();
  await desk.dialog.getByText(/2 taken back, .* 0 had already left/).waitFor();
  await desk.dialog.getByRole('button', { name: 'Close' }).click();
  expect((await rig.api.receipts(batch.batchId)).map(({ outcome }) => outcome)).toEqual([
    'taken_back',
    'taken_back',
  ]);
});

test('the live progress goes on after the gatekeeper was replaced in the middle of it', async () => {
  const batch = await rig.approvedBatch(['Mira Novak', 'Nils Orban', 'Olga Prewitt']);
  const { page, watch } = await rig.openDesk(1280, `/sales/batches/${batch.batchId}`);
  watch.expect(0, 502, 503);
  const desk = deskOf(page);
  provider.pause();
  await desk.button(/^Start sending 3 messages/).click();
  await desk.button('Send 3 messages now').click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await progress.getByText('Live.').waitFor();
  await rig.api.setHalt('in the middle');
  provider.goOn();
  await progress.getByText('1 of 3 handed over').waitFor();
  await desk.stopped.waitFor();
  await progress.getByText(/Stopped in the middle/).waitFor();
  expect(await page.getByText('Sending now').count()).toBe(0);
  await services.stop('gatekeeper');
  await page.getByText('Not up to date.').first().waitFor();
  await services.start('gatekeeper');
  await page.getByText('Not up to date.').first().waitFor({ state: 'hidden' });
  await progress.getByText('Live.').waitFor();
  await rig.api.liftHalt('again');
  await progress.getByText('3 of 3 handed over').waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  const receipts = await rig.api.receipts(batch.batchId);
  expect(receipts.map(({ outcome }) => outcome)).toEqual(['handed_over', 'handed_over', 'handed_over']);
}, 60_000);
