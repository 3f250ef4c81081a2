import type { Policy, RampDay, RampEvidence, RampStatus } from '@caio/contracts';
import {
  countCleanDays,
  createZoneCalendar,
  dayBefore,
  dayCap,
  growthOn,
  judgeRampDay,
  tiersAllowed,
  type ZoneDay,
} from '@caio/dispatch-core';
import type { ActionStore, RampRecord, RampStore } from '@caio/state-store';
import type { DayTally } from '../ramp-day-tally.ts';
import type { RulesInForce } from '../rules-in-force.ts';
import { daysBefore } from './close-ramp-days.ts';
import type { ReadRampDays } from './read-ramp-days.ts';

export interface RampDependencies {
  readonly ramp: RampStore;
  readonly readDays: ReadRampDays;
  readonly actions: Pick<ActionStore, 'sentOn'>;
  readonly rules: Pick<RulesInForce, 'policy' | 'policyVersion' | 'environment'>;
}

export type GraduateOutcome =
  | { readonly outcome: 'graduated'; readonly status: RampStatus } // 200
  | { readonly outcome: 'not_yet'; readonly against: readonly string[] }; // 409

export type EvidenceOutcome =
  | { readonly outcome: 'found'; readonly evidence: RampEvidence } // 200
  | { readonly outcome: 'no_such_day'; readonly today: string }; // 400

const daysInWords = (count: number): string => (count === 1 ? '1 clean day' : `${count} clean days`);

/** What stands against a person ending the ramp now. */
const against = (policy: Policy, record: RampRecord, lacking: number, found: number): string[] => {
  if (!policy.ramp.enabled) return ['This policy has no ramp.'];
  if (record.stage === 'graduated') return [`The ramp was ended already, by ${record.graduated?.by ?? '–'}.`];
  if (lacking === 0) return [];
  return [
    `${daysInWords(found)} of ${policy.ramp.cleanDaysRequired} within ${policy.ramp.lookbackDays} days: ${lacking} more needed.`,
  ];
};

const auditOf = (day: string, kind: string): string => `audit rows of ${day}, ${kind}`;

/** What one day comes to on its page: each number with where it was read. */
const figuresOf = ({ facts, status }: RampEvidence['day']): RampEvidence['figures'] => {
  const { day } = facts;
  const end = status !== 'open' ? `as it stood when ${day} ended` : 'as it stands now';
  const figure = (name: string, value: number, source: string) => ({ name, value, source });
  return [
    figure('admitted by the last check', facts.admitted, auditOf(day, 'action.admitted')),
    figure('handed over to a provider that holds them', facts.handedOver, auditOf(day, 'to handed_over')),
    figure('left', facts.left, auditOf(day, 'to left')),
    figure('of these to anybody, in live mode', facts.leftLive, auditOf(day, 'to left, mode of the action')),
    figure('refused by a provider', facts.refused, auditOf(day, 'to refused')),
    figure('given back unsent and tried again', facts.released, auditOf(day, 'action.released')),
    figure('taken back', facts.takenBack, auditOf(day, 'to taken_back')),
    figure('became unknown', facts.becameUnknown, auditOf(day, 'to unknown')),
    figure('unknown', facts.unknownAtEnd, `actions and their rows, ${end}`),
    figure('drafts nobody decided about', facts.unreviewedAtEnd, `drafts and their rows, ${end}`),
    figure('bounces', facts.bounces, auditOf(day, 'person.suppressed bounced, people written to')),
    figure(
      'bounces and complaints that came later',
      facts.lateBounces,
      'days after it, when they were closed',
    ),
    figure('complaints', facts.complaints, auditOf(day, 'person.suppressed complained, people written to')),
    figure('opt-outs', facts.optOuts, auditOf(day, 'person.suppressed unsubscribed')),
    figure('stops', facts.halts, auditOf(day, 'halt.set')),
    figure('drafts approved', facts.draftsApproved, auditOf(day, 'draft.approve')),
    figure('drafts rejected', facts.draftsRejected, auditOf(day, 'draft.reject')),
  ];
};

