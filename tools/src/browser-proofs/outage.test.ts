// Risk: a queue that could not be read looks like an empty one, or a desk stays broken after the system is back.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, type Width, widths } from './testing/desk-rig.ts';
import { switchServices } from './testing/service-switch.ts';

let rig: DeskRig;
let services: ReturnType<typeof switchServices>;
beforeAll(async () => {
  rig = await startDeskRig();
  services = switchServices(rig);
}, 90_000);
beforeEach(() => rig.bringLeads(['Ada Holm', 'Ben Aster']));
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(async () => {
  await services.close();
  await rig.close();
});

const whereText = 'GOES TO THE SIMULATOR';
/** A window of each width, so that one outage is seen by all of them. */
const openEverywhere = () =>
  Promise.all(
    widths.map(async (width) => {
      const { page, watch, tab } = await rig.openDesk(width);
      watch.expect(503);
      const desk = deskOf(page);
      return { width, page, tab, desk, whereItGoes: desk.banner.getByText(whereText, { exact: true }) };
    }),
  );
const staleIn = (page: Page) => page.getByText('Not up to date.').first();

test('empty, filtered, stale, broken and signed out are five different screens, on a desk and on a phone', async () => {
  const windows = (await openEverywhere()).map((opened) => ({
    ...opened,
    card: opened.desk.cardOf('Ada Holm'),
    broken: opened.page
      .getByRole('alert')
      .getByRole('heading', { name: 'No answer from the gatekeeper, which keeps drafts and batches' }),
  }));
  type Opened = (typeof windows)[number];
  const everywhere = (look: (opened: Opened) => Promise<void>) => Promise.all(windows.map(look));

  await everywhere(async ({ page, desk, card, whereItGoes }) => {
    await card.waitFor();
    await whereItGoes.waitFor();
    const search = page.getByRole('searchbox', { name: 'Text' });
    if (!(await search.isVisible())) await page.getByText('Waiting for review: 2').click();
    await search.fill('nobody is called this');
    await page.getByRole('heading', { name: 'The filter hides all 2 drafts' }).waitFor();
    expect(await card.isVisible()).toBe(false);
    await desk.button('Show all 2').click();
    await card.waitFor();
  });

  await services.stop('gatekeeper');
  await everywhere(async ({ page, desk, card, broken }) => {
    await staleIn(page).waitFor();
    await page.getByText('No answer from the gatekeeper, which keeps drafts and batches').first().waitFor();
    expect(await card.isVisible()).toBe(true);

    await page.reload();
    await broken.waitFor();
    expect(await staleIn(page).isVisible()).toBe(false);
    await page.getByText('What is waiting is not shown here because it could not be read.').waitFor();
    await desk.banner.getByText('Where messages go is not known at the moment').waitFor();
  });

  await services.start('gatekeeper');
  await everywhere(async ({ card, broken, whereItGoes }) => {
    await card.waitFor();
    expect(await broken.isVisible()).toBe(false);
    await whereItGoes.waitFor();
  });

  await rig.clearDesk();
  await everywhere(async ({ page }) => {
    await page.goto('/sales');
    await page.getByRole('heading', { name: 'Nothing waits for your review' }).waitFor();
    await page.getByText('leads.csv').waitFor();
    await page.getByText('Every part answers; the list was read just now.').waitFor();
    await page.getByRole('button', { name: /\d+ withdrawn/ }).waitFor();
  });
}, 90_000);

test('without the store the desk says so in words, and is back by itself when the store is', async () => {
  await rig.bringLeads(['Cleo Marsh']);
  // Each has a card of their own, so that neither finds one that the other has decided about.
  const names = { 1280: 'Ada Holm', 390: 'Ben Aster' } as const;
  const windows = await openEverywhere();
  const everywhere = <Found>(look: (opened: (typeof windows)[number]) => Promise<Found>) =>
    Promise.all(windows.map(look));
  await everywhere(async ({ width, desk, whereItGoes }) => {
    await desk.cardOf('Ada Holm').waitFor();
    if (width === 390) await desk.button('Next card').click();
    await desk.cardOf(names[width]).waitFor();
    await whereItGoes.waitFor();
  });
  const store = 'No answer from the store (Redis)';
  const freshTabs = await everywhere(({ tab }) => tab());
  await rig.redis.kill9();
  try {
    await everywhere(async ({ width, page, desk }) => {
      await staleIn(page).waitFor();
      await page.getByText(store).first().waitFor();
      expect(await desk.cardOf(names[width]).isVisible()).toBe(true);
    });
    for (const fresh of freshTabs) {
      const answer = await fresh.goto('/sales');
      expect(answer?.status()).toBe(503);
      expect(await fresh.getByRole('alert').textContent()).toMatch(/store/i);
    }
  } finally {
    await rig.redis.restart();
  }
  await everywhere(async ({ width, page, desk }) => {
    await staleIn(page).waitFor({ state: 'hidden' });
    await desk.button('Approve').click();
    await desk.says(`Approved: ${names[width]}.`);
  });
  for (const fresh of freshTabs) {
    await fresh.getByRole('link', { name: 'Try again' }).click();
    await deskOf(fresh).cardOf('Cleo Marsh').waitFor();
  }
}, 90_000);

test('a session that ended on the server is said to have ended, and leads back to the same place and text', async () => {
  const signOutElsewhere = async (width: Width): Promise<void> => {
    const { page, watch, tab } = await rig.openDesk(width);
    watch.expect(401);
    const desk = deskOf(page);
    await desk.cardOf('Ada Holm').waitFor();
    const place = page.url();
    await desk.button('Edit').click();
    const body = page.getByRole('textbox', { name: 'Body' });
    await body.fill('A text somebody has only begun');

    const other = await tab();
    await other.setViewportSize({ width: 1280, height: 800 });
    await other.goto('/sales/people');
    await other.getByText(people.head.name, { exact: true }).first().click();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Log in' }).waitFor();

    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await desk.card.isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await rig.logIn(page);
    await desk.cardOf('Ada Holm').waitFor();
    expect(page.url()).toBe(place);
    await desk.button('Edit').click();
    expect(await body.inputValue()).toBe('A text somebody has only begun');
  };
  await Promise.all(widths.map(signOutElsewhere));
}, 90_000);
