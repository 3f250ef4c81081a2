import type { RampDayFacts } from '@caio/contracts';
import type { ZoneDay } from '@caio/dispatch-core';
import type { AuditLog, GateLists, RampStore, RealAction, StoredAuditRow } from '@caio/state-store';
import { addRow, type DayTally, emptyTally, factsOf } from '../ramp-day-tally.ts';

const rowsAtOnce = 1_000;

export interface ReadRampDaysDependencies {
  readonly audit: Pick<AuditLog, 'rowsBetween'>;
  readonly ramp: RampStore;
  readonly lists: Pick<GateLists, 'readHalt'>;
  readonly timezone: string;
  readonly emergencyStop: boolean;
}

/** A day with what its rows came to; `late` are the earlier days that its bounces are about, with how many. */
export interface ReadDay {
  readonly facts: RampDayFacts;
  readonly tally: DayTally;
  readonly late: ReadonlyMap<string, number>;
}

/** What is known of the moment a day ended, from the first row of each record after it. */
type After = ReadonlyMap<string, string>;

/**
 * Reads days from the audit's rows, which carry every decision with its moment. A record was, when a day ended, in
 * the state its next row says it left, or in the state it is in now when there is none: so an old day reads the
 * same whenever it is asked for.
 */
export const createReadRampDays = (deps: ReadRampDaysDependencies) => {
  const { audit, ramp, timezone } = deps;

  const addRows = async (
    tally: DayTally,
    fromMs: number,
    toMs: number,
    modes = new Map<string, RealAction>(),
  ): Promise<void> => {
    for (;;) {
      const rows: StoredAuditRow[] = await audit.rowsBetween(fromMs, toMs, tally.rows.last ?? '', rowsAtOnce);
      if (rows.length === 0) return;
      const asked = rows.filter(({ row }) => row.kind.startsWith('action.')).map(({ row }) => row.ref);
      const fresh = [...new Set(asked)].filter((id) => !modes.has(id));
      for (const [id, mode] of await ramp.realModes(fresh)) modes.set(id, mode);
      for (const stored of rows) addRow(tally, stored, (id) => modes.get(id));
      if (rows.length < rowsAtOnce) return;
    }
  };

  const tallyOf = async (fromMs: number, toMs: number): Promise<DayTally> => {
    const tally = emptyTally();
    await addRows(tally, fromMs, toMs);
    return tally;
  };

  const unknownAt = async (endMs: number, after: After): Promise<number> => {
    const still = (await ramp.unknownBefore(endMs)).filter((id) => !after.has(id));
    const then = [...after]
      .filter(([id, from]) => from === 'unknown' && id.startsWith('act_'))
      .map(([id]) => id);
    return (await ramp.realModes([...still, ...then])).size;
  };

  const unreviewedAt = async (endMs: number, after: After): Promise<number> => {
    const moved = [...after].filter(([id]) => id.startsWith('drf_'));
    const { count, among } = await ramp.pendingBefore(
      endMs,
      moved.map(([id]) => id),
    );
    return count - among.size + moved.filter(([, from]) => from === 'pending').length;
  };

  const wasStopped = async (day: ZoneDay, tally: DayTally, haltAfter: string | null): Promise<boolean> => {
    if (tally.counts.halts > 0 || (await ramp.wasStopped(timezone, day.key))) return true;
    const next = tally.firstHalt ?? haltAfter;
    if (next !== null) return next !== 'halt.set';
    const halt = await deps.lists.readHalt(false);
    return halt.stored && Date.parse(halt.at ?? '') < day.endMs;
  };

  /** Bounces and complaints about people to whom something went on that day or before, and on which day it did. */
  const answersOf = async (day: string, tally: DayTally, earlier: readonly string[]) => {
    const found = [...tally.complaints];
    const daysOf = await ramp.daysOf(
      timezone,
      earlier,
      found.map(([who]) => who),
    );
    const ours = found.filter(([who]) => tally.writtenTo.has(who) || daysOf.has(who));
    const late = new Map<string, number>();
    for (const [who] of ours)
      for (const other of daysOf.get(who) ?? [])
        if (other !== day) late.set(other, (late.get(other) ?? 0) + 1);
    const count = (what: string): number => ours.filter(([, code]) => code === what).length;
    return { bounces: count('bounced'), complaints: count('complained'), late };
  };

  const assemble = async (
    day: ZoneDay,
    tally: DayTally,
    earlier: readonly string[],
    after: { from: After; halt: string | null },
  ): Promise<ReadDay> => {
    const { bounces, complaints, late } = await answersOf(day.key, tally, earlier);
    const facts = factsOf(day.key, tally, {
      ...{ bounces, complaints },
      stopped: await wasStopped(day, tally, after.halt),
      unknownAtEnd: await unknownAt(day.endMs, after.from),
      unreviewedAtEnd: await unreviewedAt(day.endMs, after.from),
    });
    return { facts, tally, late };
  };

  /** The day that is not over, read on from where the last question left it. */
  let open: { key: string; tally: DayTally } | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const readOpen = async (day: ZoneDay, earlier: readonly string[]): Promise<ReadDay> => {
    if (open?.key !== day.key) open = { key: day.key, tally: emptyTally() };
    await addRows(open.tally, day.startMs, day.endMs);
    const read = await assemble(day, open.tally, earlier, { from: new Map(), halt: null });
    return deps.emergencyStop ? { ...read, facts: { ...read.facts, stopped: true } } : read;
  };

  return {
    /** The day that is not over. `earlier` are the days whose people a bounce may be about. */
    readOpen: (day: ZoneDay, earlier: readonly string[]): Promise<ReadDay> => {
      const mine = turn.then(() => readOpen(day, earlier));
      turn = mine.catch(() => undefined);
      return mine;
    },

    /**
     * Days that are over, oldest first and without a gap, in one pass over their rows and those since. `each` is
     * told of one day after the other, so that what it keeps of the first is there when the second is read.
     */
    readOver: async (
      days: readonly ZoneDay[],
      earlierThan: (day: string) => readonly string[],
      nowMs: number,
      each: (day: ZoneDay, read: ReadDay) => Promise<void>,
    ): Promise<void> => {
      const last = days.at(-1);
      if (last === undefined) return;
      const since = await tallyOf(last.endMs, nowMs + 1);
      let after: { from: After; halt: string | null } = { from: since.firstFrom, halt: since.firstHalt };
      const read: { day: ZoneDay; tally: DayTally; after: { from: After; halt: string | null } }[] = [];
      for (const day of [...days].reverse()) {
        const tally = await tallyOf(day.startMs, day.endMs);
        read.unshift({ day, tally, after });
        after = {
          from: new Map([...after.from, ...tally.firstFrom]),
          halt: tally.firstHalt ?? after.halt,
        };
      }
      for (const { day, tally, after: then } of read)
        await each(day, await assemble(day, tally, earlierThan(day.key), then));
    },

    /** What the rows of a day say, without how things stood at its end. */
    readRows: (day: ZoneDay): Promise<DayTally> => tallyOf(day.startMs, day.endMs),
  };
};

export type ReadRampDays = ReturnType<typeof createReadRampDays>;
