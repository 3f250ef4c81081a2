// Risk: a store script decides something else than the life cycle that people are told, in an order of events nobody wrote a test for.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGateFixture, type GateFixture } from '../gate-fixture.ts';
import { checkOperations } from './check-operations.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

/** What has to have happened, or nothing was proven about it. */
const neededAnswers = [
  ...[
    'submit: accepted',
    'submit: duplicate',
    'submit: excluded',
    'submit: disqualified',
    'freeze: draft_moved',
  ],
  ...[
    'decide: done',
    'decide: stale_digest',
    'decide: state_conflict',
    'claim: claimed',
    'claim: hash_mismatch',
  ],
  ...['claim: halted', 'admit: admitted', 'admit: halted', 'admit: fence_lost', 'admit: batch_expired'],
  ...['admit: content_mismatch', 'admit: suppressed', 'admit: excluded'],
  ...['admit: person_in_flight', 'admit: mode_changed', 'admit: policy_changed', 'admit: tier_not_allowed'],
  ...['admit: not_allow_listed', 'admit: outside_window', 'admit: cap_domain', 'admit: clock_skew'],
  ...[
    'settle: settled',
    'settle: not_mine',
    'lose: lost',
    'adopt: adopted',
    'takeBack: done',
    'repeatAdmit: admitted',
  ],
];

test('the stores and the model agree about every answer and everything stored, after every one of thousands of operations', async () => {
  const report = await checkOperations({ fixture, operations: 3_500, seed: 5 });
  expect(report.story).toBeNull();
  expect(neededAnswers.filter((answer) => report.reached[answer] === undefined)).toEqual([]);
}, 60_000);
