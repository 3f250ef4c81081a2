// Risk: an empty queue sends its reader away while somebody waits for them.
import { queueStatusSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import type { DeskStatus } from '../../api/desk-api.ts';
import { nextActorOf } from './next-actor.ts';

const status = (drafts: Record<string, number>, more: Partial<DeskStatus> = {}): DeskStatus => ({
  ...queueStatusSchema.parse({
    drafts,
    oldestPendingAt: null,
    halt: { active: false, stored: false, environment: false, by: null, reason: null, at: null, also: [] },
    recovering: false,
    deliveryModes: { email: 'log-only' },
    environment: 'local',
    policyVersion: 'p',
    copyPackVersion: 'p',
    jobs: {},
  }),
  ...more,
});

test.each([
  [{ pending: 1, approved: 3 }, 'reviewer', '1 draft waits for a review.'],
  [{ pending: 0, approved: 3 }, 'operator', '3 approved drafts wait to be frozen into a batch.'],
  [{ batched: 2 }, 'approver', '2 drafts are in batches; look there whether one waits for approval.'],
  [{ parked: 4 }, 'reviewer', '4 drafts are parked by a guard: edit or reject them.'],
  [{}, 'nobody', 'Nothing waits for anybody. New drafts come with the next lead file.'],
])('%j is for the %s', (drafts, who, sentence) => {
  expect(nextActorOf(status(drafts))).toEqual({ who, sentence });
});

test('messages of unknown fate come before everything that waits', () => {
  const unknown = { count: 1, longest: [] };
  expect(nextActorOf(status({ pending: 5 }, { unknown })).who).toBe('operator');
});

test('what the gate says counts', () => {
  const nextActor = { who: 'approver', sentence: 'A batch waits.' } as const;
  expect(nextActorOf(status({ pending: 5 }, { nextActor }))).toEqual(nextActor);
});
