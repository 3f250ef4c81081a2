// Risk: something of an approved batch is changed and leaves all the same, or an equal spelling of it is refused.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../gate-bench.ts';
import { attackKinds } from './attacks.ts';
import { checkEncodings } from './check-encodings.ts';
import { checkMutations } from './check-mutations.ts';

let benches: GateBenches;
beforeAll(async () => {
  benches = await openGateBenches();
});
afterAll(() => benches.close());

test('of changed batches nothing is sent, and every refusal has a name', async () => {
  const mutations = attackKinds.length * 3;
  const report = await checkMutations({ benches, mutations, seed: 1 });
  expect(report.failures).toEqual([]);
  expect(report.sent).toBe(0);
  // Every kind was tried and answered.
  const answered = new Set(Object.keys(report.refusals).map((entry) => entry.split(':')[0]));
  expect([...answered].sort()).toEqual([...new Set(attackKinds.map(({ name }) => name))].sort());
});

test('of equal spellings nothing is refused', async () => {
  const report = await checkEncodings({ benches, encodings: 126, seed: 1 });
  expect(report).toEqual({ encodings: 126, refused: 0, failures: [] });
});
