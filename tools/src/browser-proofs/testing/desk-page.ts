import { waitFor } from '@caio/test-kit';
import type { Locator, Page } from 'playwright-core';

const soonMs = 20_000;
const laterPressesMs = [60, 150, 250, 350, 450, 550];

/** Waits until `read` gives a text that fits, and returns it. */
export const textOf = (
  read: () => Promise<string | null>,
  fits: (text: string) => boolean,
  describe: string,
): Promise<string> => {
  let last: string | null = null;
  return waitFor(
    async () => {
      last = await read();
      return last !== null && fits(last) ? last : null;
    },
    { timeoutMs: soonMs, intervalMs: 25, describe: () => `${describe}; it is ${JSON.stringify(last)}` },
  );
};

/** What is asked of an element inside the page; the rest of this program knows no browser. */
interface PageNode {
  readonly ownerDocument: {
    readonly activeElement: unknown;
    readonly defaultView: { getComputedStyle: (node: PageNode) => { readonly outlineStyle: string } };
  };
}

export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((node: PageNode) => node === node.ownerDocument.activeElement);

/** Two presses before the page can be drawn again, as an impatient hand and a slow machine make them. */
export const pressTwiceAtOnce = (locator: Locator): Promise<void> =>
  locator.evaluate((node: { click: () => void }) => {
    node.click();
    node.click();
  });

/** Waits until a press on it would do something; touches nothing. */
export const becomesEnabled = async (locator: Locator): Promise<void> => {
  await waitFor(async () => (await locator.isVisible()) && (await locator.isEnabled()), {
    timeoutMs: soonMs,
    intervalMs: 25,
    describe: () => `a press on ${locator.toString()} to do something`,
  });
};

/**
 * Presses that follow one another as those of an unsteady hand do, all at one place of the screen, whatever has come
 * there in between. The hand is in the page, so that a slow machine does not slow it.
 */
export const pressOnAndOn = async (locator: Locator): Promise<void> => {
  await becomesEnabled(locator);
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${locator.toString()} is not on the screen`);
  const place = `${box.x + box.width / 2}, ${box.y + box.height / 2}`;
  await locator.page().evaluate(`Promise.all([0, ${laterPressesMs.join()}].map((ms) => new Promise((done) =>
    setTimeout(() => done(document.elementFromPoint(${place})?.closest('button')?.click()), ms))))`);
};

/** The same with a key. */
export const keyOnAndOn = async (page: Page, key: string): Promise<void> => {
  await page.evaluate(`Promise.all([0, ${laterPressesMs.join()}].map((ms) => new Promise((done) => setTimeout(() => done(
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true }))), ms))))`);
};

/** Lets the page ask again for everything on it, as when the network comes back. */
export const askAgain = (page: Page): Promise<void> =>
  page.evaluate('void window.dispatchEvent(new Event("online"))');

/** How the ring around a focused element is drawn; `none` where there is no ring. */
export const ringOf = (locator: Locator): Promise<string> =>
  locator.evaluate((node: PageNode) => node.ownerDocument.defaultView.getComputedStyle(node).outlineStyle);

/** Waits until the focus is on it. */
export const becomesFocused = async (locator: Locator): Promise<void> => {
  await waitFor(() => isFocused(locator), {
    timeoutMs: soonMs,
    intervalMs: 25,
    describe: () => `the focus on ${locator.toString()}`,
  });
};

/** The parts of the desk, found by what they are and what they are called. */
export const deskOf = (page: Page) => {
  const card = page.getByRole('region', { name: /^Draft for / });
  const who = card.getByRole('heading', { level: 2 });
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  return {
    card,
    who,
    button,
    message: page.getByRole('article', { name: 'The message as it will be sent' }),
    dialog: page.getByRole('dialog'),
    banner: page.getByRole('region', { name: 'Where messages go' }),
    stopped: page.getByRole('region', { name: 'Everything is stopped' }),
    /** Waits for another card than the one of `before`, and says whose it is. */
    nextCard: (before: string | null) =>
      textOf(
        () => who.textContent(),
        (text) => text !== before,
        `a card of somebody else than ${before}`,
      ),
    cardOf: (name: string) => page.getByRole('region', { name: `Draft for ${name}` }),
    /** Says something for a while, at the foot of the desk. */
    says: (text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor(),
  };
};
