// Risk: what is decided in a tab that shows one person is recorded under the name of another.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

const shownPerson = (page: Page) => page.locator('.person-name').textContent();
const takenOver = (page: Page) =>
  page.getByRole('heading', { name: `You are signed in as ${people.second.name} now; look again` });
/** Signs the first person out and the second one in, as a colleague at the same computer does. */
const changePerson = async (page: Page): Promise<void> => {
  await page.goto('/sales/people');
  await page.getByText(people.head.name, { exact: true }).first().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await rig.logIn(page, people.second);
};

test('a press in a tab that shows one person decides nothing once another is signed in, and the tab says who is', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  const { page, watch, tab } = await rig.openDesk(1280);
  watch.expect(401, 403);
  const desk = deskOf(page);
  const who = await desk.nextCard(null);
  await desk.button('Approve').click();
  await desk.says(`Approved: ${who}.`);
  const second = await desk.nextCard(who);
  await desk.button('Edit').click();
  await page.getByRole('textbox', { name: 'Body' }).fill('Begun by the first person');
  await page.reload();
  await desk.cardOf(second).waitFor();

  const other = await tab();
  // Nothing tells the first tab, and it does not ask: as if the other one were another window without scripts.
  await page.route('**/api/session', (route) => route.abort());
  await page.route('**/api/queue-status', (route) => route.abort());
  watch.expect(0);
  await changePerson(other);
  await other.getByRole('navigation', { name: 'Pages' }).waitFor();
  expect(await shownPerson(page)).toBe(people.head.name);
  await page.unrouteAll();
  await desk.button('Reject').click();
  await desk.dialog.getByRole('combobox').selectOption({ label: 'Tone/style issue' });
  await desk.dialog.getByRole('textbox').fill('Too pushy for somebody we never met.');
  await desk.dialog.getByRole('button', { name: 'Reject', exact: true }).click();

  await takenOver(page).waitFor();
  expect(await shownPerson(page)).toBe(people.second.name);
  expect(await rig.api.drafts('rejected')).toEqual([]);
  expect(await desk.button('Undo').count()).toBe(0);
  await desk.button(`Go on as ${people.second.name}`).click();
  await desk.cardOf(second).waitFor();
  expect(await page.getByText('Recently reviewed').count()).toBe(0);
  expect(await page.getByText('You began an edit').count()).toBe(0);
  await desk.button('Approve').click();
  await desk.says(`Approved: ${second}.`);
  const stored = await rig.api.drafts('approved');
  expect(new Map(stored.map(({ message, reviewedBy }) => [message.recipient.name, reviewedBy]))).toEqual(
    new Map([
      [who, people.head.name],
      [second, people.second.name],
    ]),
  );
}, 60_000);

test('a tab says that somebody else signed in, without a press', async () => {
  await rig.bringLeads(['Ada Holm']);
  const { page, watch, tab } = await rig.openDesk(1280);
  watch.expect(401);
  await deskOf(page).nextCard(null);
  const other = await tab();
  await other.goto('/sales/people');
  await other.context().clearCookies();
  await other.goto('/sales');
  await rig.logIn(other, people.second);
  const signedOut = page.getByRole('heading', { name: 'You are signed out' });
  await takenOver(page).or(signedOut).waitFor();
});

test('the desk asks again by itself without keeping the session alive, and a press does', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  const { page } = await rig.openDesk(1280);
  const desk = deskOf(page);
  const who = await desk.nextCard(null);
  const byItself = await page.waitForRequest(
    (request) =>
      request.url().endsWith('/api/queue-status') && request.headers()['x-caio-background'] === '1',
  );
  expect(byItself.method()).toBe('GET');
  const asked = page.waitForRequest((request) => request.url().includes('/api/drafts/'));
  await desk.button('Next card').click();
  expect((await asked).headers()['x-caio-background']).toBeUndefined();
  await desk.nextCard(who);
});
