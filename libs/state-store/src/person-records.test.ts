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

const keepWithoutIndex = async (count: number): Promise<void> => {
  const pipeline = gate.redis.pipeline();
  for (let number = 0; number < count; number += 1) {
    pipeline.hset(
      gate.keys.draft(`d${number}`),
      'persons',
      JSON.stringify([`email:p${number}@acme.example`]),
    );
    pipeline.zadd(gate.keys.draftsByStatus('rejected'), number, `d${number}`);
  }
  await pipeline.exec();
};

test('finds one in a store from before there was an index, among more drafts than are asked at once', async () => {
  await keepWithoutIndex(1_050);
  expect((await draftsOf('email:p1042@acme.example')).map(({ draftId }) => draftId)).toEqual(['d1042']);
});

test('a question about one person reads the drafts of nobody else', async () => {
  await keepWithoutIndex(500);
  await draftsOf('email:p1@acme.example');
  const later = gate.intake({ personKeys: [ann] });
  await gate.drafts.accept(later);
  await gate.redis.config('RESETSTAT');
  expect((await draftsOf(ann)).map(({ draftId }) => draftId)).toEqual([later.record.draftId]);
  const calls = [...(await gate.redis.info('commandstats')).matchAll(/cmdstat_(\w+):calls=(\d+)/g)];
  const read = Object.fromEntries(calls.map(([, name, count]) => [name, Number(count)]));
  expect(read['hmget']).toBe(1);
  expect(read['zrange']).toBeUndefined();
});
