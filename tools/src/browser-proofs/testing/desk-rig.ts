import { randomUUID } from 'node:crypto';
import { type Draft, type DraftSubmission, submittedDraftsSchema } from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startTestStack } from '../../proofs/testing/running-stack.ts';
import { allPermissions, type StackSettings } from '../../stack/stack-settings.ts';
import { startBrowser } from './browser.ts';
import { type WindowWatch, watchWindow } from './window-watch.ts';

/** The two widths every scenario is gone through at: a desk and a phone. */
export const widths = [1280, 390] as const;
export type Width = (typeof widths)[number];

/** People of the stack; the desk records decisions under these names. */
export const people = {
  head: { name: 'rowan.ellery', token: `rowan-${randomUUID()}` },
  second: { name: 'imke.vale', token: `imke-${randomUUID()}` },
} as const;

const deviceOf = (width: Width): BrowserContextOptions =>
  width === 390
    ? { viewport: { width, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
    : { viewport: { width, height: 800 } };

const waitMs = 20_000;

export interface Window {
  readonly page: Page;
  readonly watch: WindowWatch;
  /** Another tab with the same session. */
  readonly tab: () => Promise<Page>;
}

const companies = [
  ...['Copper Lantern Media', 'Juniper Row', 'Fernhill Agency', 'Stonebrook Creative', 'Quiet Harbour'],
  ...['Larkfield Digital', 'Oak and Ember', 'Saltmarsh Studio', 'Bellweather', 'Thistle & Thorn'],
];

const leadColumns =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue';

/** Everything a person at a desk needs: the services, a store, a browser, and lead files to work on. */
export const startDeskRig = async (changes: Partial<StackSettings> = {}) => {
  const rig = await startTestStack({
    environment: 'test-desk',
    ...changes,
    token: people.head.token,
    users: Object.values(people).map(({ name, token }) => ({
      principal: { name, permissions: allPermissions },
      token,
    })),
  });
  const browser = await startBrowser().catch(async (error: unknown) => {
    await rig.close();
    throw error;
  });
  const { gatewayUrl } = rig.stack;
  const watches: WindowWatch[] = [];
  let brought = 0;

  /** A fresh browser window in which nobody is signed in. */
  const openWindow = async (width: Width, more: BrowserContextOptions = {}): Promise<Window> => {
    const context = await browser.newContext({
      baseURL: gatewayUrl,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      ...deviceOf(width),
      ...more,
    });
    context.setDefaultTimeout(waitMs);
    const watch = await watchWindow(context, gatewayUrl);
    watches.push(watch);
    return { page: await context.newPage(), watch, tab: () => context.newPage() };
  };

  const logIn = async (page: Page, who: { readonly token: string } = people.head): Promise<void> => {
    await page.getByLabel('Your access token').fill(who.token);
    await page.getByRole('button', { name: 'Log in' }).click();
  };

  /** A window in which the Head of Sales is signed in and looks at `path`. */
  const openDesk = async (
    width: Width,
    path = '/sales',
    { who = people.head, ...more }: BrowserContextOptions & { who?: { readonly token: string } } = {},
  ): Promise<Window> => {
    const opened = await openWindow(width, more);
    await opened.page.goto(path);
    await logIn(opened.page, who);
    await opened.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return opened;
  };

  /** Imports a lead file of these lines and waits for its end. */
  const importFile = async (name: string, lines: readonly string[]) => {
    const content = Buffer.from(lines.join('\n'));
    const { run } = await rig.api.startRun({ name, content, strict: false, map: [] });
    const done = await waitFor(
      async () => {
        const { run: now } = await rig.api.run(run.runId);
        return now.status === 'done' || now.status === 'failed' ? now : null;
      },
      { timeoutMs: 30_000, intervalMs: 50, describe: 'the lead file to be imported' },
    );
    return { run: done, rows: await rig.api.rows(run.runId) };
  };

  /** Imports a lead file; each name becomes one draft for a company of its own. */
  const bringLeads = async (names: readonly string[]): Promise<void> => {
    const rows = names.map((name) => {
      const company = companies[brought % companies.length] ?? '';
      const round = Math.floor(brought / companies.length);
      brought += 1;
      const [first = '', last = ''] = name.split(' ');
      const domain = `${company.toLowerCase().replace(/[^a-z]/g, '')}${round === 0 ? '' : `-${round}`}.example`;
      const email = `${first}.${last}@${domain}`.toLowerCase();
      return `${first},${last},CEO,${company},${email},Verified,120,Marketing & Advertising,https://${domain},$30M`;
    });
    const { run } = await importFile('leads.csv', [leadColumns, ...rows]);
    const drafted = run.counts['drafted'] ?? 0;
    if (drafted !== names.length) throw new Error(`only ${drafted} of ${names.length} leads became drafts`);
  };

  const pending = (): Promise<Draft[]> => rig.api.drafts('pending');

  /** Takes every draft that waits or is approved out of the way of the next scenario. */
  const clearDesk = async (): Promise<void> => {
    for (const status of ['pending', 'parked', 'approved']) {
      for (const { draftId } of await rig.api.drafts(status))
        await rig.api.endDraft(draftId, 'withdraw', { reason: 'cleared for the next scenario' });
    }
  };

  /** Approves every waiting draft without the desk. */
  const approveAll = async (): Promise<void> => {
    for (const { draftId, contentDigest } of await pending())
      await rig.api.approveDraft(draftId, contentDigest);
  };

  const freeze = async () => {
    const { batch } = await rig.api.freezeBatch({ motion: 'outbound', dryRun: false });
    if (batch === null) throw new Error('nothing was frozen');
    return batch;
  };

  /** An approved batch with a message to each of these people. */
  const approvedBatch = async (names: readonly string[]) => {
    await bringLeads(names);
    await approveAll();
    const batch = await freeze();
    await rig.api.approveBatch(batch.batchId, batch.previewHash);
    return batch;
  };

  const submit = async (submission: DraftSubmission): Promise<void> => {
    await rig.client.call({ method: 'POST', path: '/api/drafts', json: submission }, submittedDraftsSchema);
  };

  return {
    ...rig,
    browser,
    openWindow,
    openDesk,
    logIn,
    importFile,
    bringLeads,
    clearDesk,
    approveAll,
    approvedBatch,
    freeze,
    pending,
    submit,
    /** What no window of this test may have done; empties the list. */
    closeWindows: async () => {
      const opened = watches.splice(0);
      await Promise.all(browser.contexts().map((context) => context.close()));
      return {
        troubles: opened.flatMap(({ troubles }) => troubles()),
        executed: opened.flatMap(({ executed }) => executed()),
      };
    },
    close: async (): Promise<void> => {
      await browser.close();
      await rig.close();
    },
  };
};

export type DeskRig = Awaited<ReturnType<typeof startDeskRig>>;
