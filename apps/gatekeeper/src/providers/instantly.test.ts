// Risk: claiming, or denying, that Instantly has a message without proof; sending twice, or to the wrong person.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@caio/contracts';
import { buildMessage, waitFor } from '@caio/test-kit';
import {
  onLead,
  queryOf,
  openInstantlyWorkbench,
  type InstantlyWorkbench,
} from '../testing/instantly-workbench.ts';
import { campaignPayloadOf } from './instantly/payload.ts';

let bench: InstantlyWorkbench;
beforeAll(async () => {
  bench = await openInstantlyWorkbench(23);
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('a person Instantly already has', () => {
  test('from an earlier campaign is a refusal and gets nothing again', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    expect(await adapter.send(bench.handoverTo(bench.ids.batchId(), 'ann'))).toMatchObject({
      outcome: 'refused',
      code: 'already_at_provider',
    });
    expect(bench.simulator.log()).toHaveLength(1);
  });

  test('is written to again by a later step of a cadence, but once per batch', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const step = { motion: 'cadence', subject: 'Second step' } as const;
    const second = bench.ids.batchId();
    expect(await adapter.send(bench.handoverTo(second, 'ann', step))).toMatchObject({ outcome: 'accepted' });
    expect(await adapter.send(bench.handoverTo(second, 'ann', step))).toMatchObject({
      outcome: 'refused',
      code: 'already_at_provider',
    });
    expect(bench.simulator.log()).toHaveLength(2);
  });

  test('from our own lost answer is recognised as this very hand-over', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    bench.simulator.setFaults([onLead({ kind: 'cut', when: 'after_acceptance' }, { hit: 1 })]);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'accepted' });
    expect(bench.simulator.log()).toHaveLength(1);
  });

  test('with our action and other words is a mismatch, not a success', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    bench.simulator.setFaults([onLead({ kind: 'alter', body: 'Hello' }, { hit: 1 })]);
    await adapter.send(handover);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown', code: 'read_back_mismatch' });
  });

  test('and does not show is unknown', async () => {
    const { adapter, batchId } = bench.setUp();
    bench.simulator.setFaults([onLead({ kind: 'hide', visibilityMs: 600_000 })]);
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    expect(await adapter.send(handover)).toMatchObject({ outcome: 'unknown', code: 'skipped_but_absent' });
  });
});

