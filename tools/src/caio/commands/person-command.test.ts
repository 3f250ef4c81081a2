// Risk: somebody who asked never to be written to is told to be waiting for a message.
import { actionNextSteps, type PersonRecord } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { actionNextStep } from './person-command.ts';

type Receipt = PersonRecord['receipts'][number];

const receipt = (outcome: Receipt['outcome']): Pick<Receipt, 'outcome'> => ({ outcome });
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
      expect(step({ suppressions: [], exclusions: [] })).toBe(actionNextSteps[outcome]);
      expect(step({ suppressions, exclusions: [] })).toMatch(/does not go out.*suppressed/);
      expect(step({ suppressions: [], exclusions })).toMatch(/does not go out.*excluded/);
    },
  );

  test('what the provider has already is said to be there, suppressed or not', () => {
    for (const outcome of ['handed_over', 'unknown', 'sending'] as const)
      expect(actionNextStep(receipt(outcome), { suppressions, exclusions })).toBe(actionNextSteps[outcome]);
  });
});
