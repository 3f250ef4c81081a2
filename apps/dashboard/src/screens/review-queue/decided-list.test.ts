// Risk: after a decision the list shows a draft that is decided, or loses one that is not.
import { draftIdSchema, type DraftSummaryList, type Draft, type DraftStatus } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { withDecided } from './decided-list.ts';

const id = (letter: string) => draftIdSchema.parse(`drf_${letter.repeat(26)}`);
const list: DraftSummaryList = {
  drafts: ['A', 'B', 'C'].map((letter) => ({
    draftId: id(letter),
    status: 'pending',
    email: `${letter}@example.com`,
    name: null,
    company: null,
    title: null,
    subject: 'Reports',
    tier: null,
    createdAt: '2026-01-05T12:00:00.000Z',
  })),
  nextCursor: null,
  counts: { pending: 3, approved: 4 },
};
/** As much of a draft as a decision is told by. */
const decided = (letter: string, status: DraftStatus, subject = 'Reports'): Draft =>
  ({ draftId: id(letter), status, message: { subject } }) as Draft;
const shown = ({ drafts, counts }: DraftSummaryList) => [drafts.map(({ draftId }) => draftId[4]), counts];

test('a draft that is decided is gone and counted where it is now', () => {
  expect(shown(withDecided(list, decided('B', 'approved')))).toEqual([
    ['A', 'C'],
    { pending: 2, approved: 5 },
  ]);
  expect(shown(withDecided(list, decided('A', 'parked')))).toEqual([
    ['B', 'C'],
    { pending: 2, approved: 4, parked: 1 },
  ]);
});

test('an edit leaves it where it is, with its new subject', () => {
  const edited = withDecided(list, decided('B', 'pending', 'Other'));
  expect(edited.drafts.map(({ subject }) => subject)).toEqual(['Reports', 'Other', 'Reports']);
  expect(edited.counts).toBe(list.counts);
});

test('a draft of another list changes nothing', () => {
  expect(withDecided(list, decided('Z', 'approved'))).toBe(list);
});
