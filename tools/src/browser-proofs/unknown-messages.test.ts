// Risk: a message nobody knows the fate of is sent again by a slip of the hand, or its decision cannot be made on a phone.
import { waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { runCaio } from '../proofs/testing/caio-command.ts';
import { overflowOf, seriousFindings } from './testing/accessibility.ts';
import { becomesEnabled, deskOf } from './testing/desk-page.ts';
import { type DeskRig, people, startDeskRig } from './testing/desk-rig.ts';

let rig: DeskRig;
beforeAll(async () => {
  rig = await startDeskRig();
}, 90_000);
afterEach(async () => {
  expect(await rig.closeWindows()).toEqual({ troubles: [], executed: [] });
});
afterAll(() => rig.close());

const plan = async (faults: readonly object[]): Promise<void> => {
  const url = `http://127.0.0.1:${rig.settings.ports.simulator}/__faults`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ faults }) });
  expect(answer.status).toBe(200);
};
/** A batch whose provider broke off before it took anything, and since then says nothing. */
const unknownMessage = async (name: string) => {
  const batch = await rig.approvedBatch([name]);
  await plan([
    { endpoint: 'POST /leads', hit: 1, effect: { kind: 'cut', when: 'before_acceptance' } },
    { endpoint: 'POST /leads/list', effect: { kind: 'status', status: 503 } },
  ]);
  await rig.api.executeBatch(batch.batchId);
  const found = await waitFor(
    async () =>
      (await rig.api.unknown()).actions.find(({ standing }) => standing === 'provider_silent') ?? null,
    { timeoutMs: 20_000, intervalMs: 50, describe: 'the system to find out nothing' },
  );
  return { batchId: batch.batchId, ...found };
};
const receiptOf = async (batchId: string) => (await rig.api.receipts(batchId))[0];
const outcomeOf = (batchId: string, outcome: string) =>
  waitFor(async () => (await receiptOf(batchId))?.outcome === outcome, {
    timeoutMs: 20_000,
    describe: `the message to be ${outcome}`,
  });

const findingsOn = async (page: Page): Promise<string[]> => {
  const findings: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    findings.push(...(await seriousFindings(page, colorScheme === 'light' ? 'every rule' : 'colours')));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const overflow = await overflowOf(page);
  return overflow > 0 ? [...findings, `${overflow} px wider than the window`] : findings;
};

test('it is found from the system page, not released without proof or a name, and sent once when it is', async () => {
  const { batchId, receipt } = await unknownMessage('Ada Holm');
  const { page } = await rig.openDesk(1280, '/sales/system');
  const { button, dialog } = deskOf(page);
  await page.getByRole('link', { name: 'See what is known about them' }).click();
  await page.getByRole('heading', { name: 'These wait for a person: 1' }).waitFor();
  expect(await findingsOn(page)).toEqual([]);
  // By the keyboard alone from here on.
  await page.getByRole('link', { name: receipt?.email ?? '' }).press('Enter');
  await page.getByText('The provider does not say whether it has the message.').first().waitFor();
  await page.getByText('The connection broke after the request had left.').waitFor();
  expect(await findingsOn(page)).toEqual([]);
  await button('It was not sent…').press('Enter');
  await dialog.getByRole('heading', { name: 'Record: it was not sent?' }).waitFor();
  expect(await findingsOn(page)).toEqual([]);
  const confirm = button('Record: it was not sent');
  const fill = async (label: RegExp, text: string) => dialog.getByRole('textbox', { name: label }).fill(text);
  await fill(/What did you see/, 'Ticket 4711 of the provider.');
  await fill(/Why are you sure/, 'Their support looked for it.');
  expect(await confirm.isDisabled()).toBe(true);
  await fill(/Who answers for it/, 'Jo Kent');
  await becomesEnabled(confirm);
  // It arms a moment after it works.
  await confirm.click({ trial: true });
  await confirm.press('Enter');
  await page.getByText('Recorded about the message').waitFor();
  await plan([]);
  await outcomeOf(batchId, 'handed_over');
  expect(await receiptOf(batchId)).toMatchObject({ attempts: 2 });
});

test('on a phone somebody says that it was sent, and the screen then says that nothing is unknown', async () => {
  const { batchId, receipt } = await unknownMessage('Ben Aster');
  const caio = (...words: string[]) => runCaio(rig, words);
  const listed = await caio('reconcile');
  expect(listed.stdout).toMatch(/ben\.aster@.*connection_lost.*does not say.*a person/);
  const because = ['--reason', 'their support looked for it', '--evidence', 'ticket 4711: not there'];
  const refused = await caio(
    'reconcile',
    'decide',
    receipt.actionId,
    '--as',
    'released',
    ...because,
    '--json',
  );
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    1,
    { error: { code: 'not_proven_absent' } },
  ]);
  const { page } = await rig.openDesk(390, '/sales/unknown');
  const { button, dialog } = deskOf(page);
  expect(await findingsOn(page)).toEqual([]);
  await page.getByRole('link', { name: /Waits for a person/ }).click();
  await button('It was sent…').click();
  expect(await findingsOn(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: /What did you see/ }).fill('It stands in their log of 10:32.');
  await dialog
    .getByRole('textbox', { name: /Why are you sure/ })
    .fill('Seen in the account of the provider.');
  await becomesEnabled(button('Record: it was sent'));
  await button('Record: it was sent').click();
  await page.getByRole('heading', { name: 'Nothing is unknown' }).waitFor();
  expect(await findingsOn(page)).toEqual([]);
  expect(await receiptOf(batchId)).toMatchObject({
    outcome: 'left',
    reason: 'decided_by_person',
    proof: expect.stringContaining(people.head.name),
  });
  await plan([]);
});
