// Risk: somebody asks what we hold about a person, and a part stays hidden or somebody else is shown.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
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

const find = (person: string) => http.post('/api/people/find', { person });

test('a person about whom nothing is stored has an empty record, not an error', async () => {
  await bench.pendingDraft();
  const answer = await find('nobody@elsewhere.example');
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      names: ['email:nobody@elsewhere.example'],
      ...{ drafts: [], batches: [], receipts: [], suppressions: [], exclusions: [] },
      liftedSuppressions: [],
    },
  ]);
});

test('drafts, batch, action, suppression and exclusion come together, by any name of the person', async () => {
  const lead = routes.benches.leadOf({ linkedinUrl: 'https://www.linkedin.com/in/ada-holm-7' });
  await bench.pendingDraft();
  const draft = await bench.pendingDraft(lead);
  await bench.approve(draft);
  const { frozen } = await bench.freeze([draft.draftId]);
  await http.post('/api/suppressions', { person: draft.message.recipient.email, reason: 'complained' });
  const domain = draft.message.recipient.email.split('@')[1] ?? '';
  await http.post('/api/exclusions', { add: [{ key: domain, kind: 'customer' }, { key: 'other.example' }] });
  for (const name of [draft.message.recipient.email.toUpperCase(), 'linkedin.com/in/ada-holm-7']) {
    const { body } = await find(name);
    expect(body).toMatchObject({
      names: expect.arrayContaining([`email:${draft.message.recipient.email}`, 'linkedin:ada-holm-7']),
      drafts: [
        {
          ...{ draftId: draft.draftId, status: 'batched', batchId: frozen.batchId },
          decisions: [{ command: 'approve', contentDigest: draft.contentDigest }],
        },
      ],
      batches: [{ batchId: frozen.batchId, status: 'pending' }],
      receipts: [{ batchId: frozen.batchId, outcome: 'frozen', email: draft.message.recipient.email }],
      suppressions: [{ reason: 'complained', by: userName }],
      exclusions: [{ key: `domain:${domain}`, kind: 'customer' }],
    });
  }
});

test('what is no person is 400, and says what to give instead', async () => {
  const answer = await find('acme.example');
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.fix).toContain('an e-mail address');
  expect((await http.post('/api/people/find', {})).body.error.message).toContain('person');
});
