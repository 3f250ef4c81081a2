// Risk: test data that our own contracts would refuse, so that suites prove things about impossible records.
import { describe, expect, test } from '@jest/globals';
import {
  buildDraft,
  buildDraftSubmission,
  buildLead,
  buildMessage,
  buildPolicy,
  sealMessage,
} from './builders.ts';
import { createIdSource } from './id-source.ts';
import { createManualClock } from './manual-clock.ts';
import { createRandom } from './randomness.ts';

describe('builders', () => {
  test('the defaults are valid records', () => {
    expect([buildLead(), buildDraftSubmission(), buildDraft(), buildPolicy()]).toHaveLength(4);
  });

  test('an impossible override is refused', () => {
    expect(() => buildPolicy({ revision: 0 })).toThrow();
    expect(() => buildMessage({ subject: 'x'.repeat(999) })).toThrow();
  });

  test('keys follow addresses and digests follow content', () => {
    const message = buildMessage({
      recipient: { email: 'Ada@North.example', name: null, company: null, linkedinUrl: null },
    });
    expect(message.recipientKey).toBe('email:ada@north.example');
    expect(buildDraft({ message }).contentDigest).toBe(sealMessage(message).contentDigest);
    expect(sealMessage({ ...message, subject: 'other' })).not.toEqual(sealMessage(message));
  });
});

describe('sources', () => {
  test('ids are valid, rising and apart by namespace', () => {
    const [one, two] = [createIdSource(1), createIdSource(2)];
    const made = Array.from({ length: 40 }, () => one.actionId());
    expect([...made].sort()).toEqual(made);
    expect(new Set([...made, two.actionId()]).size).toBe(41);
  });

  test('randomness repeats with its seed', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, createRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  test('the clock moves only when told to', () => {
    const clock = createManualClock('2026-01-05T12:00:00.000Z');
    clock.advance(1_500);
    expect([clock.nowIso(), clock.monotonicMs()]).toEqual(['2026-01-05T12:00:01.500Z', 1_500]);
    expect(() => clock.advance(-1)).toThrow(RangeError);
  });
});
