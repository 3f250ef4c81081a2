// Risk: an answer taken for more, or for less, than it proves about a message that may have left.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DispatchOutcome } from '@caio/contracts';
import { freePort, type Fault } from '@caio/test-kit';
import {
  onLead,
  openInstantlyWorkbench,
  type InstantlyWorkbench,
} from '../../testing/instantly-workbench.ts';

let bench: InstantlyWorkbench;
beforeAll(async () => {
  bench = await openInstantlyWorkbench(21);
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('what an answer to a posted lead comes to', () => {
  const status = (code: number, more: object = {}): Fault['effect'] => ({
    kind: 'status',
    status: code,
    ...more,
  });
  const rows: readonly (readonly [string, Fault['effect'], Partial<DispatchOutcome>, number])[] = [
    ['400', status(400), { outcome: 'refused', code: 'provider_invalid_request' }, 0],
    ...([401, 403] as const).map(
      (code) =>
        [
          String(code),
          status(code),
          { outcome: 'released', code: 'provider_unauthorised', retryAfterMs: 60_000 },
          0,
        ] as const,
    ),
    ['402', status(402), { outcome: 'released', code: 'provider_payment_required', retryAfterMs: 60_000 }, 0],
    ['404', status(404), { outcome: 'refused', code: 'provider_not_found' }, 0],
    ['422', status(422), { outcome: 'refused', code: 'provider_unprocessable' }, 0],
    ['another 4xx', status(418), { outcome: 'refused', code: 'provider_refused' }, 0],
    ['408', status(408), { outcome: 'unknown', code: 'provider_timeout' }, 0],
    [
      '429 with seconds',
      status(429, { retryAfter: '30' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 30_000 },
      0,
    ],
    [
      '429 with a date',
      status(429, { retryAfter: 'Mon, 05 Jan 2026 12:01:00 GMT' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 60_000 },
      0,
    ],
    [
      '429 with nonsense',
      status(429, { retryAfter: 'soon' }),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 5_000 },
      0,
    ],
    [
      '429 alone',
      status(429),
      { outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 5_000 },
      0,
    ],
    ['a redirect', status(302), { outcome: 'unknown', code: 'provider_unexpected_status' }, 0],
    ['500', status(500), { outcome: 'unknown', code: 'provider_failed' }, 0],
    [
      '503 though it was taken',
      status(503, { when: 'after_acceptance' }),
      { outcome: 'unknown', code: 'provider_failed' },
      1,
    ],
    [
      'a cut before acceptance',
      { kind: 'cut', when: 'before_acceptance' },
      { outcome: 'unknown', code: 'connection_lost' },
      0,
    ],
    [
      'a cut after acceptance',
      { kind: 'cut', when: 'after_acceptance' },
      { outcome: 'unknown', code: 'connection_lost' },
      1,
    ],
    ['half an answer', { kind: 'partial' }, { outcome: 'unknown', code: 'connection_lost' }, 1],
    ['broken JSON', { kind: 'malformed_json' }, { outcome: 'unknown', code: 'answer_not_json' }, 1],
    ['a web page', { kind: 'wrong_content_type' }, { outcome: 'unknown', code: 'answer_wrong_type' }, 1],
    ['an endless answer', { kind: 'oversized' }, { outcome: 'unknown', code: 'answer_too_large' }, 1],
    [
      'success that is not shown yet',
      { kind: 'hide', visibilityMs: 600_000 },
      { outcome: 'unknown', code: 'read_back_absent' },
      1,
    ],
    [
      'another subject',
      { kind: 'alter', subject: 'Act now!' },
      { outcome: 'unknown', code: 'read_back_mismatch' },
      1,
    ],
    ['another text', { kind: 'alter', body: 'Hello' }, { outcome: 'unknown', code: 'read_back_mismatch' }, 1],
    [
      'another recipient',
      { kind: 'alter', email: 'x@north.example' },
      { outcome: 'unknown', code: 'read_back_mismatch' },
      1,
    ],
  ];

  test.each(rows)('%s', async (_, effect, expected, handedOver) => {
    const { adapter, batchId } = bench.setUp();
    bench.simulator.setFaults([onLead(effect)]);
    const outcome = await adapter.send(bench.handoverTo(batchId, 'ann'));
    expect(outcome).toMatchObject(expected);
    expect(bench.simulator.log()).toHaveLength(handedOver);
  });

  test('the vendor’s words are passed on without the addresses in them', async () => {
    const { adapter, batchId } = bench.setUp();
    const message = 'ann@meadow.example is on the blocklist';
    bench.simulator.setFaults([onLead({ kind: 'status', status: 422, message })]);
    expect(await adapter.send(bench.handoverTo(batchId, 'ann'))).toMatchObject({
      message: 'Instantly answered 422: [address] is on the blocklist',
    });
  });

  test.each([
    ['before_acceptance', 0],
    ['after_acceptance', 1],
  ] as const)('silence (%s) is unknown once the time is up', async (when, handedOver) => {
    const { adapter, batchId } = bench.setUp({ timeoutMs: 750 });
    bench.simulator.setFaults([onLead({ kind: 'hang', when })]);
    expect(await adapter.send(bench.handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'unknown',
      code: 'timeout',
    });
    expect(bench.simulator.log()).toHaveLength(handedOver);
  });

  test.each([
    ['fails', { kind: 'status', status: 503 }],
    ['is a web page', { kind: 'wrong_content_type' }],
  ] as const)('a read-back that %s leaves the lead unknown, never accepted', async (_, effect) => {
    const { adapter, batchId } = bench.setUp();
    bench.simulator.setFaults([{ endpoint: 'POST /leads/list', effect }]);
    expect(await adapter.send(bench.handoverTo(batchId, 'ann'))).toMatchObject({
      outcome: 'unknown',
      code: 'read_back_unreadable',
    });
  });

  test('nobody answering at the address is a release: no byte was sent', async () => {
    const { adapter, batchId } = bench.setUp();
    await adapter.send(bench.handoverTo(batchId, 'ann'));
    const gone = bench.startAdapter({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    expect(await gone.send(bench.handoverTo(batchId, 'ben'))).toMatchObject({
      outcome: 'released',
      code: 'campaign_unavailable',
    });
  });
});
