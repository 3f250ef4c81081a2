// Risk: a wish that was received is lost before it is worked on, or outlives the suppression that answers it.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createOptOuts, type OptOuts } from './opt-outs.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let optOuts: OptOuts;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  optOuts = createOptOuts(gate.session);
});
afterAll(() => fixture.close());

test('a wish waits under every key it names until it is done, and never goes by itself', async () => {
  await optOuts.record(['email:ada@acme.example', 'linkedin:ada'], 'delivery-1');
  await optOuts.record(['email:bea@acme.example'], 'delivery-2');
  expect(await optOuts.waiting()).toBe(3);
  expect(await gate.redis.ttl(gate.keys.optOutsPending)).toBe(-1);
  await optOuts.done(['email:ada@acme.example', 'linkedin:ada']);
  expect(await gate.redis.hgetall(gate.keys.optOutsPending)).toEqual({
    'email:bea@acme.example': 'delivery-2',
  });
});

test('the same wish twice waits once, and done twice is done', async () => {
  await optOuts.record(['email:ada@acme.example'], 'delivery-1');
  await optOuts.record(['email:ada@acme.example'], 'delivery-2');
  expect(await optOuts.waiting()).toBe(1);
  await optOuts.done(['email:ada@acme.example']);
  await optOuts.done(['email:ada@acme.example']);
  expect(await optOuts.waiting()).toBe(0);
});

test('nobody named is nothing to store and nothing to end', async () => {
  await optOuts.record([], 'delivery-1');
  await optOuts.done([]);
  expect(await optOuts.waiting()).toBe(0);
});
