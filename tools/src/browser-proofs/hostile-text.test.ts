// Risk: a text from a lead file, an agent or an edit runs in the browser of whoever reviews it, or hides what it is.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Draft } from '@caio/contracts';
import { buildLead, waitFor } from '@caio/test-kit';
import type { Locator, Page } from 'playwright-core';
import { deskOf, textOf } from './testing/desk-page.ts';
import { type DeskRig, startDeskRig, widths } from './testing/desk-rig.ts';
import { hostileTexts } from './testing/hostile-texts.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
  await rig.clearDesk();
});
afterAll(() => rig.close());

/** Half a character cannot be typed, and is refused when it is posted. */
const brokenOnTheWay = hostileTexts.filter((text) => Buffer.from(text).toString() !== text);

/** Links of a page that lead to anything but an address of the web. */
const oddLinksOf = async (page: Page): Promise<string[]> => {
  const links: string[] = await page
    .getByRole('link', { includeHidden: true })
    .evaluateAll((nodes: { href: string }[]) => nodes.map(({ href }) => href));
  return links.filter((href) => !/^https?:$/.test(new URL(href).protocol));
};

const partsOf = ({ message, lead }: Draft): string[] =>
  [message.recipient.name, lead.title, message.recipient.company, lead.city, lead.country].filter(
    (part) => part !== null,
  );

/** Goes through all cards of a state by the key a reviewer uses, and compares each with what is stored. */
const readCards = async (page: Page, label: string, drafts: readonly Draft[]): Promise<void> => {
  const desk = deskOf(page);
  if (drafts.length === 0) return;
  await page.getByRole('combobox', { name: 'State' }).selectOption({ label });
  const unread = new Map(drafts.map((draft) => [draft.draftId as string, draft]));
  let last: string | null = null;
  while (unread.size > 0) {
    const id = await waitFor(
      () => {
        const shown = /drf_\w+/.exec(page.url())?.[0];
        return shown !== undefined && shown !== last && unread.has(shown) ? shown : null;
      },
      { timeoutMs: 20_000, describe: () => `an unread card; ${unread.size} are left` },
    );
    const draft = unread.get(id);
    if (draft === undefined) throw new Error('unreachable');
    const text = await textOf(
      () => desk.message.textContent(),
      (shown) => shown.includes(draft.message.subject) && shown.includes(draft.message.body),
      `the message of ${id} as it is stored: ${JSON.stringify(draft.message)}`,
    );
    expect(text).toContain(draft.message.recipient.email);
    const card = (await page.getByRole('main').textContent()) ?? '';
    for (const part of partsOf(draft)) expect(card).toContain(part);
    expect(await oddLinksOf(page)).toEqual([]);
    unread.delete(id);
    last = id;
    await page.keyboard.press('j');
  }
};

const readAllCards = async (page: Page): Promise<readonly Draft[]> => {
  const pending = await rig.api.drafts('pending');
  const parked = await rig.api.drafts('parked');
  await deskOf(page)
    .card.or(page.getByRole('heading', { name: /^Nothing/ }))
    .first()
    .waitFor();
  await readCards(page, `Waiting for review (${pending.length})`, pending);
  await readCards(page, `Parked by a check (${parked.length})`, parked);
  return [...pending, ...parked];
};

test('there are at least forty texts, all different', () => {
  expect(new Set(hostileTexts).size).toBeGreaterThanOrEqual(40);
  expect(new Set(hostileTexts).size).toBe(hostileTexts.length);
});

