// Risk: a list is stored that nobody was shown, loses a row, or takes somebody off the list whom a broken row meant.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listDiffSchema } from '@caio/contracts';
import { exclusionKeysOf } from '@caio/outreach-core';
import { createBarredReach, createListChanges } from '@caio/state-store';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';
import { createCompareList } from '../../use-cases/compare-list.ts';
import { createImportList } from '../../use-cases/import-list.ts';
import { createReadBars } from '../../use-cases/read-bars.ts';
import { createShowWhatIf } from '../../use-cases/show-what-if.ts';

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

const path = '/api/exclusions/imports';
const fileOf = (content: string, more: object = {}) => ({ fileName: 'customers.csv', content, ...more });
const preview = async (content: string, more: object = {}) => {
  const answer = await http.post(`${path}/preview`, fileOf(content, more));
  expect(answer.status).toBe(200);
  return listDiffSchema.parse(answer.body);
};
const apply = (content: string, diffDigest: string, more: object = {}) =>
  http.post(path, fileOf(content, { diffDigest, ...more }));
const listed = async () => (await bench.lists.listExclusions(null)).entries;
const keys = (entries: readonly { key: string }[]) => entries.map(({ key }) => key);
const exclude = (...add: string[]) => http.post('/api/exclusions', { add: add.map((key) => ({ key })) });

const file =
  'domain,kind,note\nacme.example,customer,Signed\nno domain,customer,\nknown.example,,\nacme.example,,';

