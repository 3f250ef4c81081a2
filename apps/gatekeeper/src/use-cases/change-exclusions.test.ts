// Risk: an exclusion that a person typed covers somebody else, nobody, or everybody, or is dropped in silence.
import { exclusionSchema } from '@caio/contracts';
import { normaliseExclusionKey } from '@caio/outreach-core';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createChangeExclusions } from './change-exclusions.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
});
afterAll(() => benches.close());

const change = (add: readonly string[], remove: readonly string[] = []) =>
  createChangeExclusions({ lists: bench.lists, pseudonym: benches.pseudonym, now: bench.now })({
    ...bench.by,
    source: 'import',
    dryRun: false,
    remove,
    add: add.map((key) => ({ key, kind: 'customer', note: 'a note' })),
  });
const listed = async () => (await bench.lists.listExclusions(null)).entries.map(({ key }) => key).sort();

test('what was typed is stored as the gate looks for it, with who added it', async () => {
  expect(
    await change([
      ' WWW.Acme.example ',
      '@mail.beta.example',
      'Ada@Gamma.example',
      'linkedin.com/in/Ada-Holm',
    ]),
  ).toEqual({
    ...{ dryRun: false, added: 4, known: 0, removed: 0, missing: 0 },
    unreadable: [],
  });
  expect(await listed()).toEqual([
    'domain:acme.example',
    'domain:mail.beta.example',
    'email:ada@gamma.example',
    'linkedin:ada-holm',
  ]);
  expect((await bench.lists.listExclusions(null)).entries[0]).toMatchObject({
    ...{ kind: 'customer', note: 'a note', source: 'import', by: 'operator' },
    at: expect.stringMatching(/Z$/),
  });
});

test('the other entries apply when one cannot be read, and that one is named with the reason', async () => {
  const answer = await change(['acme.example', 'example', 'not a domain'], ['no such thing']);
  expect(answer).toMatchObject({ added: 1, removed: 0, missing: 0 });
  expect(answer.unreadable).toEqual(
    ['example', 'not a domain', 'no such thing'].map((key) => ({ key, reason: expect.stringMatching(/\S/) })),
  );
  expect(await listed()).toEqual(['domain:acme.example']);
});

test('what is taken off the list is found however it is typed, and what was not there is counted', async () => {
  await change(['acme.example', 'beta.example']);
  expect(await change([], ['https://www.acme.example/', 'gamma.example'])).toMatchObject({
    removed: 1,
    missing: 1,
  });
  expect(await listed()).toEqual(['domain:beta.example']);
});

test('the same entry twice is one, and adding what is known keeps the first note', async () => {
  expect(await change(['acme.example', 'ACME.example'])).toMatchObject({ added: 1, known: 0 });
  expect(await change(['acme.example'])).toMatchObject({ added: 0, known: 1 });
});

test('an exclusion keeps leads out, sub-domains and all, and a removed one lets them in again', async () => {
  const lead = benches.leadOf();
  const submission = await benches.submissionOf(lead);
  await change([lead.companyDomain ?? '']);
  expect(await bench.submit(submission)).toMatchObject({ outcome: 'excluded' });
  await change([], [lead.companyDomain ?? '']);
  expect(await bench.submit({ ...submission, sourceKey: 'another key' })).toMatchObject({
    outcome: 'accepted',
  });
});

test('the audit shows who changed what, by pseudonym', async () => {
  await change(['ada@acme.example']);
  await change([], ['ada@acme.example']);
  const who = benches.pseudonym('email:ada@acme.example');
  expect(await bench.auditRows()).toMatchObject([
    { kind: 'exclusion.added', who, actor: 'operator' },
    { kind: 'exclusion.removed', who, actor: 'operator' },
  ]);
});

test('whatever can be typed and is taken can be listed again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl({ withQueryParameters: true }),
        fc.emailAddress(),
        fc.domain(),
        fc.string({ unit: 'grapheme', maxLength: 400 }).map((text) => `https://www.linkedin.com/in/${text}`),
        fc.string({ unit: 'grapheme', maxLength: 400 }).map((text) => `linkedin:${text}`),
        fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => `${text}.example`),
        fc.string({ maxLength: 400 }),
      ),
      (typed) => {
        const read = normaliseExclusionKey(typed);
        fc.pre(read.ok);
        if (!read.ok) return;
        expect(exclusionSchema.shape.key.safeParse(read.key).success).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});
