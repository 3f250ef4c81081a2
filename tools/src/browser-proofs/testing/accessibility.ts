import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const resultSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable().optional(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** What axe finds serious or critical on the page as it is now, one line each. */
export const seriousFindings = async (page: Page, rules: 'every rule' | 'colours'): Promise<string[]> => {
  // Not as a script of the page, which its policy forbids, but from outside, as the tests look at everything.
  if ((await page.evaluate('"axe" in window')) !== true) await page.evaluate(axe.source);
  const only =
    rules === 'colours'
      ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
      : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(only)}, resultTypes: ['violations'] })`,
  );
  return resultSchema
    .parse(found)
    .violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
    );
};

/** By how many pixels the page, or a dialog on it, is wider than what can be seen of it. */
export const overflowOf = async (page: Page): Promise<number> =>
  Number(
    await page.evaluate(
      'Math.max(...[document.documentElement, ...document.querySelectorAll("dialog[open]")].map((box) => box.scrollWidth - box.clientWidth))',
    ),
  );
