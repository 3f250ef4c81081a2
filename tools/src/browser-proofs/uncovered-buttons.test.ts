// Risk: a note lies over a button or a field on a phone, or offers to undo what cannot be undone any more.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { becomesEnabled, deskOf } from './testing/desk-page.ts';
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

/** What is asked of an element inside the page; the rest of this program knows no browser. */
interface PageNode {
  readonly textContent: string | null;
  readonly ownerDocument: { readonly elementFromPoint: (x: number, y: number) => PageNode | null };
  readonly contains: (other: PageNode | null) => boolean;
  readonly scrollIntoView: (how: { readonly block: 'center' }) => void;
  readonly getBoundingClientRect: () => {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** What lies over the middle of these, each as it stands or after it was scrolled to; nothing is as it should be. */
const covers = async (found: Locator, how: 'as it stands' | 'scrolled to'): Promise<string[]> => {
  await found.first().waitFor();
  return found.evaluateAll(
    (nodes: readonly PageNode[], given: typeof how) =>
      nodes.flatMap((node) => {
        if (given === 'scrolled to') node.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = node.getBoundingClientRect();
        if (width === 0) return [];
        const top = node.ownerDocument.elementFromPoint(x + width / 2, y + height / 2);
        return node.contains(top) ? [] : [`${node.textContent ?? ''}: ${top?.textContent ?? 'nothing'}`];
      }),
    how,
  );
};

test('after an approval on a phone every button of the next card, of its edit and of a batch takes its press', async () => {
  await rig.bringLeads(['Ada Holm', 'Ben Aster']);
  await rig.approveAll();
  const batch = await rig.freeze();
  await rig.bringLeads(['Cleo Marsh', 'Dov Lindgren']);
  const { page } = await rig.openDesk(390);
  const desk = deskOf(page);
  const buttons = page.getByRole('main').getByRole('button');
  const who = await desk.nextCard(null);
  await desk.button('Approve').click();
  await desk.nextCard(who);
  const note = page.getByRole('status').getByText(`Approved: ${who}.`);
  await note.waitFor();
  const deciding = desk.button('Approve').or(desk.button('Edit')).or(desk.button('Reject'));
  expect(await covers(deciding, 'as it stands')).toEqual([]);
  expect(await covers(page.getByRole('button'), 'scrolled to')).toEqual([]);

  await desk.button('Edit').click();
  const fields = page.getByRole('textbox');
  const overFields = await covers(fields, 'as it stands');
  expect(overFields.filter((cover) => cover.includes(who))).toEqual([]);
  expect(await covers(buttons.or(fields), 'scrolled to')).toEqual([]);
  await desk.button('Leave as it was').click();
  await desk.button('Approve').waitFor();
  expect(await note.isVisible()).toBe(true);

  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: /^Batches/ }).click();
  await page.getByRole('link', { name: /2 messages/ }).click();
  await becomesEnabled(desk.button(/^Reject all/));
  expect(page.url()).toContain(batch.batchId);
  expect(await note.isVisible()).toBe(false);
  expect(await covers(buttons, 'scrolled to')).toEqual([]);
  await desk.button('Stop').click();
  await desk.dialog.getByRole('button', { name: 'A complaint came in' }).click();
  await desk.dialog.getByRole('button', { name: 'Stop everything now' }).click();
  await desk.says(/^Everything is stopped\. No message/);
  const aboutAll = desk.button(/^(Approve 2|Reject all)/);
  expect(await covers(aboutAll, 'as it stands')).toEqual([]);
  expect(await covers(buttons, 'scrolled to')).toEqual([]);
  await rig.api.liftHalt('seen');
  await pages.getByRole('link', { name: /^Review/ }).click();
  await page.getByText('Recently reviewed (1)').click();
  await desk.button('Undo').click();
  await desk.says(`The approval for ${who} is taken back.`);
});

test('a note offers no way back once the draft is in a batch', async () => {
  await rig.bringLeads(['Eda Quill', 'Finn Corr']);
  const { page } = await rig.openDesk(390);
  const desk = deskOf(page);
  const who = await desk.nextCard(null);
  await desk.button('Approve').click();
  await desk.nextCard(who);
  await desk.button('Undo').waitFor();
  await page.getByText('Batches1', { exact: true }).waitFor();
  await rig.freeze();
  await desk.button('Undo').waitFor({ state: 'detached', timeout: 12_000 });
});
