// Risk: a damaged draft looks like none, or a list shows some twice and loses others.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CorruptRecordError } from './record.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

test('lists oldest first, page by page, each once', async () => {
  const drafts = await Promise.all(Array.from({ length: 7 }, async () => gate.intake()));
  for (const draft of drafts) await gate.drafts.accept(draft);
  const seen: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof gate.drafts.list>> = await gate.drafts.list('pending', cursor, 3);
    seen.push(...page.drafts.map(({ draftId }) => draftId));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(drafts.map(({ record }) => record.draftId).sort());
  expect((await gate.drafts.list('pending', 'no number', 3)).drafts).toHaveLength(3);
  expect(await gate.drafts.idsByStatus('pending')).toHaveLength(7);
  expect(await gate.drafts.list('approved', null, 3)).toEqual({ drafts: [], nextCursor: null });
});

test('drafts of one moment are each listed once, in both directions', async () => {
  const key = gate.keys.draftsByStatus('pending');
  for (let count = 0; count < 6; count += 1) await gate.drafts.accept(gate.intake());
  for (const draftId of await gate.drafts.idsByStatus('pending')) await gate.redis.zadd(key, 1_000, draftId);
  for (const order of ['oldest', 'newest'] as const) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Awaited<ReturnType<typeof gate.drafts.list>> = await gate.drafts.list(
        'pending',
        cursor,
        1,
        {
          order,
        },
      );
      seen.push(...page.drafts.map(({ draftId }) => draftId));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(6);
    expect([...seen].sort()).toEqual(order === 'oldest' ? seen : [...seen].reverse());
  }
});

test('a list that looks for few among many stops for breath and goes on with its cursor', async () => {
  const key = gate.keys.draftsByStatus('pending');
  const pipeline = gate.redis.pipeline();
  // Members without a record cost as much looking as those that do not match.
  for (let number = 0; number < 2_100; number += 1) pipeline.zadd(key, number + 1, gate.ids.draftId());
  await pipeline.exec();
  const draft = gate.intake();
  await gate.drafts.accept(draft);
  const matches = (): boolean => true;
  const first = await gate.drafts.list('pending', null, 5, { matches });
  expect(first.drafts).toEqual([]);
  const second = await gate.drafts.list('pending', first.nextCursor, 5, { matches });
  expect(second.drafts.map(({ draftId }) => draftId)).toEqual([draft.record.draftId]);
  expect(second.nextCursor).toBeNull();
});

test('the claims of the author stay known, whatever an edit took out of the text', async () => {
  const claims = [{ text: 'x', source: { kind: 'lead_field', field: 'company' } }] as const;
  const intake = gate.intake();
  const draft = { ...intake, record: { ...intake.record, claims: [...claims] } };
  await gate.drafts.accept(draft);
  await gate.redis.hset(gate.keys.draft(draft.record.draftId), 'claims', '[]');
  expect((await gate.drafts.read(draft.record.draftId))?.claims).toEqual([]);
  expect(await gate.drafts.submittedClaims(draft.record.draftId)).toEqual(claims);
  expect(await gate.drafts.submittedClaims(gate.ids.draftId())).toEqual([]);
});

test('an unknown draft is absent, alone and among others', async () => {
  const draft = gate.intake();
  await gate.drafts.accept(draft);
  const unknown = gate.ids.draftId();
  expect(await gate.drafts.read(unknown)).toBeNull();
  expect(await gate.drafts.readMany([unknown, draft.record.draftId])).toHaveLength(1);
  expect(await gate.drafts.readMany([])).toEqual([]);
});

test.each([
  ['a record that is no JSON', { record: '{' }],
  ['a message that lacks its body', { bytes: '{"version":1}' }],
  ['a status nobody knows', { status: 'sent' }],
  ['guards of another shape', { guards: '[{"passed":1}]' }],
  ['a revision that is no number', { revision: 'first' }],
  ['a rejection without its tag', { rejection: '{"reason":"x"}' }],
  ['a digest cut short', { digest: 'abc' }],
])('%s is an error that names the record, never "absent"', async (_, damage) => {
  const draft = gate.intake();
  await gate.drafts.accept(draft);
  const key = gate.keys.draft(draft.record.draftId);
  await gate.redis.hset(key, damage);
  for (const read of [
    () => gate.drafts.read(draft.record.draftId),
    () => gate.drafts.readMany([draft.record.draftId]),
    () => gate.drafts.list('pending', null, 10),
  ]) {
    await expect(read()).rejects.toThrow(CorruptRecordError);
    await expect(read()).rejects.toThrow(key);
  }
});

test('a damaged answer of a run is an error too', async () => {
  const runId = gate.ids.runId();
  await gate.redis.hset(gate.keys.intakeAnswers(runId), '2', '{"outcome":"sent"}');
  await expect(gate.drafts.answersOfRun(runId)).rejects.toThrow(CorruptRecordError);
});
