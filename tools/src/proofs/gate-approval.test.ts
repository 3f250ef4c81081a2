// Risk: something that changed after the approval is sent anyway.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { personKeySchema } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { type Gate, openGate } from './testing/gate.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
}, 60_000);
afterAll(() => gate.close());

describe('what you approve is what is sent', () => {
  test('another hash than the shown one is refused', async () => {
    await gate.rig.approvedDrafts(1);
    const batch = await gate.rig.freeze();
    const wrong = batch.previewHash.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    expect(
      await gate.rig.call('POST', `/api/batches/${batch.batchId}/approve`, { previewHash: wrong }),
    ).toMatchObject({ status: 409, code: 'hash_mismatch' });
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'state_conflict' });
    await gate.rig.must('POST', `/api/batches/${batch.batchId}/reject`, {
      reason: 'cleaning up after the test',
    });
  });

  test.each([
    ['digest', 'f'.repeat(64)],
    ['recipientKey', 'email:somebody.else@elsewhere.example'],
    ['senderKey', 'email:another.sender@elsewhere.example'],
    ['route', 'warm_email'],
  ])(
    'a stored action whose %s was changed after the approval stops the whole batch at its claim',
    async (field, value) => {
      const batch = await gate.rig.approvedBatch(2);
      const [first] = batch.preview.actions;
      await gate.rig.redis().hset(gate.rig.keys.action(first?.actionId ?? ''), field, value);
      expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'hash_mismatch' });
      expect(gate.sentOf(batch.batchId)).toEqual([]);
    },
  );

  test.each([
    ['one letter of the text', (bytes: string) => bytes.replace('call', 'cell')],
    ['the recipient', (bytes: string) => bytes.replaceAll('ada.holm@', 'eda.holm@')],
    [
      'the sender',
      (bytes: string) =>
        bytes.replace(/"sender":\{"email":"[^"]+"/, '"sender":{"email":"boss@harborpine.example"'),
    ],
    ['a tracking setting', (bytes: string) => bytes.replace('"trackOpens":false', '"trackOpens":true')],
  ])('changing %s in the stored bytes is found right before the provider call', async (_what, change) => {
    const batch = await gate.rig.approvedBatch(2);
    const [first] = batch.preview.actions;
    const key = gate.rig.keys.action(first?.actionId ?? '');
    const store = gate.rig.redis();
    const bytes = (await store.hget(key, 'bytes')) ?? '';
    expect(change(bytes)).not.toBe(bytes);
    await store.hset(key, 'bytes', change(bytes));
    expect((await gate.execute(batch.batchId)).status).toBe(202);
    const done = await gate.rig.finished(batch.batchId);
    expect(done.status).toBe('partially_executed');
    const receipt = (await gate.rig.receipts(batch.batchId)).find(
      ({ actionId }) => actionId === first?.actionId,
    );
    expect(receipt).toMatchObject({ outcome: 'blocked', reason: 'content_mismatch' });
    expect(gate.sentOf(batch.batchId).map(({ actionId }) => actionId)).toEqual([
      batch.preview.actions[1]?.actionId,
    ]);
  });

  test('a batch in which a stored text cannot be read starts nothing, and says so', async () => {
    const batch = await gate.rig.approvedBatch(2);
    const key = gate.rig.keys.action(batch.preview.actions[0]?.actionId ?? '');
    const store = gate.rig.redis();
    await store.hset(key, 'bytes', ((await store.hget(key, 'bytes')) ?? '').slice(0, -1));
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'record_damaged' });
    expect(gate.sentOf(batch.batchId)).toEqual([]);
  });

  test('somebody who can write the store rewrites the whole approval, hash and all, and still starts nothing', async () => {
    const batch = await gate.rig.approvedBatch(2);
    const [first] = batch.preview.actions;
    const store = gate.rig.redis();
    const key = gate.rig.keys.action(first?.actionId ?? '');
    const bytes = ((await store.hget(key, 'bytes')) ?? '').replaceAll('ada.holm@', 'eda.holm@');
    const digest = sha256(bytes);
    const recipientKey = (first?.recipientKey ?? '').replace('ada.holm@', 'eda.holm@');
    await store.hset(key, { bytes, digest, recipientKey });
    const actions = batch.preview.actions.map((action) =>
      action.actionId === first?.actionId
        ? { ...action, contentDigest: digest, recipientKey: personKeySchema.parse(recipientKey) }
        : action,
    );
    const previewHash = sha256(previewBytes({ ...batch.preview, actions }));
    await store.hset(gate.rig.keys.batch(batch.batchId), { previewHash });
    expect(await gate.execute(batch.batchId)).toMatchObject({ status: 409, code: 'hash_mismatch' });
    expect(gate.sentOf(batch.batchId)).toEqual([]);
  });

  test.each([
    [
      'digest and bytes',
      (hash: Record<string, string>) => {
        const bytes = (hash['bytes'] ?? '').replace('call', 'cell');
        return { bytes, digest: sha256(bytes) };
      },
    ],
    ['tier', () => ({ tier: 'tier_2' })],
    ['exclusion keys', () => ({ exclusionKeys: '[]' })],
    ['shown address', () => ({ email: 'somebody.else@elsewhere.example' })],
  ] as const)(
    'a queued action whose %s were rewritten is blocked right before the provider call',
    async (_what, change) => {
      const batch = await gate.rig.approvedBatch(1);
      const store = gate.rig.redis();
      const key = gate.rig.keys.action(batch.preview.actions[0]?.actionId ?? '');
      await gate.restart({ FAULT_PLAN: 'kill:after-claim:1' });
      await gate.execute(batch.batchId).catch(() => null);
      await gate.rig.running().exit;
      await store.hset(key, change(await store.hgetall(key)));
      await gate.rig.start();
      await gate.rig.finished(batch.batchId);
      expect((await gate.rig.receipts(batch.batchId))[0]).toMatchObject({
        outcome: 'blocked',
        reason: 'content_mismatch',
      });
      expect(gate.sentOf(batch.batchId)).toEqual([]);
    },
  );

  test('somebody whose message was blocked can be written to again', async () => {
    const lead = gate.rig.leadOf();
    const [draft] = await gate.rig.approvedDrafts(1, [lead]);
    const batch = await gate.rig.freeze();
    await gate.rig.must('POST', `/api/batches/${batch.batchId}/approve`, { previewHash: batch.previewHash });
    const key = gate.rig.keys.action(batch.preview.actions[0]?.actionId ?? '');
    const store = gate.rig.redis();
    await store.hset(key, 'bytes', ((await store.hget(key, 'bytes')) ?? '').replace('call', 'cell'));
    expect((await gate.execute(batch.batchId)).status).toBe(202);
    await gate.rig.finished(batch.batchId);
    const { results } = await gate.rig.submit([await gate.rig.submissionOf(lead)]);
    expect(results[0]).toMatchObject({ ok: true, answer: { outcome: 'accepted' } });
    for (const waiting of await gate.rig.pending()) {
      expect(waiting.draftId).not.toBe(draft?.draftId);
      await gate.rig.must('POST', `/api/drafts/${waiting.draftId}/reject`, {
        tag: 'other',
        reason: 'cleaning up after the test',
      });
    }
  });

  test('a draft that was edited after it was shown cannot be approved with the old digest', async () => {
    await gate.rig.submit([await gate.rig.submissionOf(gate.rig.leadOf())]);
    const [draft] = await gate.rig.pending();
    if (draft === undefined) throw new Error('no draft waits');
    const { subject, body } = draft.message;
    await gate.rig.must('POST', `/api/drafts/${draft.draftId}/edit`, {
      contentDigest: draft.contentDigest,
      subject,
      body: body.replace('Hi Ada', 'Hello Ada'),
    });
    expect(
      await gate.rig.call('POST', `/api/drafts/${draft.draftId}/approve`, {
        contentDigest: draft.contentDigest,
      }),
    ).toMatchObject({
      status: 409,
      code: 'stale_digest',
    });
    const [edited] = await gate.rig.pending();
    expect(edited).toMatchObject({ draftId: draft.draftId, revision: 2 });
    await gate.rig.must('POST', `/api/drafts/${draft.draftId}/reject`, {
      tag: 'other',
      reason: 'cleaning up after the test',
    });
  });

  test('a rejected draft can never be approved', async () => {
    await gate.rig.submit([await gate.rig.submissionOf(gate.rig.leadOf())]);
    const [draft] = await gate.rig.pending();
    if (draft === undefined) throw new Error('no draft waits');
    await gate.rig.must('POST', `/api/drafts/${draft.draftId}/reject`, {
      tag: 'tone_style_issue',
      reason: 'not how we would write to her',
    });
    expect(
      await gate.rig.call('POST', `/api/drafts/${draft.draftId}/approve`, {
        contentDigest: draft.contentDigest,
      }),
    ).toMatchObject({
      status: 409,
      code: 'state_conflict',
    });
  });
});