describe('the difference', () => {
  test('is shown without storing anything, then stored as shown, each entry with its file and who imported it', async () => {
    await exclude('known.example');
    const diff = await preview(file, { why: 'our customers in May' });
    expect(keys(diff.added)).toEqual(['domain:acme.example']);
    expect(diff.known.map(({ line }) => line)).toEqual([4, 5]);
    expect(diff.unreadable).toEqual([
      { line: 3, column: 'domain', value: 'no domain', reason: expect.stringMatching(/no spaces/) },
    ]);
    expect(keys(await listed())).toEqual(['domain:known.example']);

    const stored = await apply(file, diff.diffDigest, { why: 'our customers in May' });
    expect(stored.body).toMatchObject({ added: 1, removed: 0, known: 2, unreadable: 1 });
    expect((await listed()).find(({ key }) => key === 'domain:acme.example')).toMatchObject({
      ...{ kind: 'customer', note: 'Signed', source: 'customers.csv', by: userName },
      provenance: { via: 'file', file: diff.file, why: 'our customers in May' },
    });
    const rows = (await bench.auditRows()).filter(({ ref }) => ref === diff.diffDigest);
    expect(rows.map(({ kind, code, actor }) => [kind, code, actor])).toEqual([
      ['exclusion.added', '', userName],
      ['exclusions.imported', '1 added, 0 removed', userName],
    ]);
  });

  test('is not stored when the list, the file or the choice is another one; the new difference comes back', async () => {
    const diff = await preview(file);
    const otherFile = await apply(`${file}\nmore.example,,`, diff.diffDigest);
    expect(codeOf(otherFile)).toBe('list_changed');
    expect(codeOf(await apply(file, diff.diffDigest, { choice: 'replace' }))).toBe('list_changed');
    expect(codeOf(await apply(file, diff.diffDigest, { fileName: 'other.csv' }))).toBe('list_changed');
    await exclude('acme.example');
    const changed = await apply(file, diff.diffDigest);
    expect([changed.status, codeOf(changed)]).toEqual([409, 'list_changed']);
    const shown = listDiffSchema.parse(changed.body.error.details.diff);
    expect(keys(shown.added)).toEqual(['domain:known.example']);
    expect(keys(await listed())).toEqual(['domain:acme.example']);
    expect((await apply(file, shown.diffDigest)).status).toBe(200);
  });

  test('replacing takes off what the file does not name, but no customer of the CRM, and not while a row is unreadable', async () => {
    await exclude('old.example', 'acme.example');
    const crm = {
      kind: 'customer',
      note: '',
      source: 'crm:ghl',
      by: 'gatekeeper',
      provenance: { via: 'crm' },
    };
    const entry = { ...crm, key: 'domain:crm.example', at: new Date().toISOString() };
    await bench.redis.hset(bench.keys.exclusions, entry.key, JSON.stringify(entry));

    const broken = await preview(file, { choice: 'replace' });
    expect(keys(broken.removed)).toEqual(['domain:old.example']);
    const refused = await apply(file, broken.diffDigest, { choice: 'replace' });
    expect([refused.status, refused.body.error.details.reason]).toEqual([400, 'rows_unreadable']);

    const sound = 'acme.example\nnew.example';
    const diff = await preview(sound, { choice: 'replace' });
    expect(diff).toMatchObject({ keptFromCrm: 1, unreadable: [] });
    // Somebody adds a customer meanwhile: replacing would take them off unseen.
    await exclude('meanwhile.example');
    expect(codeOf(await apply(sound, diff.diffDigest, { choice: 'replace' }))).toBe('list_changed');
    const again = await preview(sound, { choice: 'replace' });
    expect(keys(again.removed)).toEqual(['domain:meanwhile.example', 'domain:old.example']);
    expect((await apply(sound, again.diffDigest, { choice: 'replace' })).body).toMatchObject({
      ...{ added: 1, removed: 2 },
    });
    expect(keys(await listed()).sort()).toEqual(
      ['acme', 'crm', 'new'].map((name) => `domain:${name}.example`),
    );
  });

  test('what somebody adds between the comparison and the step is not taken off by replacing the list', async () => {
    await exclude('old.example');
    const changes = createListChanges(bench.session);
    const { pseudonym } = routes.benches;
    const compareList = createCompareList({ changes, pseudonym, now: bench.now });
    const { apply: store, preview: compare } = createImportList({
      compareList,
      changes: {
        importList: async (change) => {
          await exclude('in-between.example');
          return changes.importList(change);
        },
      },
      whatIf: createShowWhatIf({
        reach: createBarredReach(bench.session, exclusionKeysOf),
        readBars: createReadBars({ lists: bench.lists, pseudonym }),
      }),
    });
    const asked = {
      ...fileOf('new.example'),
      list: 'exclusions',
      choice: 'replace',
      why: '',
      ...bench.by,
    } as const;
    const shown = await compare(asked, { limit: 1 });
    if (shown.outcome !== 'compared') throw new Error('the list was not compared');
    expect(await store({ ...asked, diffDigest: shown.diff.diffDigest })).toMatchObject({
      outcome: 'changed',
      diff: { removed: [{ key: 'domain:in-between.example' }, { key: 'domain:old.example' }] },
    });
    expect(keys(await listed()).sort()).toEqual(['domain:in-between.example', 'domain:old.example']);
  });

  test('two people who apply at once store it once', async () => {
    const diff = await preview(file);
    const answers = await Promise.all([1, 2, 3].map(() => apply(file, diff.diffDigest)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test.each<[string, object, string]>([
    ['"never closed\nacme.example', {}, 'unterminated_quote'],
    ['# nothing', {}, 'no_rows'],
  ])('a file that is none is refused by name: %j', async (content, more, reason) => {
    const answer = await http.post(`${path}/preview`, fileOf(content, more));
    expect([answer.status, answer.body.error.details.reason]).toEqual([400, reason]);
  });
});

describe('what it would block', () => {
  test('is named by count and by name, a page at a time, and whoever is barred already is not counted', async () => {
    const { batch } = { batch: await bench.executing(1) };
    const pending = await bench.pendingDraft();
    const approved = await bench.approvedDraft();
    const barred = await bench.pendingDraft();
    await bench.pendingDraft();
    const sent = (await bench.actions.readMany([batch.job.actionId]))[0];
    const people = [pending, approved, barred].map(({ lead }) => lead);
    await http.post('/api/suppressions', { person: people[2]?.email });
    const content = [...people.map(({ companyDomain }) => companyDomain), sent?.email, 'nobody.example'].join(
      '\n',
    );

    const { wouldBlock } = await preview(content, { limit: 2 });
    expect(wouldBlock.counts).toEqual({
      ...{ pendingDrafts: 1, approvedDrafts: 1, handedOver: 0, batches: 1, total: 3 },
      ...{ pendingBatchMessages: 0, approvedBatchMessages: 0, executingBatchMessages: 1 },
    });
    const rest = await preview(content, { limit: 2, cursor: wouldBlock.nextCursor });
    expect([...wouldBlock.items, ...rest.wouldBlock.items]).toMatchObject([
      { effect: 'blocked', actionId: batch.job.actionId, batchStatus: 'executing' },
      { effect: 'not_approvable', draftId: pending.draftId, because: `domain:${people[0]?.companyDomain}` },
      { effect: 'left_out', draftId: approved.draftId, name: 'Ada Holm' },
    ]);
    expect(rest.wouldBlock.nextCursor).toBeNull();

    await bench.dispatch(batch.job);
    const typed = await http.post('/api/what-if', { suppress: [`x ${sent?.email}`.slice(2)] });
    expect(typed.body.items).toMatchObject([{ effect: 'taken_back', actionStatus: 'handed_over' }]);
    expect(codeOf(await http.post('/api/what-if', { exclude: ['no domain'] }))).toBe('bad_request');
  });

  test('finds a draft by any spelling that would bar its person, also in a store from before there was an index', async () => {
    const draft = await bench.pendingDraft(
      routes.benches.leadOf({
        email: 'ada+news@eu.acme.example',
        companyDomain: 'acme.example',
        linkedinUrl: 'https://www.linkedin.com/in/ada-holm',
      }),
    );
    for (const state of ['indexed', 'from before'] as const) {
      if (state === 'from before') {
        const indexed = await bench.redis.keys(`${bench.keys.draftsUnder('')}*`);
        await bench.redis.del(bench.keys.draftsUnderComplete, ...indexed);
      }
      for (const exclude of ['acme.example', 'eu.acme.example', 'ada@eu.acme.example', 'linkedin:ada-holm'])
        expect([
          state,
          exclude,
          (await http.post('/api/what-if', { exclude: [exclude] })).body.items,
        ]).toMatchObject([state, exclude, [{ draftId: draft.draftId }]]);
    }
    expect((await http.post('/api/what-if', { exclude: ['other.example'] })).body.counts.total).toBe(0);
  });
});

test('suppressions come by file too, under every spelling of a mailbox, and nothing replaces that list', async () => {
  const suppress = '/api/suppressions/imports';
  const content = 'email,reason\nada+x@acme.example,unsubscribed\nben@acme.example,friend';
  const shown = await http.post(`${suppress}/preview`, fileOf(content));
  expect(shown.body).toMatchObject({
    added: [{ key: 'email:ada+x@acme.example', word: 'unsubscribed', line: 2 }],
    unreadable: [{ line: 3, column: 'reason', value: 'friend' }],
  });
  expect((await http.post(suppress, fileOf(content, { diffDigest: shown.body.diffDigest }))).status).toBe(
    200,
  );
  const { suppressions } = (await http.post('/api/people/find', { person: 'ada@acme.example' })).body;
  expect(suppressions).toMatchObject([
    { reason: 'unsubscribed', by: userName, provenance: { via: 'file', file: shown.body.file } },
  ]);
  expect(codeOf(await http.post(suppress, fileOf(content, { choice: 'replace' })))).toBe('bad_request');
});

test('a list of 10,000 is compared and stored in one step', async () => {
  const content = Array.from({ length: 10_000 }, (_, index) => `c${index}.example,customer`).join('\n');
  const diff = await preview(content);
  expect(diff.added).toHaveLength(10_000);
  expect((await apply(content, diff.diffDigest)).body).toMatchObject({ added: 10_000 });
  expect((await bench.lists.counts()).exclusions).toBe(10_000);
});