test('what an agent posts is shown as it is stored, and nothing of it runs', async () => {
  for (const [at, text] of hostileTexts.entries()) {
    const domain = `hostile-${at}.example`;
    const posted = rig.submit({
      sourceKey: `hostile-${at}`,
      motion: 'outbound',
      channel: 'email',
      subject: text.slice(0, 900),
      body: `Hi Ada,\n\n${text}\n\nRowan`,
      claims: [
        {
          text,
          source: {
            kind: 'url',
            url: `https://${domain}/?${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`,
          },
        },
      ],
      templateId: null,
      lead: buildLead({
        email: `ada.holm@${domain}`,
        firstName: text,
        fullName: text,
        title: 'CEO',
        company: text,
        companyDomain: domain,
        linkedinUrl: text,
        city: text,
        country: text,
      }),
    });
    if (brokenOnTheWay.includes(text)) await expect(posted).rejects.toThrow();
    else await posted;
  }
  const { page } = await rig.openDesk(1280);
  const shown = await readAllCards(page);
  expect(shown).toHaveLength(hostileTexts.length - brokenOnTheWay.length);
  expect(hostileTexts.filter((text) => !shown.some(({ message }) => message.body.includes(text)))).toEqual(
    brokenOnTheWay,
  );
}, 180_000);

test('what a lead file says is shown as it is stored, and nothing of it runs', async () => {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  // A file with a NUL is no text file, and is refused as a whole.
  const texts = hostileTexts.filter((text) => !text.includes('\0'));
  const columns = 'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,City,Country';
  const rows = texts.map((text, at) =>
    [
      ...['Ada', 'Holm', 'CEO', at % 2 === 0 ? cell(text) : `File ${at}`],
      ...[
        `ada.holm@file-${at}.example`,
        'Verified',
        '120',
        'Marketing & Advertising',
        cell(text),
        cell(text),
      ],
    ].join(','),
  );
  const name = '<img src=x onerror=canary("file")>.csv';
  const { rows: outcomes } = await rig.importFile(name, [columns, ...rows]);
  expect(outcomes).toHaveLength(texts.length);
  const { page } = await rig.openDesk(1280);
  const shown = await readAllCards(page);
  expect(shown).toHaveLength(texts.length);
  expect(shown.filter(({ lead }) => lead.city !== null && texts.includes(lead.city)).length).toBeGreaterThan(
    40,
  );
  await rig.clearDesk();
  await page.goto('/sales');
  await page.getByText(name).waitFor();
}, 180_000);

/** What is told of an element inside the page; the rest of this program knows no browser. */
interface StyledNode {
  readonly ownerDocument: {
    readonly defaultView: { getComputedStyle: (node: StyledNode) => { readonly unicodeBidi: string } };
  };
}
/** Whether the writing direction of what is in an element ends with it. */
const isIsolated = async (locator: Locator): Promise<boolean> =>
  /isolate/.test(
    await locator.evaluate(
      (node: StyledNode) => node.ownerDocument.defaultView.getComputedStyle(node).unicodeBidi,
    ),
  );

test.each(widths)(
  'at %i px nothing in a name, a company or a fact turns the words around it or goes unseen',
  async (width) => {
    const turn = String.fromCodePoint(0x202e);
    const hebrew = String.fromCodePoint(0x5d0, 0x5d1, 0x5d2);
    await rig.submit({
      ...{ sourceKey: `turned-${width}`, motion: 'outbound', channel: 'email', claims: [], templateId: null },
      subject: `A word about ${hebrew}`,
      body: 'Hi,\n\nshort.\n\nRowan',
      lead: buildLead({
        email: `ada.holm@turned-${width}.example`,
        firstName: `${hebrew} Ada${turn}`,
        lastName: 'Holm',
        fullName: null,
        title: `CEO${turn}`,
        company: `${hebrew} p\u0430ypal${turn}`,
        companyDomain: `turned-${width}.example`,
        city: `Oslo${turn}`,
        country: 'Norway',
      }),
    });
    const { page } = await rig.openDesk(width);
    const desk = deskOf(page);
    const state = page.getByRole('combobox', { name: 'State' });
    await page.getByRole('heading', { name: 'Nothing waits for your review' }).waitFor();
    if (!(await state.isVisible())) await page.getByText('Waiting for review: 0').click();
    await state.selectOption({ label: 'Parked by a check (1)' });
    await desk.card.waitFor();
    const entry = page.getByRole('link', { name: /tier/ });
    if (!(await entry.isVisible())) await page.getByText('Parked by a check: 1').click();
    await entry.waitFor();
    const facts = page.getByRole('complementary', { name: 'About this draft' });
    const factOf = (label: string) => facts.getByText(label, { exact: true }).locator('..');
    const [draft] = await rig.api.drafts('parked');
    const [name, company] = [draft?.message.recipient.name ?? '', draft?.message.recipient.company ?? ''];
    const places: readonly (readonly [Locator, string])[] = [
      [desk.who, name],
      [entry, name],
      [entry, company],
      [desk.card.locator('header'), company],
      [factOf('Title'), `CEO${turn}`],
      [factOf('Company'), `${hebrew} p\u0430ypal${turn}`],
      [factOf('Place'), `Oslo${turn}, Norway`],
    ];
    for (const [place, text] of places) {
      const shown = place
        .locator('bdi')
        .filter({ hasText: text.split(turn)[0] ?? '' })
        .first();
      expect(await shown.textContent()).toBe(text);
      expect(await shown.getAttribute('dir')).toBe('ltr');
      expect(await isIsolated(shown)).toBe(true);
      const marks = await shown.locator('mark').all();
      expect(marks).toHaveLength([...text].filter((letter) => letter === turn || letter === '\u0430').length);
      for (const mark of marks) expect(await isIsolated(mark)).toBe(true);
    }
  },
  60_000,
);

