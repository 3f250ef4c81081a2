// Risk: an edit that somebody began is forgotten, approved away, or saved over a text that nobody of both has read.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Draft } from '@caio/contracts';
import { deskOf } from './testing/desk-page.ts';
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

const onlyPending = async (): Promise<Draft> => {
  const [draft] = await rig.pending();
  if (draft === undefined) throw new Error('no draft waits');
  return draft;
};

test('a begun edit is said after a reload, and the text without it cannot be approved until it is given up', async () => {
  await rig.bringLeads(['Ada Holm']);
  const { page } = await rig.openDesk(390);
  const desk = deskOf(page);
  await desk.nextCard(null);
  await desk.button('Edit').click();
  const body = page.getByRole('textbox', { name: 'Body' });
  await body.fill('Hello Ada, this is better.');
  await page.reload();
  const begun = page.getByText('You began an edit of this text and have not saved it');
  await begun.waitFor();
  expect(await desk.button('Approve').isDisabled()).toBe(true);
  await desk.button('Go on with it').click();
  expect(await body.inputValue()).toBe('Hello Ada, this is better.');
  await page.reload();
  await begun.waitFor();
  await desk.button('Discard my edit').click();
  await begun.waitFor({ state: 'hidden' });
  await desk.button('Approve').click();
  await desk.says('Approved: Ada Holm.');
});

test('an edit of a text that a colleague changed meanwhile shows both before it takes the place of the other', async () => {
  await rig.bringLeads(['Ben Aster']);
  const draft = await onlyPending();
  const { page, watch } = await rig.openDesk(1280);
  watch.expect(409);
  const desk = deskOf(page);
  await desk.cardOf('Ben Aster').waitFor();
  await desk.button('Edit').click();
  const body = page.getByRole('textbox', { name: 'Body' });
  const mine = draft.message.body.replace('Hi ', 'Hello ');
  await body.fill(mine);
  await rig.api.editDraft(draft.draftId, {
    contentDigest: draft.contentDigest,
    subject: 'Changed by a colleague',
    body: draft.message.body,
  });
  await desk.button('Save and compare').click();
  const both = page.getByRole('region', { name: 'Two texts' });
  await both.getByText('Changed by a colleague').waitFor();
  await both.getByRole('insertion').filter({ hasText: 'Hello' }).waitFor();
  expect(await desk.button('Save and compare').isDisabled()).toBe(true);
  expect(await onlyPending()).toMatchObject({ revision: 2, message: { subject: 'Changed by a colleague' } });
  await page.reload();
  await desk.button('Go on with it').click();
  await both.waitFor();
  await desk.button('I have read both: go on with mine').click();
  await desk.button('Save and compare').click();
  await page.getByRole('region', { name: 'What changed' }).waitFor();
  expect(await onlyPending()).toMatchObject({
    revision: 3,
    message: { subject: draft.message.subject, body: mine },
  });
});
