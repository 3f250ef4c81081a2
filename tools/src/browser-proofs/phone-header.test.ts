// Risk: on a phone a way to another screen is out of sight, or the header takes the room of the message.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig({ environment: 'test-production' });
  await rig.bringLeads([...'abcdefghij'].map((letter) => `Ada${letter} Holm`));
  await rig.approveAll();
  await rig.bringLeads([...'abcdefghij'].map((letter) => `Ben${letter} Aster`));
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(() => rig.close());

/** More than a line of small text with room around it, less than two. */
const oneLinePx = 40;

const shapeSchema = z.object({
  tabs: z.array(z.object({ text: z.string(), left: z.number(), right: z.number() })),
  titleLines: z.number(),
  stripHeight: z.number(),
});

/** Where the words of the header stand, in pixels, and in how many lines. */
const shapeOf = async (page: Page) =>
  shapeSchema.parse(
    await page.evaluate(`(() => {
      const wordsIn = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [...range.getClientRects()].filter(({ width, height }) => width > 2 && height > 2);
      };
      const linesOf = (node) => new Set(wordsIn(node).map(({ top }) => Math.round(top))).size;
      return {
        tabs: [...document.querySelectorAll('nav a')].map((tab) => ({
          text: tab.textContent,
          left: Math.min(...wordsIn(tab).map(({ left }) => left)),
          right: Math.max(...wordsIn(tab).map(({ right }) => right)),
        })),
        titleLines: linesOf(document.querySelector('header p').firstChild),
        stripHeight: document.querySelector('section[aria-label="Where messages go"]').offsetHeight,
      };
    })()`),
  );

describe.each([390, 360])('at %i px', (width) => {
  test('every page is named inside the window, the title is one line and so is where messages go, also while stopped', async () => {
    const { page } = await rig.openDesk(390, '/sales', { viewport: { width, height: 780 } });
    const desk = deskOf(page);
    await desk.card.waitFor();
    await desk.banner.getByText('GOES TO THE SIMULATOR', { exact: true }).waitFor();
    for (const stopped of [false, true]) {
      if (stopped) {
        await rig.api.setHalt('a wrong price');
        await desk.button('Stopped').waitFor();
      }
      const { tabs, titleLines, stripHeight } = await shapeOf(page);
      expect(tabs.map(({ text }) => text)).toEqual([
        ...['Review10', 'Batches10', 'Receipts', 'People', 'System'],
      ]);
      let before = 0;
      for (const { left, right } of tabs) {
        expect(left - before).toBeGreaterThanOrEqual(8);
        before = right;
      }
      expect(width - before).toBeGreaterThanOrEqual(10);
      expect(titleLines).toBe(1);
      expect(stripHeight).toBeLessThan(oneLinePx);
    }
    await rig.api.liftHalt('seen');
  });
});