describe('what Instantly would not carry as approved', () => {
  const settings = buildMessage().settings;
  const rows: readonly (readonly [string, Partial<Message>])[] = [
    ['channel_unsupported', { channel: 'linkedin' }],
    ['follow_ups_unsupported', { settings: { ...settings, followUps: 2 } }],
    ['header_unsupported', { headers: { 'X-Campaign': 'spring' } }],
    ['template_syntax', { subject: 'Hello {{firstName}}' }],
    ['template_syntax', { body: 'It costs }} nothing' }],
    ['encoded_header_text', { subject: '=?utf-8?b?SGVsbG8=?=' }],
    [
      'timezone_unsupported',
      { settings: { ...settings, schedule: { ...settings.schedule, timezone: 'Mars/Base' } } },
    ],
    ['schedule_has_no_days', { settings: { ...settings, schedule: { ...settings.schedule, days: [] } } }],
  ];

  test.each(rows)('%s is refused before anything is written', async (code, overrides) => {
    const { adapter, batchId } = bench.setUp();
    const calls = bench.simulator.calls();
    expect(await adapter.send(bench.handoverTo(batchId, 'ann', overrides))).toMatchObject({
      outcome: 'refused',
      code,
    });
    expect(bench.simulator.calls()).toEqual(calls);
  });

  test('unsubscribe headers are left to the vendor', async () => {
    const { adapter, batchId } = bench.setUp();
    const headers = { 'List-Unsubscribe': '<https://links.example/u/1>', 'list-unsubscribe-post': 'x' };
    expect(await adapter.send(bench.handoverTo(batchId, 'ann', { headers }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(await bench.api('GET', '/campaigns?limit=1')).toMatchObject({
      items: [{ insert_unsubscribe_header: true }],
    });
  });

  test('a hand-over past its deadline makes no call at all, not even for a campaign', async () => {
    const { adapter, batchId } = bench.setUp();
    const calls = bench.simulator.calls();
    const late = { ...bench.handoverTo(batchId, 'ann'), sendDeadlineMs: bench.clock.monotonicMs() };
    expect(await adapter.send(late)).toMatchObject({ outcome: 'released', code: 'deadline_passed' });
    expect(bench.simulator.calls()).toEqual(calls);
  });

  test('a deadline that passes while the campaign is made keeps the lead here', async () => {
    let nowMs = 0;
    const { adapter, batchId } = bench.setUp({ monotonicMs: () => nowMs });
    const handover = { ...bench.handoverTo(batchId, 'ann'), sendDeadlineMs: 1_000 };
    bench.simulator.setFaults([{ endpoint: 'POST /campaigns', effect: { kind: 'delay', delayMs: 50 } }]);
    const sending = adapter.send(handover);
    const made = bench.simulator.calls()['POST /campaigns'] + 1;
    await waitFor(() => bench.simulator.calls()['POST /campaigns'] >= made, {
      timeoutMs: 5_000,
      describe: 'the campaign',
    });
    nowMs = 1_000;
    expect(await sending).toMatchObject({ outcome: 'released', code: 'deadline_passed' });
    expect(bench.simulator.log()).toEqual([]);
  });
});

describe('taking back and stopping', () => {
  test('what was mailed cannot be taken back and stays visible as mailed', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    const [campaign] = await bench.campaignsAt();
    await bench.api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'already_mailed' });
    const found = await adapter.find([queryOf(handover)]);
    expect(found.get(handover.actionId)).toMatchObject({ state: 'present', mailed: true });
  });

  test('what was mailed while it was being taken back is told from what was stopped', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    bench.simulator.setFaults([{ endpoint: 'DELETE /leads/:id', effect: { kind: 'mail_first' } }]);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'already_mailed' });
  });

  test('a removal that Instantly does not carry out is not reported as done', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    bench.simulator.setFaults([{ endpoint: 'DELETE /leads/:id', effect: { kind: 'status', status: 500 } }]);
    expect(await adapter.takeBack(queryOf(handover))).toMatchObject({ ok: false, code: 'still_present' });
  });

  test('a removal whose answer is lost counts by what is read back', async () => {
    const { adapter, batchId } = bench.setUp();
    const handover = bench.handoverTo(batchId, 'ann');
    await adapter.send(handover);
    bench.simulator.setFaults([
      { endpoint: 'DELETE /leads/:id', effect: { kind: 'cut', when: 'after_acceptance' } },
    ]);
    expect(await adapter.takeBack(queryOf(handover))).toEqual({ ok: true, readBack: 'absent' });
  });

  test('pauseAll stops this environment’s campaigns, confirms each and names those it could not', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    await adapter.send({ ...bench.handoverTo(batchId, 'ben'), tier: 'tier_2' });
    await adapter.send({ ...bench.handoverTo(batchId, 'cat'), tier: 'tier_3' });
    const other = bench.startAdapter({ environment: 'test-2' });
    await other.send(bench.handoverTo(bench.ids.batchId(), 'dan'));
    const campaigns = await bench.campaignsAt();
    for (const { id, name } of campaigns) {
      if (!name.includes('tier_3')) await bench.api('POST', `/campaigns/${id}/activate`);
    }
    bench.simulator.setFaults([
      { endpoint: 'POST /campaigns/:id/pause', hit: 2, effect: { kind: 'status', status: 500 } },
    ]);
    const report = await adapter.pauseAll({ correlationId: bench.ids.correlationId() });
    const second = campaigns.find(({ name }) => name.includes('tier_2'));
    expect(report).toEqual({
      paused: 1,
      failed: [{ id: second?.id, message: expect.stringContaining('500') }],
    });
    const after = (await bench.campaignsAt()).map(
      ({ name, status }) => `${name.split('_').slice(1, 2).join()} ${status}`,
    );
    expect(after.sort()).toEqual(['test 0', 'test 1', 'test 2', 'test-2 1']);
  });

  test('pauseAll takes a pause that changed nothing for what it is', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const [campaign] = await bench.campaignsAt();
    await bench.api('POST', `/campaigns/${campaign?.id ?? ''}/activate`);
    bench.simulator.setFaults([{ endpoint: 'POST /campaigns/:id/pause', effect: { kind: 'ignore' } }]);
    const report = await adapter.pauseAll({ correlationId: bench.ids.correlationId() });
    expect(report).toMatchObject({ paused: 0, failed: [{ id: campaign?.id }] });
  });

  test('pauseAll leaves a stranger’s campaign alone, whatever its name contains', async () => {
    const { adapter, batchId } = bench.setUp();
    const { message } = bench.handoverTo(batchId, 'ann');
    const stranger = await bench.api('POST', '/campaigns', campaignPayloadOf('copy of caio_test_1', message));
    await bench.api('POST', `/campaigns/${String(stranger['id'])}/activate`);
    expect(await adapter.pauseAll({ correlationId: bench.ids.correlationId() })).toEqual({
      paused: 0,
      failed: [],
    });
    expect(await bench.api('DELETE', `/campaigns/${String(stranger['id'])}`)).toMatchObject({ status: 1 });
  });

  test('pauseAll that cannot see the campaigns does not report success', async () => {
    const { adapter } = bench.setUp();
    bench.simulator.setFaults([{ endpoint: 'GET /campaigns', effect: { kind: 'status', status: 401 } }]);
    const report = await adapter.pauseAll({ correlationId: bench.ids.correlationId() });
    expect(report).toMatchObject({ paused: 0, failed: [{ message: expect.stringContaining('401') }] });
  });
});

describe('mode and address', () => {
  test.each([
    ['sandbox', 'https://api.instantly.ai', 'must not use'],
    ['live', 'http://127.0.0.1:9', 'needs https'],
    ['live', 'http://api.instantly.ai', 'needs https'],
    ['allow-list', 'https://api.instantly.example', 'needs https'],
  ] as const)('%s with %s is refused at the start', (mode, baseUrl, message) => {
    expect(() => bench.setUp({ mode, baseUrl })).toThrow(message);
  });
});
