// Risk: what the Head of Sales decides on a card is not what is stored, or she decides about another text than she sees.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Draft } from '@caio/contracts';
import type { Page } from 'playwright-core';
import {
  becomesEnabled,
  becomesFocused,
  deskOf,
  isFocused,
  pressTwiceAtOnce,
  ringOf,
  textOf,
} from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

const five = ['Ada Holm', 'Ben Aster', 'Cleo Marsh', 'Dov Lindgren', 'Eda Quill'] as const;
const draftsByName = async (): Promise<ReadonlyMap<string, Draft>> => {
  const all = await Promise.all(['pending', 'approved', 'rejected'].map((status) => rig.api.drafts(status)));
  const newestLast = all.flat().sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  return new Map(newestLast.map((draft) => [draft.message.recipient.name ?? '', draft]));
};
/** The approvals that a page asks for from now on. */
const approvalsOf = (page: Page): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/approve')) asked.push(request.url());
  });
  return asked;
};

describe.each(widths)('at %i px', (width) => {
  test('five cards are approved, edited, rejected and taken back, and stored as decided', async () => {
    await rig.bringLeads(five);
    const { page } = await rig.openDesk(width);
    const desk = deskOf(page);

    const first = await desk.nextCard(null);
    await desk.card.getByText('1 of 5').waitFor();
    await desk.button('Approve').click();
    await desk.says(`Approved: ${first}.`);

    const second = await desk.nextCard(first);
    const digest = desk.card.getByRole('button', { name: /content digest starts with/ });
    await desk.button('Edit').click();
    const body = page.getByRole('textbox', { name: 'Body' });
    await becomesFocused(body);
    expect(await desk.button('Save and compare').isDisabled()).toBe(true);
    const before = await body.inputValue();
    await body.fill(before.replace('Hi ', 'Hello '));
    await desk.button('Save and compare').click();
    const changes = page.getByRole('region', { name: 'What changed' });
    await changes.getByRole('insertion').filter({ hasText: 'Hello' }).waitFor();
    await changes.getByRole('deletion').filter({ hasText: 'Hi' }).waitFor();
    await changes.getByText('now revision 2').waitFor();
    const shownDigest = await digest.first().textContent();
    await desk.message.getByText('Hello').waitFor();
    await desk.button('Approve').click();
    await desk.says(`Approved: ${second}.`);

    const third = await desk.nextCard(second);
    await desk.button('Reject').click();
    const reject = desk.dialog.getByRole('button', { name: 'Reject', exact: true });
    const reason = desk.dialog.getByRole('textbox', { name: /^Why\? At least 20 characters/ });
    await reason.fill('Too pushy.');
    await desk.dialog.getByText('10 more characters needed').waitFor();
    expect(await reject.isDisabled()).toBe(true);
    await reason.fill('Too pushy for somebody we never met.');
    expect(await reject.isDisabled()).toBe(true);
    await desk.dialog
      .getByRole('combobox', { name: 'What is wrong with it?' })
      .selectOption({ label: 'Tone/style issue' });
    await reject.click();
    await desk.says(`Rejected: ${third}.`);

    const fourth = await desk.nextCard(third);
    await desk.button('Approve').click();
    await desk.says(`Approved: ${fourth}.`);
    const fifth = await desk.nextCard(fourth);
    await desk.button('Undo').first().click();
    await desk.says(`The approval for ${fourth} is taken back.`);
    await desk.cardOf(fourth).waitFor();
    await desk.button('Next card').click();
    await desk.cardOf(fifth).waitFor();

    const stored = await draftsByName();
    expect(five.map((name) => [name, stored.get(name)?.status]).sort()).toEqual(
      [
        [first, 'approved'],
        [second, 'approved'],
        [third, 'rejected'],
        [fourth, 'pending'],
        [fifth, 'pending'],
      ].sort(),
    );
    expect(stored.get(first)).toMatchObject({ reviewedBy: people.head.name });
    const edited = stored.get(second);
    expect(edited).toMatchObject({ revision: 2, message: { body: before.replace('Hi ', 'Hello ') } });
    expect(shownDigest).toContain(edited?.contentDigest.slice(0, 12));
    expect(stored.get(third)).toMatchObject({
      rejection: { tag: 'tone_style_issue', reason: 'Too pushy for somebody we never met.' },
    });
  });

  test('a double press on Approve decides about one card', async () => {
    await rig.bringLeads(['Finn Corr', 'Gwen Ashby', 'Nils Orban']);
    const { page } = await rig.openDesk(width);
    const desk = deskOf(page);
    const who = await desk.nextCard(null);
    const asked = approvalsOf(page);
    await desk.button('Approve').dblclick();
    await desk.says(`Approved: ${who}.`);
    const next = await desk.nextCard(who);
    expect(asked).toHaveLength(1);
    expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 1, pending: 2 });
    await becomesEnabled(desk.button('Approve'));
    await pressTwiceAtOnce(desk.button('Approve'));
    await desk.says(`Approved: ${next}.`);
    await desk.nextCard(next);
    expect(asked).toHaveLength(2);
    expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 2, pending: 1 });
  });

  test('of two people who approve the same card at once, one is told that it was done already', async () => {
    await rig.bringLeads(['Hugo Brandt']);
    const [draft] = await rig.pending();
    const path = `/sales/review/${draft?.draftId ?? ''}`;
    const windows = [
      await rig.openDesk(width, path),
      await rig.openDesk(width, path, { who: people.second }),
    ];
    for (const { watch } of windows) watch.expect(409);
    const desks = windows.map(({ page }) => deskOf(page));
    await Promise.all(desks.map((desk) => desk.cardOf('Hugo Brandt').waitFor()));
    await Promise.all(desks.map((desk) => desk.button('Approve').click()));
    const outcomes = await Promise.all(
      windows.map(async ({ page }) => {
        const approved = page.getByText('Approved: Hugo Brandt.');
        const told = page.getByText('Nothing was done twice: your press came after this.');
        await approved.or(told).waitFor();
        return (await told.isVisible()) ? 'told' : 'approved';
      }),
    );
    expect(outcomes.sort()).toEqual(['approved', 'told']);
    const { draft: stored } = await rig.api.draft(draft?.draftId ?? '');
    expect(stored.decisions.map(({ command }) => command)).toEqual(['approve']);
  });

  test('a card whose text somebody else changed shows the change before it can be approved', async () => {
    await rig.bringLeads(['Iris Fenwick']);
    const [draft] = await rig.pending();
    if (draft === undefined) throw new Error('no draft waits');
    const { page, watch } = await rig.openDesk(width);
    watch.expect(409);
    const desk = deskOf(page);
    await desk.cardOf('Iris Fenwick').waitFor();
    await becomesEnabled(desk.button('Approve'));
    await rig.api.editDraft(draft.draftId, {
      contentDigest: draft.contentDigest,
      subject: draft.message.subject,
      body: draft.message.body.replace('Hi ', 'Dear '),
    });
    // The key does nothing if the desk has noticed the change by now, which it asks for every ten seconds.
    await page.keyboard.press('a');
    const changes = page.getByRole('region', { name: 'What changed' });
    await changes.getByText('The text was changed while you read it').waitFor();
    expect(await desk.button('Approve').isDisabled()).toBe(true);
    expect((await rig.api.draft(draft.draftId)).draft.status).toBe('pending');
    await desk.button('I have read the new text').click();
    await desk.button('Approve').click();
    await desk.says('Approved: Iris Fenwick.');
  });
});

