// Risk: a draft takes a step its life cycle forbids, or a decision falls on content that nobody was shown.
import { type DraftStatus, draftStatusSchema } from '@caio/contracts';
import { decideDraft, type DraftCommand, draftArrows } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { DraftChange, DraftIntake } from './draft-store.ts';
import { createGateFixture, type Gate, type GateFixture, sha256 } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const change = (draft: DraftIntake, command: DraftCommand, overrides: Partial<DraftChange> = {}) =>
  gate.drafts.change({
    draftId: draft.record.draftId,
    motion: 'outbound',
    command,
    expectedDigest: null,
    fields: {},
    rejectedFingerprint: null,
    rejectionMemorySeconds: 3_600,
    pseudonym: draft.pseudonym,
    actor: 'reviewer',
    reason: 'a reason',
    correlationId: 'correlation-1',
    ...overrides,
  });

/** The shortest way there by the steps that people and the gate take. */
const draftIn = async (status: DraftStatus): Promise<DraftIntake> => {
  const draft = gate.intake(status === 'parked' ? { outcome: 'parked' } : {});
  await gate.drafts.accept(draft);
  if (status === 'approved' || status === 'batched') await change(draft, 'approve');
  if (status === 'batched') await gate.freeze([draft]);
  if (status === 'rejected') await change(draft, 'reject');
  if (status === 'expired') await change(draft, 'expire');
  if (status === 'withdrawn') await change(draft, 'withdraw');
  return draft;
};
const listsWith = async (draftId: string): Promise<string[]> => {
  const found: string[] = [];
  for (const status of draftStatusSchema.options) {
    if ((await gate.drafts.idsByStatus(status)).includes(draftId)) found.push(status);
  }
  return found;
};
const snapshot = async (draft: DraftIntake) => ({
  hash: await gate.redis.hgetall(gate.keys.draft(draft.record.draftId)),
  lists: await listsWith(draft.record.draftId),
  audit: await createAuditLog(gate.session).length(),
  person: await gate.redis.hgetall(gate.keys.personDrafts('outbound')),
});

test('every decision stays with the draft: who, when, why in their words, and about which text', async () => {
  const draft = await draftIn('pending');
  const first = (await gate.drafts.read(draft.record.draftId))?.contentDigest ?? '';
  expect((await gate.drafts.read(draft.record.draftId))?.decisions).toEqual([]);
  await change(draft, 'edit', { actor: 'ann', fields: { digest: sha256('another text') } });
  await change(draft, 'approve', { actor: 'ben' });
  await change(draft, 'recall', { actor: 'cat', note: 'the price is "old" 東京', reason: 'recalled' });
  const digest = sha256('another text');
  const at = expect.stringMatching(/^\d{4}-.*Z$/);
  expect((await gate.drafts.read(draft.record.draftId))?.decisions).toEqual([
    { command: 'edit', by: 'ann', at, reason: '', contentDigest: first },
    { command: 'approve', by: 'ben', at, reason: '', contentDigest: digest },
    { command: 'recall', by: 'cat', at, reason: 'the price is "old" 東京', contentDigest: digest },
  ]);
  const audited = await createAuditLog(gate.session).rowsAfter('', 1_000);
  expect(JSON.stringify(audited)).not.toContain('the price is');
});

test('of very many decisions about one draft the last fifty stay', async () => {
  const draft = await draftIn('pending');
  for (let round = 0; round < 30; round += 1) {
    await change(draft, 'approve');
    await change(draft, 'recall', { note: `round ${round}` });
  }
  const decisions = (await gate.drafts.read(draft.record.draftId))?.decisions ?? [];
  expect([decisions.length, decisions.at(-1)?.reason]).toEqual([50, 'round 29']);
});

const commands = Object.keys(draftArrows) as DraftCommand[];
const cases = draftStatusSchema.options.flatMap((status) =>
  commands.map((command): [DraftCommand, DraftStatus] => [command, status]),
);

test.each(cases)('%s of a draft that is %s does what the life cycle says', async (command, status) => {
  const draft = await draftIn(status);
  expect(await listsWith(draft.record.draftId)).toEqual([status]);
  const before = await snapshot(draft);
  const expected = decideDraft(command, status);
  const answer = await change(draft, command);
  if (!expected.ok) {
    expect(answer).toEqual({ result: 'state_conflict', current: status });
    expect(await snapshot(draft)).toEqual(before);
    return;
  }
  expect(answer).toEqual({ result: 'done', current: expected.to });
  expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
    status: expected.to,
    reviewedBy: 'reviewer',
    reviewedAt: expect.stringMatching(/Z$/),
  });
  expect(await listsWith(draft.record.draftId)).toEqual([expected.to]);
  const rows = await createAuditLog(gate.session).rowsAfter('', 100);
  expect(rows).toHaveLength(before.audit + 1);
  expect(rows.at(-1)?.row).toMatchObject({
    kind: `draft.${command}`,
    ref: draft.record.draftId,
    from: status,
    to: expected.to,
    code: 'a reason',
    actor: 'reviewer',
    who: draft.pseudonym,
  });
});

test('a draft that does not exist is not found', async () => {
  const draft = gate.intake();
  expect(await change(draft, 'approve')).toEqual({ result: 'not_found', current: '' });
  expect(await gate.redis.exists(gate.keys.draft(draft.record.draftId))).toBe(0);
});

