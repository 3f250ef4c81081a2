// Risk: the second press of an unsteady hand decides about what came under it, and nobody has read that.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { becomesEnabled, deskOf, keyOnAndOn, pressOnAndOn } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

/** The decisions that a page asks for from now on, by the last word of their path. */
const decisionsOf = (page: Page): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(request.url().split('/').at(-1) ?? '');
  });
  return asked;
};

const three = ['Ada Holm', 'Ben Aster', 'Cleo Marsh'];

describe.each(widths)('at %i px', (width) => {
  test('presses that follow one another on Approve decide about one card, and one after reading about the next', async () => {
    await rig.bringLeads(three);
    const { page } = await rig.openDesk(width);
    const desk = deskOf(page);
    const asked = decisionsOf(page);
    const first = await desk.nextCard(null);
    await pressOnAndOn(desk.button('Approve'));
    const second = await desk.nextCard(first);
    expect(asked).toEqual(['approve']);
    await desk.button('Approve').click();
    await desk.nextCard(second);
    expect(asked).toEqual(['approve', 'approve']);
    expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 2, pending: 1 });
  });

  test('presses that follow one another on a way back do not approve what comes back', async () => {
    await rig.bringLeads(['Ada Holm']);
    await rig.approveAll();
    const [draft] = await rig.api.drafts('approved');
    const { page } = await rig.openDesk(width, `/sales/review/${draft?.draftId ?? ''}`);
    const desk = deskOf(page);
    const asked = decisionsOf(page);
    await pressOnAndOn(desk.button('Take the approval back'));
    await desk.button('Approve').waitFor();
    expect(asked).toEqual(['recall']);

    await desk.button('Edit').click();
    const body = page.getByRole('textbox', { name: 'Body' });
    await body.fill('Something quite different');
    await pressOnAndOn(desk.button('Leave as it was'));
    await desk.button('Approve').waitFor();
    expect(await desk.dialog.isVisible()).toBe(false);
    expect(asked).toEqual(['recall']);

    await desk.button('Edit').click();
    await body.fill((await body.inputValue()).replace('Hi ', 'Hello '));
    await pressOnAndOn(desk.button('Save and compare'));
    await page.getByRole('region', { name: 'What changed' }).waitFor();
    expect(await desk.dialog.isVisible()).toBe(false);
    expect(asked).toEqual(['recall', 'edit']);
  });

  test('presses that follow one another on the approval of a batch do not start the sending', async () => {
    await rig.bringLeads(['Ada Holm', 'Ben Aster']);
    await rig.approveAll();
    const batch = await rig.freeze();
    const { page } = await rig.openDesk(width, `/sales/batches/${batch.batchId}`);
    const desk = deskOf(page);
    const asked = decisionsOf(page);
    await pressOnAndOn(desk.button(/^Approve 2 messages/));
    await desk.button(/^Start sending/).waitFor();
    expect(asked).toEqual(['approve']);
    await pressOnAndOn(desk.button(/^Start sending/));
    await desk.button('Send 2 messages now').waitFor();
    expect(asked).toEqual(['approve']);
    expect((await rig.api.batch(batch.batchId)).batch.status).toBe('approved');
  });
});

test('keys that follow one another decide about one card, and the desk says why the others did nothing', async () => {
  await rig.bringLeads(three);
  const { page } = await rig.openDesk(1280);
  const desk = deskOf(page);
  const asked = decisionsOf(page);
  const first = await desk.nextCard(null);
  await becomesEnabled(desk.button('Approve'));
  await keyOnAndOn(page, 'a');
  const second = await desk.nextCard(first);
  await desk.says(/The second key press was not taken/);
  expect(asked).toEqual(['approve']);
  await becomesEnabled(desk.button('Approve'));
  await page.keyboard.press('a');
  await desk.nextCard(second);
  await becomesEnabled(desk.button('Undo').first());
  await keyOnAndOn(page, 'u');
  await desk.cardOf(second).waitFor();
  expect(asked).toEqual(['approve', 'approve', 'recall']);
  expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 1, pending: 2 });
});

test('a freeze takes what was looked at and nothing that was approved since, and names who changed', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  await rig.approveAll();
  const [recalled, kept] = await rig.api.drafts('approved');
  const { page } = await rig.openDesk(1280, '/sales/batches/new');
  const desk = deskOf(page);
  await desk.button('Freeze 2 messages').waitFor();
  await rig.bringLeads(['Cleo Marsh', 'Dov Lindgren']);
  for (const { draftId, contentDigest } of await rig.pending())
    await rig.api.approveDraft(draftId, contentDigest);
  await rig.api.endDraft(recalled?.draftId ?? '', 'recall', { reason: 'read once more' });
  await desk.button('Freeze 2 messages').click();
  await page.getByRole('heading', { name: '1 message', level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'Left out: 1' }).waitFor();
  const batchId = /bat_\w+/.exec(page.url())?.[0] ?? '';
  expect((await rig.api.previewItems(batchId)).map(({ draftId }) => draftId)).toEqual([kept?.draftId]);
  expect((await rig.api.batch(batchId)).batch.leftOut.map(({ draftId }) => draftId)).toEqual([
    recalled?.draftId,
  ]);
});
