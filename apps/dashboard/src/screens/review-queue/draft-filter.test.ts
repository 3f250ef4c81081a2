// Risk: a filter or a jump to the next card skips a draft, so that it is never reviewed.
import { draftIdSchema, type DraftSummary } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { filterDrafts, neighbourOf, noFilter } from './draft-filter.ts';

const draft = (letter: string, tier: DraftSummary['tier'], company: string): DraftSummary => ({
  draftId: draftIdSchema.parse(`drf_${letter.repeat(26)}`),
  status: 'pending',
  email: `${letter}@example.com`,
  name: letter,
  company,
  title: 'COO',
  subject: 'The weekly report',
  tier,
  createdAt: '2026-01-05T12:00:00.000Z',
});

const drafts = [
  draft('A', 'tier_1', 'Copper Lantern Media'),
  draft('B', 'tier_2', 'Larch Valley Foods'),
  draft('C', null, 'Copper Works'),
];
const found = (tier: 'any' | 'tier_1' | 'tier_4', text: string) =>
  filterDrafts(drafts, { tier, text }).map(({ name }) => name);

test('no filter hides nothing', () => {
  expect(filterDrafts(drafts, noFilter)).toEqual(drafts);
});

test.each([
  ['any', 'copper', ['A', 'C']],
  ['any', '  MEDIA copper ', ['A']],
  ['tier_1', 'copper', ['A']],
  ['any', 'weekly', ['A', 'B', 'C']],
  ['any', 'coo b@example', ['B']],
  ['tier_4', '', []],
  ['any', 'nowhere', []],
] as const)('%s and %j finds %j', (tier, text, keys) => {
  expect(found(tier, text)).toEqual(keys);
});

test.each([
  [null, 'next', 'a'],
  ['a', 'next', 'b'],
  ['c', 'next', null],
  ['a', 'previous', null],
  ['gone', 'next', 'a'],
] as const)('from %s %s is %s', (current, step, expected) => {
  expect(neighbourOf(['a', 'b', 'c'], current, step)).toBe(expected);
});

test('an empty list has no next card', () => {
  expect(neighbourOf([], null, 'next')).toBeNull();
});
