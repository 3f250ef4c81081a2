// Risk: a batch takes people it must not, twice, or leaves some out without saying why.
import { draftIdSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideScope, type ScopeCandidate } from './batch-scope.ts';

const candidate = (number: number, overrides: Partial<ScopeCandidate> = {}): ScopeCandidate => ({
  draftId: draftIdSchema.parse(`drf_${String(number).padStart(26, '0')}`),
  email: `p${number}@acme.example`,
  tier: 'tier_1',
  channel: 'email',
  route: 'cold_email',
  personKeys: [`email:p${number}@acme.example`],
  approvedAtMs: number,
  textKey: `text ${number}`,
  companyKey: 'acme.example',
  suppressed: false,
  excluded: false,
  routeAllowed: true,
  personInFlight: false,
  headerTextEncoded: false,
  ...overrides,
});
const rules = { tiersAllowed: { email: ['tier_1', 'tier_2'], linkedin: ['tier_1'] }, sizeMax: 3 } as const;
const reasons = (candidates: ScopeCandidate[]): string[] =>
  decideScope(candidates, rules).leftOut.map(({ reason }) => reason);

test.each([
  ['suppressed', { suppressed: true }],
  ['excluded', { excluded: true }],
  ['encoded_header_text', { headerTextEncoded: true }],
  ['route_forbidden', { routeAllowed: false }],
  ['tier_not_allowed', { tier: 'tier_3' }],
  ['tier_not_allowed', { tier: null }],
  ['tier_not_allowed', { tier: 'tier_2', channel: 'linkedin', route: 'cold_linkedin' }],
  ['person_in_flight', { personInFlight: true }],
] as const)('%s keeps a draft out', (reason, overrides) => {
  expect(reasons([candidate(1, overrides)])).toEqual([reason]);
});

test('one person, one message: the later of two drafts to the same profile stays out', () => {
  const shared = 'linkedin:jo-fields';
  const { included, leftOut } = decideScope(
    [
      candidate(2, { personKeys: ['email:b@acme.example', shared] }),
      candidate(1, { personKeys: ['email:a@acme.example', shared] }),
    ],
    rules,
  );
  expect(included.map(({ email }) => email)).toEqual(['p1@acme.example']);
  expect(leftOut.map(({ reason }) => reason)).toEqual(['person_twice_in_batch']);
});

test('the same text to a colleague stays out, the same text to another company does not', () => {
  expect(reasons([candidate(1, { textKey: 't' }), candidate(2, { textKey: 't' })])).toEqual([
    'same_text_to_colleague',
  ]);
  expect(
    reasons([candidate(1, { textKey: 't' }), candidate(2, { textKey: 't', companyKey: 'other.example' })]),
  ).toEqual([]);
});

test('no candidates is an empty batch, and nobody is lost between included and left out', () => {
  expect(decideScope([], rules)).toEqual({ included: [], leftOut: [] });
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          suppressed: fc.boolean(),
          excluded: fc.boolean(),
          tier: fc.constantFrom('tier_1', 'tier_3', null),
          approvedAtMs: fc.integer({ min: 0, max: 5 }),
        }),
        { maxLength: 12 },
      ),
      (list) => {
        const candidates = list.map((overrides, index) => candidate(index, overrides));
        const { included, leftOut } = decideScope(candidates, rules);
        expect([...included, ...leftOut].map(({ draftId }) => draftId).sort()).toEqual(
          candidates.map(({ draftId }) => draftId).sort(),
        );
        expect(included.length).toBeLessThanOrEqual(rules.sizeMax);
        expect(included.some((item) => item.suppressed || item.excluded || item.tier !== 'tier_1')).toBe(
          false,
        );
      },
    ),
  );
});
