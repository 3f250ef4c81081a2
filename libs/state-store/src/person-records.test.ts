// Risk: somebody asks what is stored about a person and is shown a part of it, or somebody else's.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createPersonRecords } from './person-records.ts';
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

const ann = 'email:ann@acme.example';
const annAtWork = 'linkedin:ann-stone';
const draftsOf = (...keys: string[]) => createPersonRecords(gate.session).draftsOf(keys);

test('finds the drafts of every state under any name, with the action of a batched one, and nobody else’s', async () => {
  const sent = gate.intake({ personKeys: [ann, annAtWork] });
  const parked = gate.intake({ personKeys: [annAtWork], outcome: 'parked' });
  const other = gate.intake({ personKeys: ['email:ben@acme.example'] });
  await gate.drafts.accept(sent);
  await gate.redis.del(gate.keys.personDrafts('outbound'));
  await gate.drafts.accept(parked);
  await gate.drafts.accept(other);
  await gate.drafts.change({
    ...{ draftId: sent.record.draftId, motion: 'outbound', command: 'approve', expectedDigest: null },
    ...{ fields: {}, rejectedFingerprint: null, rejectionMemorySeconds: 60, pseudonym: 'p' },
    ...{ actor: 'ann', reason: '', correlationId: 'correlation-1' },
  });
  await gate.freeze([sent]);
  const found = await draftsOf(annAtWork);
  expect(found.map(({ draftId }) => draftId).sort()).toEqual(
    [sent.record.draftId, parked.record.draftId].sort(),
  );
  expect(found.find(({ draftId }) => draftId === sent.record.draftId)).toMatchObject({
    actionId: expect.stringMatching(/^act_/),
    personKeys: [ann, annAtWork],
  });
  expect(found.find(({ draftId }) => draftId === parked.record.draftId)?.actionId).toBeNull();
  expect((await draftsOf(ann)).map(({ draftId }) => draftId)).toEqual([sent.record.draftId]);
  expect(await draftsOf('email:nobody@acme.example')).toEqual([]);
});

test('finds one among more drafts than are asked at once', async () => {
  for (let many = 0; many < 1_050; many += 1) {
    await gate.redis
      .multi()
      .hset(gate.keys.draft(`d${many}`), 'persons', JSON.stringify([`email:p${many}@acme.example`]))
      .zadd(gate.keys.draftsByStatus('rejected'), many, `d${many}`)
      .exec();
  }
  expect((await draftsOf('email:p1042@acme.example')).map(({ draftId }) => draftId)).toEqual(['d1042']);
});
