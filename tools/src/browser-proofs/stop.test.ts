// Risk: the stop is not at hand on the screen somebody happens to be on, or a screen does not say where messages go.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
let batchId: string;
beforeAll(async () => {
  rig = await startDeskRig({ deliveryMode: 'log-only' });
  const batch = await rig.approvedBatch(['Ada Holm', 'Ben Aster']);
  ({ batchId } = batch);
  await rig.api.executeBatch(batchId);
  await rig.bringLeads(['Cleo Marsh']);
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(() => rig.close());

const screens = () => [
  '/sales',
  '/sales/batches',
  '/sales/batches/new',
  `/sales/batches/${batchId}`,
  '/sales/receipts',
  `/sales/receipts/${batchId}`,
  '/sales/people',
  '/sales/system',
  '/sales/nowhere',
];

describe.each(widths)('at %i px', (width) => {
  test('every screen says that nothing leaves, stops everything, says who and why, and lifts the stop', async () => {
    const { page } = await rig.openDesk(width);
    const desk = deskOf(page);
    for (const path of screens()) {
      await page.goto(path);
      await desk.banner.getByText('NOTHING LEAVES THIS MACHINE').waitFor();
      const why = `A wrong price was seen on ${path}`;
      await desk.button('Stop').click();
      await desk.dialog.getByRole('heading', { name: 'Stop everything?' }).waitFor();
      await desk.dialog.getByRole('textbox', { name: /^Why\?/ }).fill(why);
      await desk.dialog.getByRole('button', { name: 'Stop everything now' }).click();
      await desk.stopped.getByText(why).waitFor();
      await desk.stopped.getByText(people.head.name).waitFor();
      expect((await rig.api.halt()).halt).toMatchObject({
        active: true,
        by: people.head.name,
        reason: why,
      });

      await desk.stopped.getByRole('button', { name: 'Lift the stop…' }).click();
      await desk.dialog
        .getByRole('textbox', { name: 'What has been cleared up?' })
        .fill('The price is right.');
      await desk.dialog.getByRole('button', { name: 'Lift the stop', exact: true }).click();
      await desk.stopped.waitFor({ state: 'hidden' });
      expect((await rig.api.halt()).halt.active).toBe(false);
    }
  }, 90_000);
});

test('a stop that somebody else made appears by itself, on a desk and on a phone, and a stop takes no typing', async () => {
  const reasons = { 1280: 'A complaint came in', 390: 'Wrong text in a message' } as const;
  const desks = await Promise.all(
    widths.map(async (width) => {
      const { page } = await rig.openDesk(width, '/sales/people');
      return { reason: reasons[width], desk: deskOf(page) };
    }),
  );
  const onEach = (look: (opened: (typeof desks)[number]) => Promise<void>) => Promise.all(desks.map(look));
  await onEach(({ desk }) => desk.button('Stop').waitFor());
  await rig.api.setHalt('made on the command line');
  await onEach(async ({ desk, reason }) => {
    await desk.stopped.getByText('made on the command line').waitFor();
    await desk.button('Stopped').click();
    await desk.dialog.getByRole('button', { name: reason }).click();
    await desk.dialog.getByRole('button', { name: 'Stop everything now' }).click();
    await desk.stopped.getByText(reason).waitFor();
    await desk.stopped.getByText('made on the command line').waitFor();
  });
  await rig.api.liftHalt('the scenario is over');
  await onEach(({ desk }) => desk.stopped.waitFor({ state: 'hidden' }));
}, 60_000);

test('before a batch is sent the button itself says that nothing leaves', async () => {
  await rig.approveAll();
  const batch = await rig.freeze();
  await rig.api.approveBatch(batch.batchId, batch.previewHash);
  const { page } = await rig.openDesk(1280, `/sales/batches/${batch.batchId}`);
  await deskOf(page).button('Start sending 1 message (nothing leaves this machine)…').waitFor();
});
