// Risk: two campaigns for one batch, or one that mails by itself or otherwise than approved.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DispatchOutcome } from '@caio/contracts';
import { buildMessage, waitFor, type FaultEffect } from '@caio/test-kit';
import {
  queryOf,
  openInstantlyWorkbench,
  type InstantlyWorkbench,
} from '../../testing/instantly-workbench.ts';
import { campaignNameOf, campaignPayloadOf } from './payload.ts';

let bench: InstantlyWorkbench;
beforeAll(async () => {
  bench = await openInstantlyWorkbench(22);
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('the campaign', () => {
  test('carries the sealed settings, waits in draft and is named for whoever looks', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann', {
      settings: {
        trackOpens: true,
        trackClicks: false,
        stopOnReply: true,
        followUps: 0,
        schedule: { timezone: 'America/New_York', days: [1, 3, 7], from: '09:00', to: '24:00' },
      },
    });
    await adapter.send(handover);
    expect(await bench.api('GET', '/campaigns?limit=10')).toMatchObject({
      items: [
        {
          name: campaignNameOf('test', queryOf(handover)),
          status: 0,
          email_list: ['sam@outreach.example'],
          text_only: true,
          open_tracking: true,
          link_tracking: false,
          stop_on_reply: true,
          sequences: [
            { steps: [{ type: 'email', variants: [{ subject: '{{subject}}', body: '{{body}}' }] }] },
          ],
          campaign_schedule: {
            schedules: [
              {
                timezone: 'America/Detroit',
                timing: { from: '09:00', to: '23:59' },
                days: { 0: true, 1: true, 2: false, 3: true, 4: false, 5: false, 6: false },
              },
            ],
          },
        },
      ],
    });
    expect(campaignNameOf('test', queryOf(handover))).toMatch(
      new RegExp(`^caio_test_${batchId}_tier_1_[0-9a-f]{12}$`),
    );
    expect(bench.simulator.log()).toMatchObject([
      { attemptId: handover.attemptId, idempotencyKey: handover.actionId },
    ]);
  });

  test('is one for a crowd of workers in several processes', async () => {
    const { adapter, batchId } = bench.setUp();
    const processes = [adapter, bench.startAdapter(), bench.startAdapter()];
    const outcomes = await Promise.all(
      processes.flatMap((process, place) =>
        Array.from({ length: 10 }, (_, number) =>
          process.send(bench.handoverTo(batchId, `p${place}-${number}`)),
        ),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(30);
    expect(await bench.campaignsAt()).toHaveLength(1);
  });

  test('is claimed once for a crowd in one process', async () => {
    const { batchId } = bench.setUp();
    const claims: string[] = [];
    const { claim } = bench.registry();
    bench.changeRegistry({
      claim: (name, token, ttlMs) => {
        claims.push(name);
        return claim(name, token, ttlMs);
      },
    });
    const adapter = bench.startAdapter();
    await Promise.all(
      Array.from({ length: 30 }, (_, number) => adapter.send(bench.handoverTo(batchId, `person${number}`))),
    );
    expect(claims).toHaveLength(1);
  });

  test('differs per tier and per sender', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    await adapter.send({ ...bench.handoverTo(batchId, 'ben'), tier: 'tier_2' });
    await adapter.send(
      bench.handoverTo(batchId, 'cat', { sender: { name: 'Kit', email: 'kit@outreach.example' } }),
    );
    expect(new Set((await bench.campaignsAt()).map(({ name }) => name)).size).toBe(3);
  });

  test('that a dead process made and did not save is adopted, not made again', async () => {
    const { adapter, batchId } = bench.setUp();
    bench.changeRegistry({ save: () => Promise.reject(new Error('the process dies here')) });
    expect(await bench.startAdapter().send(bench.handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'released',
      code: 'campaign_registry_unavailable',
    });
    expect(await adapter.send(bench.handoverTo(batchId, 'ann'))).toMatchObject({ outcome: 'accepted' });
    expect(await bench.campaignsAt()).toHaveLength(1);
  });

  test('whose creation outlives its claim is still one', async () => {
    const { adapter, batchId } = bench.setUp();
    bench.simulator.setFaults([
      { endpoint: 'POST /campaigns', hit: 1, effect: { kind: 'delay', delayMs: 100 } },
    ]);
    const made = bench.simulator.calls()['POST /campaigns'] + 1;
    const handover = bench.handoverTo(batchId, 'ann');
    const slow = adapter.send(handover);
    await waitFor(() => bench.simulator.calls()['POST /campaigns'] >= made, {
      timeoutMs: 5_000,
      describe: 'the campaign',
    });
    await bench.endClaim(campaignNameOf('test', queryOf(handover)));
    const quick = bench.startAdapter().send(bench.handoverTo(batchId, 'ben'));
    expect(await Promise.all([slow, quick])).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'accepted' },
    ]);
    expect(await bench.campaignsAt()).toHaveLength(1);
  });

  test('that somebody else is making is waited for, up to the deadline', async () => {
    let nowMs = 0;
    const { adapter, batchId } = bench.setUp({
      monotonicMs: () => nowMs,
      pause: () => Promise.resolve(void (nowMs += 100)),
    });
    const handover = { ...bench.handoverTo(batchId, 'ann'), sendDeadlineMs: 1_000 };
    await bench.registry().claim(campaignNameOf('test', queryOf(handover)), 'somebody', 60_000);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'released', code: 'campaign_busy' });
    expect(bench.simulator.log()).toEqual([]);
  });

  test('that was deleted at the vendor is made anew instead of believed in', async () => {
    const { adapter, batchId } = bench.setUp({ campaignFreshMs: 0 });
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const [old] = await bench.campaignsAt();
    await bench.api('DELETE', `/campaigns/${old?.id ?? ''}`);
    expect(await adapter.send(bench.handoverTo(batchId, 'ben'))).toMatchObject({ outcome: 'accepted' });
    expect((await bench.campaignsAt()).map(({ id }) => id)).not.toEqual([old?.id]);
  });

  test('of the same name with something else in it is refused by what differs', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    const name = campaignNameOf('test', queryOf(handover));
    const wanted = campaignPayloadOf(name, handover.message);
    await bench.api('POST', '/campaigns', { ...wanted, email_list: ['someone@else.example'] });
    expect(await adapter.send(handover)).toMatchObject({
      outcome: 'refused',
      code: 'campaign_altered',
      message: expect.stringContaining('sender'),
    });
    expect(bench.simulator.log()).toEqual([]);
  });

  test('with settings approved differently for a second message refuses that message', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const settings = { ...buildMessage().settings, trackClicks: true };
    expect(await adapter.send(bench.handoverTo(batchId, 'ben', { settings }))).toMatchObject({
      outcome: 'refused',
      code: 'campaign_altered',
      message: expect.stringContaining('link_tracking'),
    });
  });

  test('that was activated takes no more leads, for they would leave at once', async () => {
    const { adapter, batchId } = bench.setUp({ campaignFreshMs: 0 });
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const [campaign] = await bench.campaignsAt();
    await bench.api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    expect(await adapter.send(bench.handoverTo(batchId, 'ben'))).toMatchObject({
      outcome: 'refused',
      code: 'campaign_not_holding',
    });
    expect(bench.simulator.mailed().map(({ email }) => email)).toEqual(['ann@meadow.example']);
  });

  const campaignFaults: readonly (readonly [string, FaultEffect, Partial<DispatchOutcome>])[] = [
    [
      '500',
      { kind: 'status', status: 500, when: 'before_acceptance' },
      { outcome: 'released', code: 'campaign_unavailable' },
    ],
    [
      'a cut',
      { kind: 'cut', when: 'after_acceptance' },
      { outcome: 'released', code: 'campaign_unavailable' },
    ],
    ['broken JSON', { kind: 'malformed_json' }, { outcome: 'released', code: 'campaign_unavailable' }],
    [
      '429',
      { kind: 'status', status: 429, retryAfter: '9', when: 'before_acceptance' },
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 9_000 },
    ],
    [
      '401',
      { kind: 'status', status: 401, when: 'before_acceptance' },
      { outcome: 'released', code: 'provider_unauthorised', retryAfterMs: 60_000 },
    ],
  ];
  test.each(campaignFaults)(
    'that cannot be had (%s) never makes a lead unknown',
    async (_, effect, expected) => {
      const { adapter, batchId } = bench.setUp();
      bench.simulator.setFaults([{ endpoint: 'POST /campaigns', hit: 1, effect }]);
      const handover = bench.handoverTo(batchId, 'ann');
      expect(await adapter.send(handover)).toMatchObject(expected);
      expect(bench.simulator.log()).toEqual([]);
      expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
      expect(await bench.campaignsAt()).toHaveLength(1);
    },
  );
});
