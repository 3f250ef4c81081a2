// Risk: a queue that could not be read looks like an empty one, or a desk stays broken after the system is back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';
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

describe.each(widths)('at %i px', (width) => {
  test('empty, filtered, stale, broken and signed out are five different screens', async () => {
    const { page, watch } = await rig.openDesk(width);
    watch.expect(503);
    const desk = deskOf(page);
    const card = desk.cardOf('Ada Holm');
    const whereItGoes = desk.banner.getByText('GOES TO THE SIMULATOR', { exact: true });
    await card.waitFor();
    await whereItGoes.waitFor();

    const search = page.getByRole('searchbox', { name: 'Text' });
    if (!(await search.isVisible())) await page.getByText('Waiting for review: 2').click();
    await search.fill('nobody is called this');
    const filtered = page.getByRole('heading', { name: 'The filter hides all 2 drafts' });
    await filtered.waitFor();
    expect(await card.isVisible()).toBe(false);
    await desk.button('Show all 2').click();
    await card.waitFor();

    await services.stop('gatekeeper');
    const stale = page.getByText('Not up to date.').first();
    await stale.waitFor();
    await page.getByText('No answer from the gatekeeper, which keeps drafts and batches').first().waitFor();
    expect(await card.isVisible()).toBe(true);

    await page.reload();
    const broken = page
      .getByRole('alert')
      .getByRole('heading', { name: 'No answer from the gatekeeper, which keeps drafts and batches' });
    await broken.waitFor();
    expect(await stale.isVisible()).toBe(false);
    await page.getByText('What is waiting is not shown here because it could not be read.').waitFor();
    await desk.banner.getByText('Where messages go is not known at the moment').waitFor();

    await services.start('gatekeeper');
    await card.waitFor();
    expect(await broken.isVisible()).toBe(false);
    await whereItGoes.waitFor();

    await rig.clearDesk();
    await page.goto('/sales');
    const empty = page.getByRole('heading', { name: 'Nothing waits for your review' });
    await empty.waitFor();
    await page.getByText('leads.csv').waitFor();
    await page.getByText('Every part answers; the list was read just now.').waitFor();
    await page.getByRole('button', { name: /\d+ withdrawn/ }).waitFor();
  }, 90_000);

  test('without the store the desk says so in words, and is back by itself when the store is', async () => {
    const { page, watch, tab } = await rig.openDesk(width);
    watch.expect(503);
    const desk = deskOf(page);
    await desk.cardOf('Ada Holm').waitFor();
    await desk.banner.getByText('GOES TO THE SIMULATOR', { exact: true }).waitFor();
    const store = 'No answer from the store (Redis)';
    await rig.redis.kill9();
    const fresh = await tab();
    try {
      await page.getByText('Not up to date.').first().waitFor();
      await page.getByText(store).first().waitFor();
      expect(await desk.cardOf('Ada Holm').isVisible()).toBe(true);
      const answer = await fresh.goto('/sales');
      expect(answer?.status()).toBe(503);
      expect(await fresh.getByRole('alert').textContent()).toMatch(/store/i);
    } finally {
      await rig.redis.restart();
    }
    await page.getByText('Not up to date.').first().waitFor({ state: 'hidden' });
    await desk.button('Approve').click();
    await desk.says('Approved: Ada Holm.');
    await fresh.getByRole('link', { name: 'Try again' }).click();
    await deskOf(fresh).cardOf('Ben Aster').waitFor();
  }, 90_000);

  test('a session that ended on the server is said to have ended, and leads back to the same place and text', async () => {
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
  }, 90_000);
});
