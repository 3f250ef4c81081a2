// Risk: a day counts as clean that was not, one that nobody sent on takes something away, or the ramp ends too soon.
import { type RampDay, type RampDayFacts, rampReasons } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countCleanDays, dayBefore, dropBackReasons, growthOn, judgeRampDay } from './ramp.ts';

const nothing: RampDayFacts = {
  ...{ day: '2026-03-02', admitted: 0, handedOver: 0, left: 0, leftLive: 0, refused: 0, released: 0 },
  ...{ takenBack: 0, becameUnknown: 0, bounces: 0, complaints: 0, optOuts: 0, halts: 0, stopped: false },
  ...{ draftsApproved: 0, draftsRejected: 0, unknownAtEnd: 0, unreviewedAtEnd: 0, lateBounces: 0 },
};
const judged = (facts: Partial<RampDayFacts>, when: 'open' | 'over' = 'over'): RampDay =>
  judgeRampDay({ ...nothing, ...facts }, when);

describe('a day', () => {
  test.each<[string, Partial<RampDayFacts>, RampDay['status'], string[]]>([
    ['one live message left', { left: 1, leftLive: 1 }, 'clean', []],
    [
      'opt-outs and refusals are what people and providers may say',
      { leftLive: 3, optOuts: 2, refused: 1 },
      'clean',
      [],
    ],
    ['messages to listed recipients alone', { left: 4 }, 'missed', []],
    ['nothing left', {}, 'missed', []],
    ['nothing left and drafts wait', { unreviewedAtEnd: 3 }, 'missed', ['unreviewed']],
    ['a bounce', { leftLive: 2, bounces: 1 }, 'not_clean', ['bounce']],
    ['a bounce that came later', { leftLive: 2, lateBounces: 1 }, 'not_clean', ['bounce']],
    ['a complaint', { leftLive: 2, complaints: 1 }, 'not_clean', ['complaint']],
    ['a stop', { leftLive: 2, stopped: true }, 'not_clean', ['halt']],
    ['a stop on a day without sends', { stopped: true }, 'not_clean', ['halt']],
    ['an unknown', { leftLive: 2, unknownAtEnd: 1 }, 'not_clean', ['unknown']],
    ['a draft nobody decided about', { leftLive: 2, unreviewedAtEnd: 1 }, 'not_clean', ['unreviewed']],
    [
      'everything at once',
      { leftLive: 1, bounces: 1, complaints: 1, stopped: true, unknownAtEnd: 1, unreviewedAtEnd: 1 },
      'not_clean',
      [...rampReasons],
    ],
  ])('with %s', (_name, facts, status, reasons) => {
    expect(judged(facts)).toMatchObject({ status, reasons });
  });

  test('that is not over is open, and says what speaks against it already', () => {
    expect(judged({ leftLive: 1, bounces: 1 }, 'open')).toMatchObject({
      status: 'open',
      reasons: ['bounce'],
    });
  });
});

const ramp = {
  ...{ enabled: true, emailPerDay: 5, tiers: ['tier_1' as const] },
  ...{ cleanDaysRequired: 3, lookbackDays: 45, dropsBackOn: [...rampReasons] },
};
const today = '2026-04-20';
const cleanOn = (ago: number): RampDay => judged({ day: dayBefore(today, ago), leftLive: 1 });

test('three clean days within the last 45 are enough, whatever days lie between them', () => {
  const between = [
    judged({ day: dayBefore(today, 4) }),
    judged({ day: dayBefore(today, 3), leftLive: 1, bounces: 1 }),
  ];
  expect(countCleanDays(ramp, [cleanOn(1), ...between, cleanOn(9), cleanOn(45)], today, null)).toEqual({
    since: dayBefore(today, 45),
    found: [dayBefore(today, 45), dayBefore(today, 9), dayBefore(today, 1)],
    lacking: 0,
  });
  expect(countCleanDays(ramp, [cleanOn(1), cleanOn(9), cleanOn(46)], today, null).lacking).toBe(1);
});

test('today never counts, and after the ramp came back only later days do', () => {
  const days = [cleanOn(0), cleanOn(2), cleanOn(5), cleanOn(8)];
  expect(countCleanDays(ramp, days, today, null).found).toHaveLength(3);
  expect(countCleanDays(ramp, days, today, dayBefore(today, 5))).toMatchObject({
    since: dayBefore(today, 4),
    found: [dayBefore(today, 2)],
    lacking: 2,
  });
});

test('days that are not clean never change how many others count', () => {
  const day = fc.record({
    ago: fc.integer({ min: 1, max: 60 }),
    clean: fc.boolean(),
    leftLive: fc.integer({ min: 0, max: 2 }),
    bounces: fc.integer({ min: 0, max: 1 }),
    stopped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(day, { selector: ({ ago }) => ago, maxLength: 60 }), (all) => {
      const days = all.map(({ ago, clean, ...facts }) =>
        clean ? cleanOn(ago) : judged({ day: dayBefore(today, ago), ...facts }),
      );
      const alone = days.filter(({ status }) => status === 'clean');
      expect(countCleanDays(ramp, days, today, null)).toEqual(countCleanDays(ramp, alone, today, null));
    }),
    { numRuns: 100 },
  );
});

test('only what the policy names brings the ramp back, and never a missed day', () => {
  const bad = judged({ leftLive: 1, bounces: 1, unreviewedAtEnd: 1 });
  expect(dropBackReasons(ramp, bad)).toEqual(['bounce', 'unreviewed']);
  expect(dropBackReasons({ ...ramp, dropsBackOn: ['halt', 'bounce'] }, bad)).toEqual(['bounce']);
  expect(dropBackReasons({ ...ramp, dropsBackOn: [] }, bad)).toEqual([]);
  expect(dropBackReasons(ramp, judged({ unreviewedAtEnd: 5 }))).toEqual([]);
});

describe('growth', () => {
  const perDay = {
    perHour: 10,
    perDay: 10,
    perMonth: 300,
    perDomainPerDay: 3,
    perMailboxPerDay: 10,
    gapSeconds: 45,
  };
  const caps = { email: perDay, linkedin: perDay };
  const steps = [
    { approvedShareMin: 0.7, emailPerDay: 15 },
    { approvedShareMin: 0.85, emailPerDay: 25 },
  ];
  const growth = { lookbackDays: 10, decisionsMin: 20, steps };
  const reviewed = (ago: number, draftsApproved: number, draftsRejected: number): RampDay =>
    judged({ day: dayBefore(today, ago), draftsApproved, draftsRejected });
  const grown = (...days: RampDay[]) => growthOn({ caps, growth }, days, today);

  test('follows the share of approved drafts, step by step', () => {
    expect(grown(reviewed(1, 13, 7))).toEqual({ approvedShare: 0.65, decisions: 20, emailPerDay: 10 });
    expect(grown(reviewed(1, 7, 3), reviewed(2, 7, 3))?.emailPerDay).toBe(15);
    expect(grown(reviewed(1, 17, 3))?.emailPerDay).toBe(25);
  });
  test('waits for enough decisions, and looks back no further than it says', () => {
    expect(grown(reviewed(1, 19, 0))?.emailPerDay).toBe(10);
    expect(grown(reviewed(1, 19, 0), reviewed(11, 50, 0), reviewed(0, 50, 0))?.emailPerDay).toBe(10);
    expect(grown()).toEqual({ approvedShare: null, decisions: 0, emailPerDay: 10 });
  });
  test('is nothing where the policy has none', () => {
    expect(growthOn({ caps }, [reviewed(1, 50, 0)], today)).toBeNull();
  });
});
