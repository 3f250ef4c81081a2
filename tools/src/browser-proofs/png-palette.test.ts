// Risk: the pictures of the documentation show other colours than the desk has, or are too large to look at.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startBrowser } from './testing/browser.ts';
import { readPng, withPalette } from './testing/png-palette.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const pictureOf = async (html: string): Promise<Buffer> => {
  const page = await browser.newPage({ viewport: { width: 320, height: 200 } });
  await page.setContent(html);
  const picture = await page.screenshot();
  await page.close();
  return picture;
};

test('a picture of few colours keeps every pixel and gets smaller', async () => {
  const plain = await pictureOf(
    '<body style="margin:0;background:#123456"><p style="background:#fedcba">held back</p></body>',
  );
  const small = withPalette(plain);
  expect(readPng(small)).toEqual(readPng(plain));
  expect(small.length).toBeLessThan(plain.length);
});

test('a picture of many colours has 256 at most, none far from what it was', async () => {
  const plain = readPng(
    await pictureOf(
      '<body style="margin:0;height:200px;background:linear-gradient(90deg,#000,#f80 50%,#08f)"></body>',
    ),
  );
  const small = readPng(
    withPalette(
      await pictureOf(
        '<body style="margin:0;height:200px;background:linear-gradient(90deg,#000,#f80 50%,#08f)"></body>',
      ),
    ),
  );
  expect(new Set(small.colours).size).toBeLessThanOrEqual(256);
  const farthest = plain.colours.reduce((most, colour, at) => {
    const other = small.colours[at] ?? 0;
    const parts = [16, 8, 0].map((shift) => Math.abs(((colour >> shift) & 255) - ((other >> shift) & 255)));
    return Math.max(most, ...parts);
  }, 0);
  expect(farthest).toBeLessThan(24);
});
