import type { Policy, RampDayFacts } from '@caio/contracts';
import {
  createZoneCalendar,
  dayBefore,
  dropBackReasons,
  growthOn,
  judgeRampDay,
  type ZoneDay,
} from '@caio/dispatch-core';
import type { RampStore, StoreLifecycle } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ReadRampDays } from './read-ramp-days.ts';

/** Days a bounce may come after the message it is about. */
const bouncesLateDays = 45;

/** The days before `day` whose people a bounce on it may be about. */
export const daysBefore = (day: string): string[] =>
  Array.from({ length: bouncesLateDays }, (_, index) => dayBefore(day, index + 1));

/**
 * Keeps each day of sending once it is over: what happened, whether it was clean, whether it brings the ramp back.
 * Any number of processes may do so at once; one of them keeps the day. A system that was off closes the days it
 * missed, and judges each by how things stood when it ended.
 */
export const createCloseRampDays = (deps: {
  readonly ramp: RampStore;
  readonly lifecycle: Pick<StoreLifecycle, 'isRecovering'>;
  readonly readDays: ReadRampDays;
  readonly policy: Policy;
  readonly emergencyStop: boolean;
  readonly newCorrelationId: () => string;
  readonly logger: Logger;
}) => {
  const { ramp, policy } = deps;
  const { timezone } = policy;
  const zone = createZoneCalendar(timezone);

  const daysToClose = async (nowMs: number, known: readonly RampDayFacts[]): Promise<ZoneDay[]> => {
    const today = zone.dayAt(nowMs);
    const last = known.at(-1)?.day ?? null;
    const oldest = dayBefore(today.key, policy.ramp.lookbackDays);
    const days: ZoneDay[] = [];
    const firstMs = last === null ? await ramp.firstRowMs() : null;
    if (last === null && firstMs === null) return days;
    const first = last ?? dayBefore(zone.dayAt(firstMs ?? nowMs).key, 1);
    let day = zone.dayAt(today.startMs - 1);
    while (day.key > first && day.key >= oldest) {
      days.unshift(day);
      day = zone.dayAt(day.startMs - 1);
    }
    return days;
  };

  return async (): Promise<number> => {
    if (await deps.lifecycle.isRecovering()) return 0;
    const nowMs = await ramp.storeNowMs();
    const today = zone.dayAt(nowMs);
    if (deps.emergencyStop) await ramp.noteStopped(timezone, today.key);
    const known = await ramp.days(timezone);
    let closed = 0;
    await deps.readDays.readOver(await daysToClose(nowMs, known), daysBefore, nowMs, async (day, read) => {
      const verdict = judgeRampDay(read.facts, 'over');
      const before = (await ramp.days(timezone)).map((facts) => judgeRampDay(facts, 'over'));
      const grown = growthOn(policy, [...before, verdict], dayBefore(day.key, -1));
      // First, so that whoever is told of the day finds its people; the same again changes nothing.
      await ramp.keepLeft(timezone, day.key, [...read.tally.writtenTo]);
      const kept = await ramp.closeDay({
        zone: timezone,
        facts: read.facts,
        verdict: [verdict.status, verdict.reasons.join(',')].filter((part) => part !== '').join(':'),
        policy: policy.name,
        dropsBackOn: dropBackReasons(policy.ramp, verdict),
        grown: grown?.emailPerDay ?? null,
        lateBounces: read.late,
        endMs: day.endMs,
        correlationId: deps.newCorrelationId(),
      });
      if (kept === 'kept_before') return;
      closed += 1;
      const facts = { day: day.key, status: verdict.status, reasons: verdict.reasons };
      if (kept === 'dropped_back') deps.logger.warn(facts, 'the ramp is in force again');
      else deps.logger.info(facts, 'a day of sending is over');
    });
    return closed;
  };
};
