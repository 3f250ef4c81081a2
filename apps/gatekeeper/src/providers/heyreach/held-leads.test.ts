// Risk: a message that must not go any more stays at HeyReach, or is called gone although a campaign wrote it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchId } from '@caio/contracts';
import type { Handover, HeldGroup, ProviderAdapter } from '../../provider-port.ts';
import {
  heyreachQueryOf as queryOf,
  type HeyreachWorkbench,
  openHeyreachWorkbench,
  profileOf,
} from '../../testing/heyreach-workbench.ts';

let bench: HeyreachWorkbench;
let adapter: ProviderAdapter;
let batchId: BatchId;
beforeAll(async () => {
  bench = await openHeyreachWorkbench(32);
});
beforeEach(() => {
  adapter = bench.startAdapter();
  batchId = bench.ids.batchId();
});
afterEach(() => bench.clear());
afterAll(async () => {
  const calls = bench.simulator.calls();
  await bench.close();
  expect(calls['heyreach POST /campaign/Resume']).toBe(0);
  expect(calls['heyreach POST /campaign/AddLeadsToCampaignV2']).toBe(0);
});

const sent = async (name: string): Promise<Handover> => {
  const handover = bench.handoverTo(batchId, name);
  expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted', holdsBeforeMailing: true });
  return handover;
};
const finding = async (handover: Handover) =>
  (await adapter.find([queryOf(handover)])).get(handover.actionId);
const written = (): string[] => bench.simulator.mailed().map(({ email }) => email);
/** Somebody whom nobody approved. */
const strangerLike = (lead: ReturnType<typeof leadsAt>[number] | undefined) => {
  if (lead === undefined) throw new Error('a lead that was sent');
  return { lead: { ...lead, profileUrl: profileOf('stranger'), customFields: [] }, visibleAtMs: 0 };
};
const leadsAt = () => [...bench.listOf(batchId).leads.values()].map(({ lead }) => lead);

describe('taking back', () => {
  test('removes the lead and reads the list again', async () => {
    const handover = await sent('val');
    expect(await adapter.takeBack(queryOf(handover))).toEqual({ ok: true, readBack: 'absent' });
    expect(leadsAt()).toEqual([]);
  });

  test('finds a lead on the last page of a long list as on the first', async () => {
    const first = await sent('una');
    const list = bench.listOf(batchId);
    const [stored] = [...list.leads.values()];
    if (stored === undefined) throw new Error('the lead that was sent');
    for (let number = 0; number < 120; number += 1) {
      const profileUrl = profileOf(`page-${number}`);
      list.leads.set(`page-${number}`, { ...stored, lead: { ...stored.lead, profileUrl, customFields: [] } });
    }
    const last = await sent('vic');
    for (const handover of [first, last]) {
      expect(await finding(handover)).toMatchObject({
        state: 'present',
        contentDigest: handover.contentDigest,
      });
    }
    expect(await adapter.takeBack(queryOf(last))).toEqual({ ok: true, readBack: 'absent' });
  });

  test('says so when the person has been written to', async () => {
    const handover = await sent('wes');
    const id = bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id);
    const campaign = bench.simulator.heyreach.campaign(id);
    if (campaign !== undefined) bench.simulator.heyreach.start(campaign);
    expect(written()).toEqual([profileOf('wes')]);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'already_mailed' });
    expect(await finding(handover)).toMatchObject({ state: 'present', mailed: true });
  });

  test('stops the person in a campaign that rests, so that going on writes to nobody', async () => {
    const handover = await sent('xen');
    const id = bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id, 'PAUSED');
    expect(await adapter.takeBack(queryOf(handover))).toEqual({ ok: true, readBack: 'absent' });
    const campaign = bench.simulator.heyreach.campaign(id);
    if (campaign !== undefined) bench.simulator.heyreach.start(campaign);
    expect(written()).toEqual([]);
  });

  test('is not claimed of the list of a running campaign, which HeyReach does not change', async () => {
    const handover = await sent('yan');
    bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id, 'IN_PROGRESS');
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'still_present' });
  });

  test.each([
    'heyreach POST /list/GetAll',
    'heyreach POST /list/GetLeadsFromList',
    'heyreach POST /campaign/GetAll',
  ] as const)('learns nothing from a failing “%s”', async (endpoint) => {
    const handover = await sent('zoe');
    bench.simulator.setFaults([{ endpoint, effect: { kind: 'status', status: 503 } }]);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'unreadable' });
    expect(await finding(handover)).toMatchObject({ state: 'unreadable' });
  });

  test('an empty first page of a list that has leads is no absence', async () => {
    const handover = await sent('abe');
    bench.simulator.setFaults([
      {
        endpoint: 'heyreach POST /list/GetLeadsFromList',
        effect: { kind: 'status', status: 200, message: 'no page at all' },
      },
    ]);
    expect(await finding(handover)).toMatchObject({ state: 'unreadable' });
  });
});

