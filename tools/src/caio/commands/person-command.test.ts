// Risk: somebody who asked never to be written to is told to be waiting for a message.
import { actionNextSteps, batchIdSchema, draftNextSteps, type PersonRecord } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { actionNextStep, draftNextStep } from './person-command.ts';

type Receipt = PersonRecord['receipts'][number];

const batchId = batchIdSchema.parse('bat_01M7W317HB9KBPARJG0TZ53QRE');
const receipt = (outcome: Receipt['outcome']): Pick<Receipt, 'outcome' | 'batchId'> => ({
  outcome,
  batchId,
});
const suppressions: PersonRecord['suppressions'] = [
  {
    personKey: 'email:ines.varga@larkspur-agency.example',
    reason: 'manual',
    source: 'caio',
    at: '2026-01-05T12:00:00.000Z',
    by: 'ada',
  },
];
const exclusions: PersonRecord['exclusions'] = [
  {
    key: 'domain:larkspur-agency.example',
    kind: 'customer',
    note: '',
    source: 'caio',
    at: '2026-01-05T12:00:00.000Z',
    by: 'ada',
  },
];

describe('what caio where says is next with an action', () => {
  test.each(['frozen', 'queued'] as const)(
    '%s: it goes out only if the person may be written to',
    (outcome) => {
      const step = (record: Parameters<typeof actionNextStep>[1]) => actionNextStep(receipt(outcome), record);
      expect(step({ suppressions: [], exclusions: [], batches: [] })).toBe(actionNextSteps[outcome]);
      expect(step({ suppressions, exclusions: [], batches: [] })).toMatch(/does not go out.*suppressed/);
      expect(step({ suppressions: [], exclusions, batches: [] })).toMatch(/does not go out.*excluded/);
    },
  );

  test('what the provider has already is said to be there, suppressed or not', () => {
    for (const outcome of ['handed_over', 'unknown', 'sending'] as const)
      expect(actionNextStep(receipt(outcome), { suppressions, exclusions, batches: [] })).toBe(
        actionNextSteps[outcome],
      );
  });

  test('what stayed in a batch that was ended is not said to wait', () => {
    const batch = (status: PersonRecord['batches'][number]['status']) => ({
      ...{ suppressions: [], exclusions: [] },
      batches: [{ batchId, status, expiresAt: '2026-01-05T12:00:00.000Z', approvedBy: null }],
    });
    expect(actionNextStep(receipt('frozen'), batch('rejected'))).toMatch(
      /^It was not sent: its batch is rejected\./,
    );
    expect(actionNextStep(receipt('frozen'), batch('pending'))).toBe(actionNextSteps.frozen);
  });
});

describe('what caio where says is next with a draft', () => {
  test.each(['pending', 'parked', 'approved'] as const)(
    '%s: whoever may not be written to is never said to wait for a review',
    (status) => {
      expect(draftNextStep(status, { suppressions: [], exclusions: [] })).toBe(draftNextSteps[status]);
      expect(draftNextStep(status, { suppressions, exclusions })).toMatch(/Nothing goes out.*suppressed/);
      expect(draftNextStep(status, { suppressions: [], exclusions })).toMatch(/Nothing goes out.*excluded/);
    },
  );

  test('one that ended is left at that', () => {
    expect(draftNextStep('rejected', { suppressions, exclusions })).toBe(draftNextSteps.rejected);
  });
});
