// Risk: somebody cannot read, reach or operate a screen, it does not fit a phone, or it takes long to appear on one.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { overflowOf, seriousFindings } from './testing/accessibility.ts';
import { badScreensOf } from './testing/bad-screens.ts';
import { prepareDesk } from './testing/demo-desk.ts';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig, widths } from './testing/desk-rig.ts';
import { screensOf } from './testing/screens.ts';
import { switchServices } from './testing/service-switch.ts';

let rig: DeskRig;
let services: ReturnType<typeof switchServices>;
let batches: { readonly sent: string; readonly open: string };
beforeAll(async () => {
  rig = await startDeskRig({ deliveryMode: 'log-only' });
  services = switchServices(rig);
  batches = await prepareDesk(rig);
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(async () => {
  await services.close();
  await rig.close();
});

const firstLoadBytesMax = 150 * 1024;

/** A rule that is not about colours finds the same in light and in dark. */
const looks = [
  ['light', 'every rule'],
  ['dark', 'colours'],
] as const;

/** What is wrong with the screen a page shows, in every look. */
const findingsOn = async (page: Page, name: string): Promise<string[]> => {
  const findings: string[] = [];
  for (const [colorScheme, rules] of looks) {
    await page.emulateMedia({ colorScheme });
    const found = await seriousFindings(page, rules);
    findings.push(...found.map((finding) => `${name}, ${colorScheme}: ${finding}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const overflow = await overflowOf(page);
  if (overflow > 0) findings.push(`${name}: ${overflow} px wider than the window`);
  return findings;
};

test.each(widths)(
  'at %i px axe finds nothing serious on any screen, light or dark, and nothing is wider than the window',
  async (width) => {
    const { page, watch } = await rig.openDesk(width, '/sales', { reducedMotion: 'reduce' });
    watch.expect(401);
    const findings: string[] = [];
    for (const [name, show] of Object.entries(screensOf(rig, batches))) {
      await show(page);
      findings.push(...(await findingsOn(page, name)));
    }
    expect(findings).toEqual([]);
  },
  120_000,
);

test('the same holds where nothing is to be shown, or nothing can be read', async () => {
  const windows = await Promise.all(
    widths.map((width) => rig.openDesk(width, '/sales', { reducedMotion: 'reduce' })),
  );
  for (const { watch } of windows) watch.expect(503);
  const pages = windows.map(({ page }) => page);
  const findings: string[] = [];
  for (const { name, happen, show } of badScreensOf(rig, services)) {
    await happen?.(pages);
    for (const [at, page] of pages.entries()) {
      await show(page);
      findings.push(...(await findingsOn(page, `${name} at ${widths[at]} px`)));
    }
  }
  await services.start('gatekeeper');
  expect(findings).toEqual([]);
}, 60_000);

test.each(widths)(
  'at %i px a message that was changed is shown beside the approved one, the changed word marked, and stamped',
  async (width) => {
    const { page } = await rig.openDesk(width, `/sales/receipts/${batches.sent}`);
    const { button, dialog } = deskOf(page);
    await button('Compare the two').click();
    const [approved, found] = ['What was approved', 'What was about to leave'].map((name) =>
      dialog.getByRole('region', { name }),
    );
    if (approved === undefined || found === undefined) throw new Error('unreachable');
    await found.getByText('content_mismatch', { exact: true }).waitFor();
    expect(await approved.getByRole('deletion').allTextContents()).toEqual(['four']);
    expect(await found.getByRole('insertion').allTextContents()).toEqual(['one']);
    const receipt = (await rig.api.receipts(batches.sent)).find(
      ({ reason }) => reason === 'content_mismatch',
    );
    const digestIn = (side: typeof approved) =>
      side.getByRole('button', { name: /content digest starts with/ }).textContent();
    expect(await digestIn(approved)).toContain(receipt?.contentDigest.slice(0, 12));
    expect(await digestIn(found)).not.toContain(receipt?.contentDigest.slice(0, 12));
    expect(await dialog.getByText('Changed beside the text').count()).toBe(0);
  },
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
