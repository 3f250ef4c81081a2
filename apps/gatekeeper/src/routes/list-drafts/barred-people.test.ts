// Risk: somebody who opted out or was excluded is shown as parked, so somebody settles what is open and writes to them.
import type { Draft } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const parkedDraft = async (): Promise<Draft> => {
  const { benches } = routes;
  const answer = await bench.submit(
    await benches.submissionOf(benches.leadOf(), { body: 'This pays for itself, guaranteed.' }),
  );
  expect(answer.outcome).toBe('parked');
  return bench.draftOf(answer.draftId);
};
const bars = {
  suppressed: ({ lead }: Draft) =>
    http.post('/api/suppressions', { person: lead.email, reason: 'manual', source: 'a call' }),
  excluded: ({ lead }: Draft) =>
    http.post('/api/exclusions', {
      add: [{ key: `domain:${lead.companyDomain ?? ''}`, kind: 'customer', note: '' }],
      remove: [],
      source: 'test',
    }),
};

test.each(['suppressed', 'excluded'] as const)(
  '%s wins over parked wherever a draft is shown',
  async (bar) => {
    const draft = await parkedDraft();
    const other = await parkedDraft();
    const stored = await bars[bar](draft);
    expect(stored.status).toBeLessThan(300);
    for (const path of ['/api/drafts?status=parked', '/api/draft-summaries?status=parked']) {
      const listed: { draftId: string; barred: unknown }[] = (await http.get(path)).body.drafts;
      expect(listed.map(({ draftId, barred }) => [draftId, barred])).toEqual([
        [draft.draftId, bar],
        [other.draftId, null],
      ]);
    }
    expect((await http.get(`/api/drafts/${draft.draftId}`)).body.draft).toMatchObject({ barred: bar });
    const { hidden } = (await http.get('/api/queue-status')).body;
    expect(hidden[bar]).toBe(1);
    expect(Object.values<number>(hidden).reduce((total, count) => total + count)).toBe(2);
    const debug = (await http.get('/api/pending-emails')).body._shadow_queue_debug;
    expect(debug.excluded_non_actionable_reasons[bar]).toBe(1);
    expect(debug.excluded_non_actionable_examples).toContainEqual(
      expect.objectContaining({ email_id: draft.draftId, reasons: [bar] }),
    );
  },
);

test('the scheduler is told who opted out beside who is excluded, so that it calls neither parked', async () => {
  const [opted, customer, open] = [await parkedDraft(), await parkedDraft(), await parkedDraft()];
  await bars.suppressed(opted);
  await bars.excluded(customer);
  const leads = [opted, customer, open].map(({ lead: { email, linkedinUrl, companyDomain } }, index) => ({
    ...{ line: index + 2, email, linkedinUrl, companyDomain },
  }));
  const answer = await http.post('/internal/excluded-leads', { leads }, { from: 'scheduler', user: null });
  expect(answer.body).toEqual({ lines: [3], suppressed: [2] });
});
