// Risk: a drill says PASS for a stop that did not stop.
import { expect, test } from '@jest/globals';
import { type DrillEvidence, judgeDrill, stopMaxMs } from './judge-drill.ts';

const good: DrillEvidence = {
  actionIds: ['act_1', 'act_2', 'act_3'],
  ...{ askedAtMs: 1_000, storedAtMs: 1_020, liftedAtMs: 5_000, waitingAtStop: 2 },
  admissions: [
    { actionId: 'act_1', atMs: 900 },
    { actionId: 'act_2', atMs: 5_001 },
    { actionId: 'act_3', atMs: 5_002 },
  ],
  providers: [
    {
      ...{ provider: 'instantly', mode: 'sandbox', paused: 1, failed: [], asked: 1 },
      at: '2026-01-05T09:00:00.000Z',
    },
  ],
  campaignsAfter: [{ name: 'caio_1', paused: true }],
  stoppedAfterCrash: true,
  refusalAfterCrash: 'halted',
  handedOver: ['act_1', 'act_2', 'act_3'],
  batchStatus: 'executed',
};
const failedBy = (change: Partial<DrillEvidence>): string[] =>
  judgeDrill({ ...good, ...change })
    .filter(({ ok }) => !ok)
    .map(({ name }) => name.split(' ').slice(0, 4).join(' '));
const [pause] = good.providers;

test('a stop that stopped passes every check', () => {
  expect(failedBy({})).toEqual([]);
});

test.each<[string, Partial<DrillEvidence>, string]>([
  ['came late', { storedAtMs: 1_001 + stopMaxMs }, 'the stop is in'],
  ['came when nothing was sent yet', { admissions: good.admissions.slice(1) }, 'the stop is in'],
  ['came when everything was sent', { waitingAtStop: 0 }, 'the stop is in'],
  [
    'let one by',
    { admissions: [...good.admissions, { actionId: 'act_9', atMs: 1_021 }] },
    'nothing is admitted while',
  ],
  ['asked no provider', { providers: [] }, 'every provider confirms that'],
  [
    'was not confirmed',
    { providers: pause === undefined ? [] : [{ ...pause, failed: [{ id: 'c', message: 'no' }] }] },
    'every provider confirms that',
  ],
  ['left a campaign going', { campaignsAfter: [{ name: 'c', paused: false }] }, 'what was mailing at'],
  ['was shown on no campaign', { campaignsAfter: [] }, 'what was mailing at'],
  ['was forgotten by a restart', { stoppedAfterCrash: false }, 'the stop outlives kill'],
  ['refused nothing after a restart', { refusalAfterCrash: null }, 'the stop outlives kill'],
  ['lost a message', { handedOver: ['act_1', 'act_2'] }, 'after it is lifted'],
  ['sent one twice', { handedOver: [...good.handedOver, 'act_1'] }, 'after it is lifted'],
  ['left the batch unfinished', { batchStatus: 'executing' }, 'after it is lifted'],
])('a stop that %s fails by name', (_what, change, name) => {
  expect(failedBy(change)).toEqual([name]);
});