/** The ramp as people see it, and the one way to end it. */
export const createShowRamp = (deps: RampDependencies) => {
  const { ramp, readDays, rules } = deps;
  const { policy } = rules;
  const { timezone } = policy;
  const zone = createZoneCalendar(timezone);

  const look = async () => {
    const record = await ramp.read(policy);
    const nowMs = await ramp.storeNowMs();
    const today = zone.dayAt(nowMs);
    const over = (await ramp.days(timezone)).map((facts) => judgeRampDay(facts, 'over'));
    const clean = countCleanDays(policy.ramp, over, today.key, record.droppedBack?.day ?? null);
    return { record, nowMs, today, over, clean };
  };

  const readStatus = async (): Promise<RampStatus> => {
    const { record, today, over, clean } = await look();
    const open = await readDays.readOpen(today, daysBefore(today.key));
    const { cleanDaysRequired: required, lookbackDays } = policy.ramp;
    const first = dayBefore(today.key, lookbackDays);
    return {
      stage: record.stage,
      policyVersion: rules.policyVersion,
      timezone,
      today: today.key,
      holds: {
        emailPerDay: dayCap(policy, 'email', record.stage, record.grown),
        tiers: [...tiersAllowed(policy, 'email', record.stage)],
        sentToday: await deps.actions.sentOn({ ledger: 'real', channel: 'email' }, today.key),
      },
      cleanDays: { required, found: [...clean.found], lookbackDays, since: clean.since },
      against: against(policy, record, clean.lacking, clean.found.length),
      graduated: record.graduated,
      droppedBack: record.droppedBack,
      growth: growthOn(policy, over, today.key),
      days: [
        judgeRampDay(open.facts, 'open'),
        ...over.filter(({ facts: { day } }) => day >= first).reverse(),
      ],
    };
  };

  const dayNamed = (key: string, nowMs: number): ZoneDay | null => {
    const noon = Date.parse(`${key}T12:00:00Z`);
    if (Number.isNaN(noon)) return null;
    const day = [noon, noon - 43_200_000, noon + 43_200_000].map(zone.dayAt).find((one) => one.key === key);
    return day === undefined || day.startMs > nowMs ? null : day;
  };

  /** Today as it is now, an earlier day as it was kept; null for one that was not. */
  const readDayOf = async (
    day: ZoneDay,
    today: ZoneDay,
    over: readonly RampDay[],
  ): Promise<{ judged: RampDay; tally: DayTally } | null> => {
    if (day.key === today.key) {
      const { facts, tally } = await readDays.readOpen(today, daysBefore(today.key));
      return { judged: judgeRampDay(facts, 'open'), tally };
    }
    const judged = over.find(({ facts }) => facts.day === day.key);
    return judged === undefined ? null : { judged, tally: await readDays.readRows(day) };
  };

  const capsOf = (day: ZoneDay, { used }: DayTally, record: RampRecord): RampEvidence['caps'] => {
    const source = `${auditOf(day.key, 'admitted less given back')}; what the policy allows now`;
    return [
      {
        name: 'e-mail that day',
        used: Math.max(0, used.email),
        max: dayCap(policy, 'email', record.stage, record.grown),
        source,
      },
      {
        name: 'LinkedIn that day',
        used: Math.max(0, used.linkedin),
        max: dayCap(policy, 'linkedin'),
        source,
      },
    ];
  };

  const listsOf = (
    tally: DayTally,
  ): Pick<RampEvidence, 'batches' | 'reviewers' | 'halts' | 'alarms' | 'sends' | 'sendsTotal' | 'rows'> => ({
    batches: tally.batches.map((batch) => ({
      ...batch,
      previewHash: /^[0-9a-f]{64}$/.test(batch.previewHash) ? batch.previewHash : null,
    })),
    reviewers: [...tally.reviewers].map(([by, decided]) => ({ by, ...decided })),
    ...{ halts: tally.halts, alarms: tally.alarms, sends: tally.sends, sendsTotal: tally.sendsTotal },
    rows: tally.rows,
  });

  return {
    readStatus,

    graduate: async (request: {
      actor: string;
      reason: string;
      correlationId: string;
    }): Promise<GraduateOutcome> => {
      const { record, clean } = await look();
      const reasons = against(policy, record, clean.lacking, clean.found.length);
      if (reasons.length > 0) return { outcome: 'not_yet', against: reasons };
      const ended = await ramp.graduate({
        ...request,
        policy: policy.name,
        changes: record.changes,
        cleanDays: clean.found,
      });
      if (ended === 'graduated') return { outcome: 'graduated', status: await readStatus() };
      return {
        outcome: 'not_yet',
        against: [
          ended === 'over_already'
            ? 'The ramp was ended already, a moment ago.'
            : 'A day was closed meanwhile. Look at the ramp again.',
        ],
      };
    },

    /** One day on one page, today included. */
    readEvidence: async (key: string): Promise<EvidenceOutcome> => {
      const { record, nowMs, today, over } = await look();
      const day = dayNamed(key, nowMs);
      const read = day === null ? null : await readDayOf(day, today, over);
      if (day === null || read === null) return { outcome: 'no_such_day', today: today.key };
      const { judged, tally } = read;
      return {
        outcome: 'found',
        evidence: {
          environment: rules.environment,
          timezone,
          from: new Date(day.startMs).toISOString(),
          to: new Date(day.endMs).toISOString(),
          policyVersion: rules.policyVersion,
          stage: record.stage,
          day: judged,
          figures: figuresOf(judged),
          caps: capsOf(day, tally, record),
          ...listsOf(tally),
        },
      };
    },
  };
};

export type ShowRamp = ReturnType<typeof createShowRamp>;
