// Risk: a hiccup of the network throws away what somebody has begun, and their next key or press means something else.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { askAgain, becomesEnabled, becomesFocused, deskOf, isFocused } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

/** Cuts off what `path` matches, until the answer is called. */
const cutOff = async (page: Page, path: string): Promise<() => Promise<void>> => {
  const stale = page.locator('main [data-screen=stale]');
  await page.route(path, (route) => route.abort());
  await askAgain(page);
  await stale.waitFor();
  return async () => {
    await page.unroute(path);
    await askAgain(page);
    await stale.waitFor({ state: 'detached' });
  };
};

test('typing goes on being typing when the list cannot be read for a moment', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  const { page, watch } = await rig.openDesk(1280);
  watch.expect(0);
  const desk = deskOf(page);
  await desk.nextCard(null);
  await desk.button('Edit').click();
  const body = page.getByRole('textbox', { name: 'Body' });
  await becomesFocused(body);
  await page.keyboard.type('a day ');
  const comeBack = await cutOff(page, '**/api/draft-summaries?**');
  await page.keyboard.type('or rather two ');
  await comeBack();
  expect(await isFocused(body)).toBe(true);
  await page.keyboard.type('from now ');
  expect(await body.inputValue()).toMatch(/^a day or rather two from now /);
});

test('keys that were meant for a field which vanished are no commands', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  await rig.approveAll();
  await rig.bringLeads(['Cleo Marsh']);
  const { page } = await rig.openDesk(1280);
  const desk = deskOf(page);
  await desk.cardOf('Cleo Marsh').waitFor();
  await page.getByRole('searchbox', { name: 'Text' }).fill('cleo');
  await becomesEnabled(desk.button('Approve'));
  await page
    .getByRole('searchbox', { name: 'Text' })
    .evaluate((field: { remove: () => void; form: { remove: () => void } }) => field.form.remove());
  await page.keyboard.type('are user');
  await desk.says(/The field you were writing in went away/);
  expect(await desk.dialog.isVisible()).toBe(false);
  expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 2, pending: 1 });
});

test('that a text was changed stays said, and the approval locked, until somebody says that they have read it', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  const { page, watch } = await rig.openDesk(1280);
  watch.expect(0);
  const desk = deskOf(page);
  const who = await desk.nextCard(null);
  const draft = (await rig.pending()).find(({ message }) => message.recipient.name === who);
  if (draft === undefined) throw new Error(`no draft for ${who} waits`);
  const comeBack = await cutOff(page, '**/api/draft-summaries?**');
  await rig.api.editDraft(draft.draftId, {
    contentDigest: draft.contentDigest,
    subject: 'Changed by a colleague',
    body: draft.message.body,
  });
  await askAgain(page);
  const notice = page.getByText('The text was changed while you read it');
  await notice.waitFor();
  await comeBack();
  await notice.waitFor();
  expect(await desk.button('Approve').isDisabled()).toBe(true);
  await desk.button('Next card').click();
  const next = await desk.nextCard(who);
  await desk.button('Previous card').click();
  await desk.nextCard(next);
  await notice.waitFor();
  await desk.button('I have read the new text').click();
  await desk.button('Approve').click();
  await desk.says(`Approved: ${who}.`);
});

test('what was marked to be dropped stays marked', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster', 'Cleo Marsh']);
  await rig.approveAll();
  const batch = await rig.freeze();
  const { page, watch } = await rig.openDesk(390, `/sales/batches/${batch.batchId}`);
  watch.expect(0);
  const desk = deskOf(page);
  const mark = page.getByRole('checkbox').first();
  await mark.check();
  const comeBack = await cutOff(page, `**/api/batches/${batch.batchId}`);
  await comeBack();
  expect(await mark.isChecked()).toBe(true);
  expect(await desk.button(/^Approve 3/).count()).toBe(0);
  await desk.button('Drop 1…').waitFor();
});

test('a batch none of whose texts could be shown cannot be approved', async () => {
  await rig.bringLeads(['Ada Holm']);
  await rig.approveAll();
  const batch = await rig.freeze();
  const { page, watch } = await rig.openDesk(390, '/sales/batches');
  watch.expect(0);
  const desk = deskOf(page);
  await page.route('**/preview?**', (route) => route.abort());
  await page.goto(`/sales/batches/${batch.batchId}`);
  const approve = desk.button(/^Approve 1 message/);
  await page.getByText('None of the texts could be shown yet').waitFor();
  expect(await approve.isDisabled()).toBe(true);
  await page.unrouteAll();
  await askAgain(page);
  await page.getByText('1 of 1 shown').waitFor();
  await approve.click();
  await desk.button(/^Start sending/).waitFor();
});
