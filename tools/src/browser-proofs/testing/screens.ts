import type { Page } from 'playwright-core';
import { deskOf } from './desk-page.ts';
import { type DeskRig, people } from './desk-rig.ts';

export type ShowScreen = (page: Page) => Promise<void>;

/** Every screen of a desk at work by name, and how to come to it; some go on from the one before. Desk: `prepareDesk`. */
export const screensOf = (
  rig: DeskRig,
  batches: { readonly sent: string; readonly open: string },
): Readonly<Record<string, ShowScreen>> => ({
  'a card': async (page) => {
    await page.goto('/sales');
    await deskOf(page).card.waitFor();
  },
  'a card with everything open': async (page) => {
    for (const part of [/^How the points came about/, /^Filled in from the lead/, /^Everything else in it/])
      await page.getByText(part).click();
  },
  'a card of somebody who opted out': async (page) => {
    const last = (await rig.pending()).find(({ message }) => message.recipient.name === 'Kaya Lowell');
    await rig.api.suppress(last?.message.recipient.email ?? '', 'unsubscribed', 'a letter');
    await page.goto(`/sales/review/${last?.draftId ?? ''}`);
    await deskOf(page)
      .card.getByText(/^Opted out on/)
      .waitFor();
    const row = page.getByText('Will not be sent: on the opt-out list');
    if (!(await row.isVisible())) await page.getByText('Waiting for review: 5').click();
    await row.waitFor();
  },
  'the person menu': async (page) => {
    await page.getByRole('banner').getByRole('group').filter({ hasText: people.head.name }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  },
  'the filter': async (page) => {
    await page.goto('/sales');
    await deskOf(page).card.waitFor();
    const search = page.getByRole('searchbox', { name: 'Text' });
    if (!(await search.isVisible())) await page.getByText('Waiting for review: 5').click();
    await search.fill('a text that no draft has');
    await page.getByRole('heading', { name: 'The filter hides all 5 drafts' }).waitFor();
  },
  editing: async (page) => {
    await page.goto('/sales');
    await deskOf(page).button('Edit').click();
    await page.getByRole('textbox', { name: 'Body' }).waitFor();
  },
  'an edit beside what was there': async (page) => {
    const body = page.getByRole('textbox', { name: 'Body' });
    await body.fill(`${await body.inputValue()} `);
    await deskOf(page).button('Save and compare').click();
    await page.getByRole('region', { name: 'What changed' }).waitFor();
    await deskOf(page).button('Both in full').click();
    await page.getByText(/^Recently reviewed/).click();
  },
  'a card that was decided': async (page) => {
    await page.goto(`/sales/batches/${batches.sent}`);
    await page.getByText('2 of 3 handed over').waitFor();
    const [receipt] = await rig.api.receipts(batches.sent);
    await page.goto(`/sales/review/${receipt?.draftId ?? ''}`);
    await page.getByRole('link', { name: 'See its batch' }).waitFor();
  },
  rejecting: async (page) => {
    await page.goto('/sales');
    await deskOf(page).button('Reject').click();
    await deskOf(page).dialog.waitFor();
  },
  'the keys': async (page) => {
    await page.goto('/sales');
    await deskOf(page).card.waitFor();
    await page.keyboard.press('?');
    await deskOf(page).dialog.getByRole('heading', { name: 'Keys' }).waitFor();
  },
  'an empty list': async (page) => {
    await page.goto('/sales');
    await deskOf(page).card.waitFor();
    const state = page.getByRole('combobox', { name: 'State' });
    if (!(await state.isVisible())) await page.getByText('Waiting for review: 5').click();
    await state.selectOption({ label: 'Withdrawn (0)' });
    await page.getByRole('heading', { name: 'Nothing was withdrawn' }).waitFor();
  },
  batches: async (page) => {
    await page.goto('/sales/batches');
    await page.getByRole('heading', { name: 'Open' }).waitFor();
  },
  'a new batch': async (page) => {
    await page.goto('/sales/batches/new');
    await page.getByRole('heading', { name: 'Nobody would be in this batch' }).waitFor();
  },
  'an open batch': async (page) => {
    await page.goto(`/sales/batches/${batches.open}`);
    await page.getByRole('heading', { name: 'Left out: 1' }).waitFor();
    await page
      .getByText(/^(Dov|Eda|Finn) /)
      .first()
      .click();
    await deskOf(page).message.first().waitFor();
  },
  'dropping from a batch': async (page) => {
    await page.getByRole('checkbox').first().check();
    await deskOf(page).button('Drop 1…').click();
    await deskOf(page).dialog.waitFor();
  },
  'a sent batch': async (page) => {
    await page.goto(`/sales/batches/${batches.sent}`);
    await page.getByText('2 of 3 handed over').waitFor();
  },
  receipts: async (page) => {
    await page.goto('/sales/receipts');
    await page.getByText('3 messages').waitFor();
  },
  'receipts of a batch': async (page) => {
    await page.goto(`/sales/receipts/${batches.sent}`);
    await page.getByRole('row').filter({ hasText: 'Held back by the last check' }).waitFor();
  },
  'what was approved beside what was found': async (page) => {
    await deskOf(page).button('Compare the two').click();
    await page.getByRole('region', { name: 'What was about to leave' }).waitFor();
  },
  'a message that was kept': async (page) => {
    await page.goto(`/sales/receipts/${batches.sent}`);
    await deskOf(page).button('See it').first().click();
    await deskOf(page).dialog.getByText(/^Kept/).waitFor();
  },
  people: async (page) => {
    await page.goto('/sales/people');
    await page
      .getByRole('textbox', { name: 'E-mail address or LinkedIn profile' })
      .fill('ada.holm@copperlanternmedia.example');
    await deskOf(page).button('Find').click();
    await page.getByText('Known as').waitFor();
  },
  'somebody who is suppressed': async (page) => {
    const [{ email = '' } = {}] = (await rig.api.batch(batches.open)).batch.leftOut;
    await page.getByRole('textbox', { name: 'E-mail address or LinkedIn profile' }).fill(email);
    await deskOf(page).button('Find').click();
    await page.getByText('Nothing is ever sent to this person').waitFor();
  },
  'suppressing somebody': async (page) => {
    await deskOf(page).button('Never write to them…').click();
    await deskOf(page).dialog.waitFor();
  },
  system: async (page) => {
    await page.goto('/sales/system');
    await page.getByRole('heading', { name: 'Rules in force' }).waitFor();
  },
  'asking for a stop': async (page) => {
    await deskOf(page).button('Stop').click();
    await deskOf(page).dialog.waitFor();
  },
  'everything stopped': async (page) => {
    await rig.api.setHalt('a wrong price');
    await page.goto('/sales');
    await deskOf(page).stopped.waitFor();
    await deskOf(page).button('Lift the stop…').click();
    await deskOf(page).dialog.waitFor();
    await rig.api.liftHalt('mended');
  },
  'no such page': async (page) => {
    await page.goto('/sales/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  },
  'signed out': async (page) => {
    await page.context().clearCookies();
    // Another screen asks at once; this one would ask in some seconds.
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  },
  'the login': async (page) => {
    await page.goto('/login');
    await page.getByLabel('Your access token').waitFor();
  },
  'the login, refused': async (page) => {
    await page.getByLabel('Your access token').fill('not one of ours');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
  },
});
