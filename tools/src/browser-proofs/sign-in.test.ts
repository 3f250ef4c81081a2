// Risk: somebody guesses a token at the login page, or the login sends somebody to another site.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type DeskRig, people, startDeskRig, widths } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(() => rig.close());

test.each(widths)(
  'at %i px a stranger is asked to log in and then sees what was asked for',
  async (width) => {
    const { page, watch } = await rig.openWindow(width);
    // What the desk was still asking when the cookie went.
    watch.expect(401);
    for (const path of ['/sales/batches', '/', '/sales/people?x=1#there']) {
      await page.context().clearCookies();
      await page.goto(path);
      expect(new URL(page.url()).pathname).toBe('/login');
      await rig.logIn(page);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      const { pathname, search } = new URL(page.url());
      expect(`${pathname}${search}`).toBe(path === '/' ? '/sales' : path.split('#')[0]);
    }
    const cookies = await page.context().cookies();
    expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Lax', path: '/' })]);
    expect(await page.evaluate('document.cookie')).toBe('');
  },
);

test.each([
  'https://elsewhere.example/',
  '//elsewhere.example/',
  '/\\elsewhere.example',
  '/\t/elsewhere.example',
  'javascript:canary()',
])('a login that is told to go on to %j stays here', async (next) => {
  const { page } = await rig.openWindow(1280);
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await rig.logIn(page);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  expect(new URL(page.url()).origin).toBe(rig.stack.gatewayUrl);
});

// The last one: this machine is kept out of the rest of this stack's life.
test('after five wrong tokens nobody gets in from this address, and the page says for how long', async () => {
  const { page, watch } = await rig.openWindow(390);
  watch.expect(429);
  await page.goto('/login');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await page.getByLabel('Your access token').fill(`wrong-${attempt}`);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('Invalid token.').waitFor();
  }
  await page.getByLabel('Your access token').fill(people.head.token);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Log in' }).click(),
  ]);
  expect(answer.status()).toBe(429);
  expect(Number(await answer.headerValue('retry-after'))).toBeGreaterThan(0);
  expect(await page.getByRole('alert').textContent()).toMatch(/minute|second/);
  await page.goto('/sales');
  expect(new URL(page.url()).pathname).toBe('/login');
});
