// Risk: "not seen" taken for "not there", after which a message that is there would be sent again.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  onLead,
  openInstantlyWorkbench,
  queryOf,
  type InstantlyWorkbench,
} from '../../testing/instantly-workbench.ts';
import { campaignNameOf, campaignPayloadOf } from './payload.ts';

let bench: InstantlyWorkbench;
beforeAll(async () => {
  bench = await openInstantlyWorkbench(24);
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('find', () => {
  test('reads every page', async () => {
    const { adapter, batchId } = bench.setUp();
    const handovers = Array.from({ length: 205 }, (_, number) =>
      bench.handoverTo(batchId, `person${number}`),
    );
    await Promise.all(handovers.map((handover) => adapter.send(handover)));
    const found = await adapter.find(handovers.map(queryOf));
    expect([...found.values()].filter(({ state }) => state === 'present')).toHaveLength(205);
  });

  test('is not fooled by words edited beside a digest that was left as it was', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    bench.simulator.setFaults([onLead({ kind: 'alter', body: 'Hello' })]);
    await adapter.send(handover);
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'present', contentDigest: null });
  });

  test('sees a lead in a twin campaign of the same name', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    const name = campaignNameOf('test', queryOf(handover));
    await bench.api('POST', '/campaigns', campaignPayloadOf(name, handover.message));
    await adapter.send(handover);
    const [first] = await bench.campaignsAt();
    const twin = await bench.api('POST', '/campaigns', campaignPayloadOf(name, handover.message));
    expect(twin['id']).not.toBe(first?.id);
    const found = await bench.startAdapter().find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({
      state: 'present',
      contentDigest: handover.contentDigest,
    });
  });

  test('does not take a campaign search that lags behind for absence', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    bench.simulator.setFaults([{ endpoint: 'GET /campaigns', effect: { kind: 'empty_page' } }]);
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'present' });
  });

  test.each([
    ['a page that fails', 'POST /leads/list', { kind: 'status', status: 500 }],
    ['a page that is no JSON', 'POST /leads/list', { kind: 'malformed_json' }],
    ['a campaign list that fails', 'GET /campaigns', { kind: 'status', status: 429 }],
  ] as const)('%s is unreadable, never absent', async (_, endpoint, effect) => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    bench.simulator.setFaults([{ endpoint, effect }]);
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'unreadable' });
  });

  test('a registry that cannot be read is unreadable, never absent', async () => {
    const { batchId } = bench.setUp();
    bench.changeRegistry({ read: () => Promise.reject(new Error('no Redis')) });
    const handover = bench.handoverTo(batchId, 'ann');
    const found = await bench.startAdapter().find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'unreadable' });
  });
});
