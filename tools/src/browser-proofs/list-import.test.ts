// Risk: a list is stored that differs from the one on the screen, or the screen does not say whom it stops.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { overflowOf, seriousFindings } from './testing/accessibility.ts';
import { deskOf } from './testing/desk-page.ts';
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

test.each(widths)(
  'at %i px a dropped file shows what it changes and stops, and exactly that is stored, or nothing',
  async (width) => {
    await rig.bringLeads([`Ada Holm${width}`]);
    const [draft] = await rig.pending();
    const domain = draft?.lead.companyDomain ?? '';
    const { page, watch } = await rig.openDesk(width, '/sales/people');
    watch.expect(409);
    const desk = deskOf(page);
    const apply = page.locator('button:not([aria-disabled="true"])', { hasText: 'Apply exactly this' });
    await page.getByRole('link', { name: 'Import a list' }).click();
    await page.getByRole('radio', { name: /^Replace the exclusions/ }).check();
    const bring = (text: string) =>
      page
        .getByLabel('Drop a CSV file here, or choose one')
        .setInputFiles({ name: `customers-${width}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });

    // A row that nobody can read might be a customer: the list is not replaced then.
    await bring(`domain,kind,note\n${domain},customer,Signed\nno domain,customer,\n`);
    await page.getByText('Line 3, domain: “no domain”').waitFor();
    await page.getByText('It would stop 1 message that has not left:').waitFor();
    expect(await page.getByRole('button', { name: 'Apply exactly this' }).count()).toBe(0);
    expect([await seriousFindings(page, 'every rule'), await overflowOf(page)]).toEqual([[], 0]);

    await bring(`domain,kind,note\n${domain},customer,Signed\n`);
    await page.getByText('0 unreadable.').waitFor();
    await page.getByRole('link', { name: /^Ada Holm/ }).waitFor();
    // Meanwhile somebody excludes another company, which replacing would take off unseen.
    const other = `meanwhile-${width}.example`;
    const change = { remove: [], source: 'caio' };
    await rig.api.changeExclusions({ add: [{ key: other, kind: 'customer', note: '' }], ...change });
    await apply.click();
    await page.getByText('Nothing was stored: the list changed since you looked.').waitFor();
    expect((await rig.api.exclusions()).map(({ key }) => key)).toContain(`domain:${other}`);
    await page.getByText('to take off, because the file does not name them').waitFor();
    await apply.click();
    await desk.says(width === 1280 ? 'Stored: 1 added, 1 taken off.' : 'Stored: 1 added, 2 taken off.');
    const listed = await rig.api.exclusions();
    expect(listed.map(({ key }) => key)).toEqual([`domain:${domain}`]);
    expect(listed[0]).toMatchObject({
      by: people.head.name,
      provenance: { via: 'file', file: { name: `customers-${width}.csv` } },
    });
  },
);