/** What the answers of the API to a page take on the wire from now on, in bytes. */
const apiBytesOf = async (page: Page): Promise<{ bytes: number }> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const asked = new Set<string>();
  const sum = { bytes: 0 };
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.includes('/api/')) asked.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) sum.bytes += encodedDataLength;
  });
  return sum;
};

test('with a hundred cards waiting, a phone loads them and decides about three in kilobytes', async () => {
  const letters = [...'abcdefghij'];
  await rig.bringLeads(letters.flatMap((one) => letters.map((two) => `Ada${one}${two} Holm`)));
  const { page } = await rig.openWindow(390);
  const api = await apiBytesOf(page);
  await page.goto('/sales');
  await rig.logIn(page);
  const desk = deskOf(page);
  let who = await desk.nextCard(null);
  await desk.card.getByText('1 of 100').waitFor();
  await page.waitForLoadState('networkidle');
  expect(api.bytes).toBeLessThan(30_000);
  const before = api.bytes;
  for (const left of [99, 98, 97]) {
    await desk.button('Approve').click();
    await desk.says(`Approved: ${who}.`);
    who = await desk.nextCard(who);
    await desk.card.getByText(`1 of ${left}`).waitFor();
  }
  expect(api.bytes - before).toBeLessThan(60_000);
  expect((await rig.api.queueStatus()).drafts).toMatchObject({ approved: 3, pending: 97 });
}, 60_000);