test('what a reviewer types is shown as it was typed, and nothing of it runs', async () => {
  await rig.bringLeads(['Ada Holm']);
  const { page } = await rig.openDesk(1280);
  const desk = deskOf(page);
  await desk.cardOf('Ada Holm').waitFor();
  const all = hostileTexts.join('\n');
  await desk.button('Edit').click();
  await page.getByRole('textbox', { name: 'Subject' }).fill('<svg onload=canary("subject")> & {{ x }}');
  await page.getByRole('textbox', { name: 'Body' }).fill(all);
  await desk.button('Save and compare').click();
  const changes = page.getByRole('region', { name: 'What changed' });
  await changes.waitFor();
  await desk.button('Both in full').click();
  const now = await changes.getByRole('region', { name: 'Now (revision 2)' }).textContent();
  const message = await desk.message.textContent();
  const [stored] = [...(await rig.api.drafts('parked')), ...(await rig.api.drafts('pending'))];
  expect(stored?.message.subject).toBe('<svg onload=canary("subject")> & {{ x }}');
  for (const shown of [now, message]) {
    expect(shown).toContain(stored?.message.body);
    expect(shown).toContain(stored?.message.subject);
  }
  expect(hostileTexts.filter((text) => stored?.message.body.includes(text) !== true)).toEqual(brokenOnTheWay);
}, 60_000);

test('reasons, notes, names and addresses given elsewhere are text as well', async () => {
  const text = '"><img src=x onerror=canary("reason")><svg onload=canary()>';
  await rig.bringLeads(['Ben Aster', 'Cleo Marsh']);
  const { page, watch } = await rig.openDesk(1280);
  watch.expect(400);
  const desk = deskOf(page);
  const [first] = await rig.pending();
  if (first === undefined) throw new Error('no draft waits');
  await rig.api.rejectDraft(first.draftId, { tag: 'other', reason: `${text} and why` });
  await rig.approveAll();
  const batch = await rig.freeze();
  await rig.api.closeBatch(batch.batchId, 'reject', text);
  await rig.api.setHalt(text);
  for (const path of [`/sales/review/${first.draftId}`, `/sales/batches/${batch.batchId}`]) {
    await page.goto(path);
    await page.getByText(text).first().waitFor();
    await desk.stopped.getByText(text).waitFor();
  }
  await page.goto('/sales/people');
  await page.getByRole('textbox', { name: 'E-mail address or LinkedIn profile' }).fill(text);
  await desk.button('Find').click();
  await page
    .getByRole('alert')
    .or(page.getByText(`Nothing is stored about ${text}`))
    .first()
    .waitFor();
  await page.goto(`/sales/${encodeURIComponent(text)}`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.goto(`/sales?q=${encodeURIComponent(text)}#${encodeURIComponent(text)}`);
  await desk.stopped.getByText(text).waitFor();
  await rig.api.liftHalt('the scenario is over');
  await page.context().clearCookies();
  await page.goto(`/login?next=${encodeURIComponent(text)}`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
}, 60_000);
