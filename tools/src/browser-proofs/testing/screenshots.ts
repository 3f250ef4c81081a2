import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { prepareDesk } from './demo-desk.ts';
import { deskOf } from './desk-page.ts';
import { startDeskRig, type Width } from './desk-rig.ts';
import { withPalette } from './png-palette.ts';

const pictureBytesMax = 120 * 1024;

interface Picture {
  readonly name: string;
  readonly width: Width;
  readonly colorScheme: NonNullable<BrowserContextOptions['colorScheme']>;
  readonly path: string;
  readonly show: (page: Page) => Promise<void>;
}

const firstCard = async (page: Page): Promise<void> => {
  await deskOf(page).cardOf('Gwen Ashby').waitFor();
};

/** Where messages go is said, and the buttons take a press: both come a moment after the page. */
const settled = async (page: Page): Promise<void> => {
  await deskOf(page).banner.getByText('NOTHING LEAVES THIS MACHINE').waitFor();
  await page.locator('[aria-disabled="true"]').first().waitFor({ state: 'detached' });
};

const picturesOf = (batches: { readonly sent: string; readonly open: string }): readonly Picture[] => [
  {
    name: 'held-back',
    width: 1280,
    colorScheme: 'light',
    path: `/sales/receipts/${batches.sent}`,
    show: async (page) => {
      await deskOf(page).button('Compare the two').click();
      await page.getByRole('region', { name: 'What was about to leave' }).waitFor();
    },
  },
  { name: 'review-light', width: 1280, colorScheme: 'light', path: '/sales', show: firstCard },
  { name: 'review-dark', width: 1280, colorScheme: 'dark', path: '/sales', show: firstCard },
  { name: 'review-phone', width: 390, colorScheme: 'light', path: '/sales', show: firstCard },
  {
    name: 'batch',
    width: 1280,
    colorScheme: 'light',
    path: `/sales/batches/${batches.open}`,
    show: (page) => page.getByRole('heading', { name: 'Left out: 1' }).waitFor(),
  },
  {
    name: 'receipts-dark',
    width: 1280,
    colorScheme: 'dark',
    path: `/sales/receipts/${batches.sent}`,
    show: (page) => page.getByRole('row').filter({ hasText: 'Held back by the last check' }).waitFor(),
  },
  {
    name: 'stopped-phone',
    width: 390,
    colorScheme: 'dark',
    path: '/sales/batches',
    show: async (page) => {
      const { button, dialog, stopped } = deskOf(page);
      await button('Stop').click();
      await dialog.getByRole('button', { name: 'Wrong text in a message' }).click();
      await dialog.getByRole('button', { name: 'Stop everything now' }).click();
      await stopped.waitFor();
      await button('Dismiss').click();
    },
  },
];

/**
 * Takes the pictures of the documentation on a stack of its own with the same people every time, and writes them to
 * `folder`. Throws when one is larger than a reader should have to load.
 */
export const takeScreenshots = async (
  root: string,
  folder: string,
  say: (line: string) => void,
): Promise<void> => {
  const rig = await startDeskRig({ root, deliveryMode: 'log-only', environment: 'local' });
  try {
    const batches = await prepareDesk(rig);
    mkdirSync(folder, { recursive: true });
    for (const { name, width, colorScheme, path, show } of picturesOf(batches)) {
      const { page } = await rig.openDesk(width, path, { colorScheme, reducedMotion: 'reduce' });
      await show(page);
      await settled(page);
      const picture = withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
      if (picture.length > pictureBytesMax)
        throw new Error(`${name}.png has ${picture.length} bytes; ${pictureBytesMax} is the most.`);
      writeFileSync(join(folder, `${name}.png`), picture);
      say(`${name}.png: ${Math.round(picture.length / 1024)} KB`);
      const { troubles, executed } = await rig.closeWindows();
      if (troubles.length + executed.length > 0) throw new Error([...troubles, ...executed].join('\n'));
    }
  } finally {
    await rig.close();
  }
};
