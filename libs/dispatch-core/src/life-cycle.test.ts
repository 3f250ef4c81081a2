// Risk: a transition nobody drew lets a rejected, sent or expired record come back to life.
import { actionStatusSchema, batchStatusSchema, draftStatusSchema } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  actionArrows,
  type ActionCommand,
  batchArrows,
  type BatchCommand,
  decideAction,
  decideBatch,
  decideBatchEnd,
  decideDraft,
  draftArrows,
  type DraftCommand,
} from './life-cycle.ts';

const terminal = {
  draft: ['rejected', 'expired', 'withdrawn'],
  batch: ['executed', 'partially_executed', 'failed', 'rejected', 'revoked', 'expired'],
  action: ['left', 'refused', 'blocked', 'taken_back'],
} as const;

const commands = <C extends string>(arrows: Record<C, unknown>): C[] => Object.keys(arrows) as C[];

describe('terminal states are terminal', () => {
  test.each(terminal.draft)('no command moves a %s draft', (status) => {
    for (const command of commands<DraftCommand>(draftArrows)) {
      expect(decideDraft(command, status)).toEqual({ ok: false, current: status });
    }
  });
  test.each(terminal.batch)('no command moves a %s batch', (status) => {
    for (const command of commands<BatchCommand>(batchArrows)) {
      expect(decideBatch(command, status)).toEqual({ ok: false, current: status });
    }
  });
  test.each(terminal.action)('no command moves a %s action', (status) => {
    for (const command of commands<ActionCommand>(actionArrows)) {
      expect(decideAction(command, status)).toEqual({ ok: false, current: status });
    }
  });
});

describe('any sequence of commands', () => {
  test('a draft that was rejected once never becomes approved or batched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...commands<DraftCommand>(draftArrows)), { maxLength: 40 }),
        (sequence) => {
          let status = draftStatusSchema.parse('pending');
          let rejected = false;
          for (const command of sequence) {
            const step = decideDraft(command, status);
            if (step.ok) status = step.to;
            rejected ||= status === 'rejected';
            if (rejected) expect(status).toBe('rejected');
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a batch executes at most once and only after an approval', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...commands<BatchCommand>(batchArrows)), { maxLength: 40 }),
        (sequence) => {
          let status = batchStatusSchema.parse('pending');
          let claims = 0;
          let approvals = 0;
          for (const command of sequence) {
            const step = decideBatch(command, status);
            if (!step.ok) continue;
            status = step.to;
            if (command === 'approve') approvals += 1;
            if (command === 'claim') claims += 1;
            expect(claims).toBeLessThanOrEqual(approvals);
          }
          expect(claims).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('an action that left never goes back to queued, and unknown never goes straight to sending', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...commands<ActionCommand>(actionArrows)), { maxLength: 60 }),
        (sequence) => {
          let status = actionStatusSchema.parse('frozen');
          let over = false;
          for (const command of sequence) {
            const before = status;
            const step = decideAction(command, status);
            if (step.ok) status = step.to;
            if (before === 'unknown') expect(status).not.toBe('sending');
            if (over) expect(['handed_over', 'left', 'taken_back']).toContain(status);
            over ||= status === 'handed_over' || status === 'left';
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  [{ delivered: 3, undelivered: 0 }, 'finish'],
  [{ delivered: 2, undelivered: 1 }, 'finishPartly'],
  [{ delivered: 0, undelivered: 3 }, 'fail'],
] as const)('a batch with %j ends by %s', (counts, command) => {
  expect(decideBatchEnd(counts)).toBe(command);
});
