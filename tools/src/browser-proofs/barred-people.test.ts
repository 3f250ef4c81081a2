// Risk: the Head of Sales approves a message to somebody who opted out or is a customer, because the desk does not say so.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Draft } from '@caio/contracts';
import { askAgain, becomesEnabled, deskOf } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

const bars = {
  'opted out': {
    bar: ({ message }: Draft) => rig.api.suppress(message.recipient.email, 'unsubscribed', 'a letter'),
    row: /Will not be sent: on the opt-out list$/,
    title: /^Opted out on .*\d\d:\d\d UTC: this will not be sent$/,
    more: 'That is for good and wins over every approval.',
  },
  'is a customer': {
    bar: ({ lead }: Draft) =>
      rig.api.changeExclusions({
        add: [{ key: `domain:${lead.companyDomain ?? ''}`, kind: 'customer', note: '' }],
        remove: [],
        source: 'desk',
      }),
    row: /Will not be sent: on the exclusion list$/,
    title: 'On the exclusion list: this will not be sent',
    more: /\.example is a customer, put there by /,
  },
} as const;

describe.each(widths)('at %i px', (width) => {
  test.each(['opted out', 'is a customer'] as const)(
    'a draft whose person %s says so in the list and on its card, and cannot be approved',
    async (why) => {
      await rig.bringLeads(['Ada Holm']);
      await rig.bringLeads(['Ben Aster']);
      const { page } = await rig.openDesk(width);
      const desk = deskOf(page);
      await desk.cardOf('Ada Holm').waitFor();
      await becomesEnabled(desk.button('Approve'));
      const { bar, row, title, more } = bars[why];
      const [draft] = await rig.pending();
      if (draft === undefined) throw new Error('no draft waits');
      await bar(draft);
      await askAgain(page);

      // Of the card that is open, and of one that is opened.
      for (const opened of [false, true]) {
        if (opened) await page.reload();
        await desk.card.getByText(title).waitFor();
        await desk.card.getByText(more).waitFor();
        await desk.card.getByText('It cannot be approved. Reject it to take it off the list.').waitFor();
        await becomesEnabled(desk.button('Reject'));
        expect(await desk.button('Approve').isDisabled()).toBe(true);
        await page.keyboard.press('a');
        await desk.says('Not approved: nothing is sent to this person. Reject the draft instead.');
      }
      if (width === 390) await page.getByText(/^Waiting for review: 2/).click();
      await page.getByRole('link', { name: row }).filter({ hasText: 'Ada Holm' }).waitFor();
      expect(await page.getByRole('link', { name: row }).count()).toBe(1);
      expect((await rig.api.queueStatus()).drafts).toMatchObject({ pending: 2 });

      await desk.button('Next card').click();
      await desk.cardOf('Ben Aster').waitFor();
      await desk.button('Approve').click();
      await desk.says('Approved: Ben Aster.');
      await desk.cardOf('Ada Holm').waitFor();
    },
  );
});