test('the review is gone through by keys alone, and the focus is where it can be seen', async () => {
  await rig.bringLeads(five);
  const { page } = await rig.openDesk(1280);
  const desk = deskOf(page);
  const first = await desk.nextCard(null);
  const focusedCard = (name: string) =>
    textOf(
      async () => ((await isFocused(desk.who)) ? desk.who.textContent() : null),
      (text) => text === name,
      `the focus on the card of ${name}`,
    );
  await focusedCard(first);
  await page.keyboard.press('j');
  const second = await desk.nextCard(first);
  await focusedCard(second);
  await page.keyboard.press('k');
  await focusedCard(first);

  await page.keyboard.press('?');
  await desk.dialog.getByRole('heading', { name: 'Keys' }).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Escape');
  await desk.dialog.waitFor({ state: 'hidden' });
  await focusedCard(first);
  expect((await rig.api.queueStatus()).drafts['approved'] ?? 0).toBe(0);

  await page.keyboard.press('e');
  const body = page.getByRole('textbox', { name: 'Body' });
  await becomesFocused(body);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('area ');
  expect(await body.inputValue()).toMatch(/^area /);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const save = desk.button('Save and compare');
  expect(await isFocused(save)).toBe(true);
  expect(await ringOf(save)).not.toBe('none');
  await becomesEnabled(save);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'What changed' }).waitFor();

  await becomesEnabled(desk.button('Approve'));
  await page.keyboard.press('a');
  await desk.says(`Approved: ${first}.`);
  await focusedCard(second);
  await becomesEnabled(desk.button('Undo').first());
  await page.keyboard.press('u');
  await desk.says(`The approval for ${first} is taken back.`);
  await focusedCard(first);

  await becomesEnabled(desk.button('Reject'));
  await page.keyboard.press('r');
  await desk.dialog.waitFor();
  await page.keyboard.press('Escape');
  await desk.dialog.waitFor({ state: 'hidden' });
  await focusedCard(first);
  await becomesEnabled(desk.button('Reject'));
  await page.keyboard.press('r');
  await becomesFocused(desk.dialog.getByRole('combobox', { name: 'What is wrong with it?' }));
  await page.keyboard.type('F');
  await page.keyboard.press('Tab');
  await page.keyboard.type('The figure in the second line is wrong.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await becomesEnabled(desk.dialog.getByRole('button', { name: 'Reject', exact: true }));
  await page.keyboard.press('Enter');
  await desk.says(`Rejected: ${first}.`);
  await desk.nextCard(first);

  await desk.button('Edit').focus();
  await becomesFocused(desk.button('Edit'));
  await page.keyboard.press('s');
  await desk.dialog.getByRole('heading', { name: 'Stop everything?' }).waitFor();
  await page.keyboard.press('Escape');
  await desk.dialog.waitFor({ state: 'hidden' });
  await becomesFocused(desk.button('Edit'));
  expect((await rig.api.queueStatus()).drafts).toMatchObject({ pending: 4 });
});
