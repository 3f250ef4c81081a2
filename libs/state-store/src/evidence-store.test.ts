// Risk: the message a person is shown as "what would have left" is not the first one, or a damaged one passes for none.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createEvidenceStore, type Evidence, type RedisEvidenceStore } from './evidence-store.ts';
import { CorruptRecordError } from './record.ts';
import { createGateFixture, type Gate, type GateFixture, sha256 } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let evidence: RedisEvidenceStore;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  evidence = createEvidenceStore(gate.session);
});
afterAll(() => fixture.close());

const kept = (content: string): Evidence => ({
  contentType: 'message/rfc822',
  content,
  contentDigest: sha256(content),
  attemptId: 'att_1',
  savedAt: '2026-01-05T12:00:00.000Z',
});

test('the first evidence of an action stays, whoever else writes at the same time', async () => {
  const texts = Array.from({ length: 20 }, (_, number) =>
    kept(`Subject: ${number}\r\n\r\n日本 “${number}”\r\n`),
  );
  const answers = await Promise.all(texts.map((text) => evidence.save('act_1', text)));
  expect(answers.filter((answer) => answer === 'saved')).toHaveLength(1);
  expect(await evidence.read('act_1')).toEqual(texts[answers.indexOf('saved')]);
  expect(await evidence.read('act_2')).toBeNull();
});

test.each([
  ['text that is no JSON', 'Subject: x'],
  ['a record without its digest', JSON.stringify({ ...kept('x'), contentDigest: undefined })],
])('%s is an error that names the record, never "absent"', async (_, stored) => {
  await gate.redis.set(gate.keys.evidence('act_1'), stored);
  await expect(evidence.read('act_1')).rejects.toThrow(CorruptRecordError);
  await expect(evidence.read('act_1')).rejects.toThrow(gate.keys.evidence('act_1'));
});
