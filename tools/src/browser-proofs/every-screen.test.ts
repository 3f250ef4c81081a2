// Risk: somebody cannot read, reach or operate a screen, it does not fit a phone, or it takes long to appear on one.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { overflowOf, seriousFindings } from './testing/accessibility.ts';
import { prepareDesk } from './testing/demo-desk.ts';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
let batches: { readonly sent: string; readonly open: string };
beforeAll(async () => {
  rig = await startDeskRig({ deliveryMode: 'log-only' });
  batches = await prepareDesk(rig);
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(() => rig.close());

const firstLoadBytesMax = 150 * 1024;

/** Every screen of the desk by name, and how to come to it. */
const screens: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'a card': async (page) => {
    await page.goto('/sales');
    await deskOf(page).card.waitFor();
  },
  'a card with everything open': async (page) => {
    for (const part of [/^How the points came about/, /^Filled in from the lead/, /^Everything else in it/])
      await page.getByText(part).click();
  },
  'the person menu': async (page) => {
    await page.getByRole('group').filter({ hasText: people.head.name }).click();
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
    await page.goto('/sales');
    await rig.api.setHalt('a wrong price');
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
};

/** Colours are what dark changes, and a narrow window changes everything but them. */
const looks = {
  1280: [
    ['light', 'every rule'],
    ['dark', 'colours'],
  ],
  390: [['light', 'every rule']],
} as const;

test.each(widths)(
  'at %i px axe finds nothing serious on any screen, light or dark, and nothing is wider than the window',
  async (width) => {
    const { page, watch } = await rig.openDesk(width, '/sales', { reducedMotion: 'reduce' });
    watch.expect(401, 409);
    const findings: string[] = [];
    for (const [name, show] of Object.entries(screens)) {
      await show(page);
      for (const [colorScheme, rules] of looks[width]) {
        await page.emulateMedia({ colorScheme });
        const found = await seriousFindings(page, rules);
        findings.push(...found.map((finding) => `${name}, ${colorScheme}: ${finding}`));
      }
      await page.emulateMedia({ colorScheme: 'light' });
      const overflow = await overflowOf(page);
      if (overflow > 0) findings.push(`${name}: ${overflow} px wider than the window`);
    }
    expect(findings).toEqual([]);
  },
  120_000,
);

test('the page, its script and its style are at most 150 KB on the wire', async () => {
  const { page } = await rig.openWindow(390);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const files = new Map<string, { readonly url: string; bytes: number }>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (!response.url.includes('/api/')) files.set(requestId, { url: response.url, bytes: 0 });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (file !== undefined) file.bytes = encodedDataLength;
  });
  await page.goto('/login');
  await rig.logIn(page);
  await deskOf(page).card.waitFor();
  const loaded = [...files.values()];
  for (const ending of [/\/sales$/, /\.js$/, /\.css$/])
    expect(loaded.find(({ url }) => ending.test(url))?.bytes).toBeGreaterThan(500);
  expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(firstLoadBytesMax);
});