describe('a decision', () => {
  test.each(['approve', 'edit', 'park', 'reject'] as const)(
    'to %s binds to the digest that was shown',
    async (command) => {
      const draft = await draftIn('pending');
      const before = await snapshot(draft);
      expect(await change(draft, command, { expectedDigest: sha256('what was shown before') })).toEqual({
        result: 'stale_digest',
        current: draft.contentDigest,
      });
      expect(await snapshot(draft)).toEqual(before);
      expect(await change(draft, command, { expectedDigest: draft.contentDigest })).toMatchObject({
        result: 'done',
      });
    },
  );

  test('names the state before the digest, so that nobody is told to look again at something final', async () => {
    const draft = await draftIn('rejected');
    expect(await change(draft, 'approve', { expectedDigest: sha256('another') })).toEqual({
      result: 'state_conflict',
      current: 'rejected',
    });
  });

  test('of many at the same time happens once', async () => {
    const draft = await draftIn('pending');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => change(draft, number % 2 === 0 ? 'approve' : 'reject')),
    );
    expect(answers.filter(({ result }) => result === 'done')).toHaveLength(1);
    expect(await listsWith(draft.record.draftId)).toHaveLength(1);
  });

  test('keeps the place in line: an edited draft is as old as it was', async () => {
    const first = await draftIn('pending');
    await draftIn('pending');
    const score = await gate.redis.zscore(gate.keys.draftsByStatus('pending'), first.record.draftId);
    await change(first, 'approve');
    await change(first, 'recall');
    expect(await gate.redis.zscore(gate.keys.draftsByStatus('pending'), first.record.draftId)).toBe(score);
  });
});

describe('an edit', () => {
  test('brings new bytes, digest, revision, guards and claims; the old digest decides nothing any more', async () => {
    const draft = await draftIn('pending');
    const other = gate.intake();
    const guards = [{ ruleId: 'body_length', passed: true, message: 'The text has a readable length.' }];
    await change(draft, 'edit', {
      expectedDigest: draft.contentDigest,
      fields: {
        bytes: other.bytes,
        digest: other.contentDigest,
        revision: '2',
        guards: JSON.stringify(guards),
        claims: '[]',
      },
    });
    expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
      status: 'pending',
      revision: 2,
      contentDigest: other.contentDigest,
      message: JSON.parse(other.bytes),
      guards,
      claims: [],
    });
    expect(await gate.approve(draft)).toEqual({ result: 'stale_digest', current: other.contentDigest });
    expect(await gate.approve(draft, other.contentDigest)).toMatchObject({ result: 'done' });
  });
});

describe('the end of a draft', () => {
  const personOf = (draft: DraftIntake) =>
    gate.redis.hget(gate.keys.personDrafts('outbound'), draft.personKeys[0] ?? '');

  test.each(['reject', 'expire', 'withdraw'] as const)(
    'by %s frees the person for another one',
    async (command) => {
      const draft = await draftIn('pending');
      expect(await personOf(draft)).toBe(draft.record.draftId);
      await change(draft, command);
      expect(await personOf(draft)).toBeNull();
      const next = { ...gate.intake(), personKeys: draft.personKeys };
      expect(await gate.drafts.accept(next)).toMatchObject({ outcome: 'accepted' });
      expect(await personOf(draft)).toBe(next.record.draftId);
    },
  );

  test('frees nobody else: a place that another draft took stays taken', async () => {
    const draft = await draftIn('pending');
    await gate.redis.hset(gate.keys.personDrafts('outbound'), draft.personKeys[0] ?? '', 'drf_of_another');
    await change(draft, 'reject');
    expect(await personOf(draft)).toBe('drf_of_another');
  });

  test.each(['approve', 'recall', 'edit', 'park'] as const)(
    'is not %s: the person stays taken',
    async (command) => {
      const draft = await draftIn(command === 'recall' ? 'approved' : 'pending');
      await change(draft, command);
      expect(await personOf(draft)).toBe(draft.record.draftId);
    },
  );

  test('by rejection remembers what was said, for as long as the policy says and no longer', async () => {
    const draft = await draftIn('pending');
    const now = Date.now();
    const key = gate.keys.rejections(draft.pseudonym);
    await gate.redis.zadd(key, now - 7_200_000, 'too old', now - 1_000_000, 'recent');
    await change(draft, 'reject', {
      rejectedFingerprint: 'fingerprint',
      fields: { rejection: JSON.stringify({ tag: 'tone_style_issue', reason: 'Too loud for this reader.' }) },
    });
    expect(await gate.drafts.rejectedFingerprints(draft.pseudonym, 3_600_000)).toEqual([
      'recent',
      'fingerprint',
    ]);
    expect(await gate.drafts.rejectedFingerprints(draft.pseudonym, 60_000)).toEqual(['fingerprint']);
    expect(await gate.drafts.rejectedFingerprints('somebody else', 3_600_000)).toEqual([]);
    expect(await gate.redis.ttl(key)).toBeGreaterThan(3_000);
    expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
      rejection: { tag: 'tone_style_issue', reason: 'Too loud for this reader.' },
    });
  });

  test('by a refused rejection remembers nothing', async () => {
    const draft = await draftIn('approved');
    await change(draft, 'reject', { rejectedFingerprint: 'fingerprint' });
    expect(await gate.drafts.rejectedFingerprints(draft.pseudonym, 3_600_000)).toEqual([]);
  });
});
