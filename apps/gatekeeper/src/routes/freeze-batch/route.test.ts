// Risk: a dry run stores something, or a freeze takes what was not asked for.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

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

const stored = async () => (await bench.redis.keys(`${bench.keys.batchPrefix}*`)).length;

test('a freeze is 201 with batch, preview and hash; who froze comes from the credential', async () => {
  await bench.approvedDrafts(2);
  const answer = await http.post('/api/batches', {});
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    dryRun: false,
    batch: { status: 'pending', createdBy: userName, actionCount: 2, correlationId: 'correlation-http' },
    leftOut: [],
  });
  expect(answer.body.previewHash).toBe(answer.body.batch.previewHash);
  expect(answer.body.preview.actions).toHaveLength(2);
});

test('a dry run is 200 with the same and stores nothing', async () => {
  await bench.approvedDrafts(2);
  const answer = await http.post('/api/batches', { dryRun: true });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ dryRun: true, batch: null, leftOut: [] });
  expect(answer.body.preview.actions).toHaveLength(2);
  expect(await stored()).toBe(0);
  expect(await bench.drafts.counts()).toMatchObject({ approved: 2, batched: 0 });
});

test('nothing to freeze is 409, and a dry run of it 200, with everybody who was held back and why', async () => {
  const draft = await bench.approvedDraft();
  await bench.redis.hset(bench.keys.exclusions, `domain:${draft.lead.companyDomain ?? ''}`, '{}');
  const leftOut = [{ draftId: draft.draftId, reason: 'excluded' }];
  const answer = await http.post('/api/batches', { dryRun: false });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'empty_scope']);
  expect(answer.body.error.details.leftOut).toMatchObject(leftOut);
  const looked = await http.post('/api/batches', { dryRun: true });
  expect(looked.status).toBe(200);
  expect(looked.body).toMatchObject({ dryRun: true, batch: null, preview: { actions: [] }, leftOut });
  expect(await stored()).toBe(0);
});

test('an empty list of drafts is nothing, never everybody', async () => {
  await bench.approvedDrafts(1);
  expect(codeOf(await http.post('/api/batches', { draftIds: [] }))).toBe('empty_scope');
  expect(await stored()).toBe(0);
});

describe('what a dry run showed', () => {
  const look = async () => (await http.post('/api/batches', { dryRun: true })).body;

  test('is frozen, and nobody who was approved since', async () => {
    const shown = await bench.approvedDrafts(2);
    const { included } = await look();
    expect(included).toEqual(shown.map(({ draftId, contentDigest }) => ({ draftId, contentDigest })));
    const later = await bench.approvedDraft();
    const answer = await http.post('/api/batches', { drafts: included });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ included, leftOut: [], batch: { actionCount: 2 } });
    expect(await bench.draftOf(later.draftId)).toMatchObject({ status: 'approved' });
  });

  test('leaves out by name who is approved no longer, and who was approved with another text', async () => {
    const [recalled, rewritten, same] = await bench.approvedDrafts(3);
    if (recalled === undefined || rewritten === undefined) throw new Error('three drafts');
    const { included } = await look();
    const reason = 'second thoughts';
    for (const { draftId } of [recalled, rewritten])
      await bench.reviewDraft.recall({ ...bench.by, draftId, reason });
    const { draftId, contentDigest, message } = rewritten;
    const text = { subject: 'A quieter subject', body: message.body };
    await bench.reviewDraft.edit({ ...bench.by, draftId, contentDigest, ...text });
    await bench.approve(await bench.draftOf(draftId));
    const answer = await http.post('/api/batches', { drafts: included });
    expect(answer.status).toBe(201);
    expect(answer.body.included).toMatchObject([{ draftId: same?.draftId }]);
    expect(answer.body.leftOut).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ draftId: recalled.draftId, reason: 'status_pending' }),
        expect.objectContaining({ draftId, reason: 'text_changed' }),
      ]),
    );
    expect(answer.body.batch.leftOut).toHaveLength(2);
  });

  test('is nothing when the list is empty, and not both an id list and this one', async () => {
    const [draft] = await bench.approvedDrafts(1);
    expect(codeOf(await http.post('/api/batches', { drafts: [] }))).toBe('empty_scope');
    const both = await http.post('/api/batches', { drafts: [], draftIds: [draft?.draftId] });
    expect([both.status, codeOf(both)]).toEqual([400, 'bad_request']);
    expect(await stored()).toBe(0);
  });

  test('may be as many as a request may name', async () => {
    const contentDigest = 'd'.repeat(64);
    const drafts = Array.from({ length: 20_000 }, () => ({
      draftId: routes.benches.ids.draft(),
      contentDigest,
    }));
    const answer = await http.post('/api/batches', { drafts });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'empty_scope']);
    expect(answer.body.error.details.leftOut).toHaveLength(20_000);
  });
});

describe('a request that cannot be read', () => {
  test.each<[unknown, string]>([
    [{ motion: 'spam' }, 'motion'],
    [{ draftIds: ['drf_1'] }, 'draftIds.0'],
    [{ draftIds: 'all' }, 'draftIds'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ dryRun: 'yes' }, 'dryRun'],
    [{ approvedBy: 'somebody' }, 'not known'],
    [{ actor: 'somebody' }, 'not known'],
  ])('(%j) is 400 naming %s and stores nothing', async (body, named) => {
    await bench.approvedDrafts(1);
    const answer = await http.post('/api/batches', body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await stored()).toBe(0);
  });
});
