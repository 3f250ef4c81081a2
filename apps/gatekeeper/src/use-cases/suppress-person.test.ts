// Risk: a person is asked never to be written to, and is kept under a name that the gate does not look for.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createSuppressPerson } from './suppress-person.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
});
afterAll(() => benches.close());

const suppress = (person: string) =>
  createSuppressPerson({ lists: bench.lists, pseudonym: benches.pseudonym, now: bench.now })({
    ...bench.by,
    person,
    reason: 'manual',
    source: 'telephone',
  });

test.each([
  ['ada@acme.example', { email: 'ada@acme.example' }],
  ['  Ada@ACME.example ', { email: 'ada@acme.example' }],
  ['email:ada@acme.example', { email: 'ada@acme.example' }],
  ['Ada+News@acme.example', { email: 'ada@acme.example' }],
  ['Ada+News@acme.example', { email: 'ada+other@acme.example' }],
  ['https://www.linkedin.com/in/Ada-Holm/', { linkedinUrl: 'https://de.linkedin.com/in/ada-holm' }],
  ['linkedin:https://linkedin.com/in/ada-holm', { linkedinUrl: 'https://www.linkedin.com/in/ada-holm' }],
  ['linkedin:ada-holm', { linkedinUrl: 'https://www.linkedin.com/in/ada-holm' }],
])('%s keeps %j out', async (typed, lead) => {
  expect(await suppress(typed)).toMatchObject({ outcome: 'suppressed', added: expect.any(Number), known: 0 });
  const submission = await benches.submissionOf(benches.leadOf());
  const answer = await bench.submit({ ...submission, lead: { ...submission.lead, ...lead } });
  expect(answer).toMatchObject({ outcome: 'excluded', reasons: ['suppressed'] });
});

test('again adds nothing and keeps what was said first', async () => {
  await suppress('ada@acme.example');
  const [before] = (await bench.lists.listSuppressions(null)).entries;
  expect(await suppress('ada@acme.example')).toEqual({ outcome: 'suppressed', added: 0, known: 1 });
  expect((await bench.lists.listSuppressions(null)).entries).toEqual([before]);
  expect(before).toMatchObject({ reason: 'manual', source: 'telephone', by: 'operator' });
});

test.each([
  '',
  'ada',
  'ada@',
  'https://www.linkedin.com/company/acme',
  'acme.example',
  'linkedin:',
  'email:',
  'linkedin:ada holm',
  'linkedin:ada@acme.example',
])('what names nobody (%j) is refused with the reason and stores nothing', async (typed) => {
  expect(await suppress(typed)).toEqual({ outcome: 'unreadable', reason: expect.stringMatching(/\S/) });
  expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
});