describe('the list of a batch', () => {
  const groupOf = (...handovers: readonly Handover[]): HeldGroup => {
    const [first] = handovers;
    if (first === undefined) throw new Error('a group has a message');
    const { tier, message, correlationId } = first;
    return {
      ...{ batchId, tier, senderKey: message.senderKey, message, correlationId },
      actions: handovers.map(({ actionId, contentDigest }) => ({ actionId, contentDigest })),
    };
  };
  const control = () => {
    if (adapter.campaigns === undefined) throw new Error('HeyReach holds what it is handed');
    return adapter.campaigns;
  };

  test('is checked and not started: that a person does, and then it is seen to run', async () => {
    const group = groupOf(await sent('dee'), await sent('eli'));
    const { id: listId } = bench.listOf(batchId);
    const inspected = { state: 'read', campaignId: String(listId), mailing: false, problems: [] };
    expect(await control().inspect(group)).toEqual(inspected);
    expect(await control().activate(group)).toMatchObject({ ok: false, code: 'start_at_provider' });
    expect(written()).toEqual([]);
    const id = bench.simulator.heyreach.bindCampaign('by hand', listId, 'IN_PROGRESS');
    expect(await control().inspect(group)).toMatchObject({ mailing: true });
    expect(await control().activate(group)).toMatchObject({ ok: true, campaignId: String(id) });
    expect(await control().pause(group)).toMatchObject({ ok: true, campaignId: String(id) });
    expect(bench.simulator.heyreach.campaign(id)?.status).toBe('PAUSED');
  });

  test.each<[string, (list: ReturnType<typeof leadsAt>, handover: Handover) => unknown]>([
    [
      'held_differs',
      ([lead]) => Object.assign(lead?.customFields.find(({ name }) => name === 'body') ?? {}, { value: 'x' }),
    ],
    ['held_missing', (_, handover) => adapter.takeBack(queryOf(handover))],
    ['held_foreign', ([lead]) => void bench.listOf(batchId).leads.set('x', strangerLike(lead))],
  ])('that is not as approved is named: %s', async (code, spoil) => {
    const [one, two] = [await sent('fox'), await sent('gus')];
    const group = groupOf(one, two);
    await spoil(leadsAt(), one);
    expect(await control().activate(group)).toMatchObject({ ok: false, code });
    expect(await control().inspect(group)).toMatchObject({ problems: [{ code }] });
  });

  test('is not called paused while HeyReach shows a campaign of it running', async () => {
    const group = groupOf(await sent('hob'));
    bench.simulator.heyreach.bindCampaign('by hand', bench.listOf(batchId).id, 'IN_PROGRESS');
    bench.simulator.setFaults([{ endpoint: 'heyreach POST /campaign/Pause', effect: { kind: 'ignore' } }]);
    expect(await control().pause(group)).toMatchObject({ ok: false, code: 'campaign_status' });
  });
});

describe('a stop', () => {
  test('pauses each running campaign on our lists and counts what HeyReach then shows', async () => {
    await sent('bea');
    const { heyreach } = bench.simulator;
    const listId = bench.listOf(batchId).id;
    const ids = ['one', 'two'].map((name) => heyreach.bindCampaign(name, listId, 'IN_PROGRESS'));
    const foreign = heyreach.bindCampaign('somebody else’s', -1, 'IN_PROGRESS');
    expect(await adapter.pauseAll({ correlationId: 'c' })).toEqual({ paused: 2, failed: [] });
    expect(ids.map((id) => heyreach.campaign(id)?.status)).toEqual(['PAUSED', 'PAUSED']);
    expect(heyreach.campaign(foreign)?.status).toBe('IN_PROGRESS');
    expect(await adapter.pauseAll({ correlationId: 'c' })).toEqual({ paused: 0, failed: [] });
  });

  test('does not count a campaign that goes on after the pause was answered', async () => {
    await sent('cal');
    const id = bench.simulator.heyreach.bindCampaign('one', bench.listOf(batchId).id, 'IN_PROGRESS');
    bench.simulator.setFaults([{ endpoint: 'heyreach POST /campaign/Pause', effect: { kind: 'ignore' } }]);
    expect(await adapter.pauseAll({ correlationId: 'c' })).toEqual({
      paused: 0,
      failed: [{ id: String(id), message: 'HeyReach answered and the campaign is IN_PROGRESS.' }],
    });
  });
});
