// Risk: an empty screen sends its reader away while somebody waits for them.
import { expect, test } from '@jest/globals';
import { decideNextActor, type Waiting } from './next-actor.ts';

const nothing: Waiting = {
  ...{ halted: false, recovering: false, drafts: {}, pendingBatches: 0, approvedBatches: 0 },
  ...{ unknown: 0, queued: 0 },
};
const everything: Waiting = {
  ...{ halted: true, recovering: true, drafts: { pending: 1, approved: 2, parked: 3 } },
  ...{ pendingBatches: 4, approvedBatches: 1, unknown: 2, queued: 1 },
};

const steps: Partial<Waiting>[] = [];

test.each<[Partial<Waiting>, string, string | null, string]>([
  [{}, 'operator', null, 'Everything is stopped. Somebody permitted has to lift the stop.'],
  [{ halted: false }, 'operator', 'system', 'Of 2 messages nobody knows whether it was sent.'],
  [{ unknown: 0 }, 'nobody', null, 'The store came back'],
  [{ recovering: false }, 'approver', 'batches', '4 batches wait for an approval.'],
  [{ pendingBatches: 0 }, 'operator', 'batches', '1 approved batch waits to be executed.'],
  [{ approvedBatches: 0 }, 'reviewer', 'review', '1 draft waits for a review.'],
  [
    { drafts: { approved: 2, parked: 3 } },
    'operator',
    'batches',
    '2 approved drafts wait to be frozen into a batch.',
  ],
  [{ drafts: { parked: 3 } }, 'nobody', null, '1 message goes out'],
  [{ queued: 0 }, 'reviewer', 'parked', '3 drafts are parked: edit, reject or withdraw them.'],
  [{ drafts: {} }, 'nobody', null, 'Nothing waits for anybody.'],
])('step by step, without %j as well: %s', (removed, who, page, sentence) => {
  steps.push(removed);
  const waiting = steps.reduce<Waiting>((left, step) => ({ ...left, ...step }), everything);
  expect(decideNextActor(waiting)).toEqual({ who, page, sentence: expect.stringContaining(sentence) });
});
test('nothing at all is nobody’s turn', () => {
  expect(decideNextActor(nothing).who).toBe('nobody');
});
