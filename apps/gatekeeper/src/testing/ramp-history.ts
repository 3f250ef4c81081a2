import type { Policy, RampReason } from '@caio/contracts';
import { createZoneCalendar, dayBefore, type ZoneDay } from '@caio/dispatch-core';
import {
  type AuditRow,
  createActionStore,
  createAuditLog,
  createGateLists,
  createStoreLifecycle,
  type StoreSession,
} from '@caio/state-store';
import { buildPolicy } from '@caio/test-kit';
import { createRampParts } from '../ramp-parts.ts';
import { createRulesInForce } from '../rules-in-force.ts';
import { createTestLog, type RealStore } from './real-store.ts';

const hourMs = 3_600_000;

export const supervised: Policy['ramp'] = {
  ...{ enabled: true, emailPerDay: 5, tiers: ['tier_1'] },
  ...{ cleanDaysRequired: 3, lookbackDays: 45 },
  dropsBackOn: ['bounce', 'complaint', 'halt', 'unknown', 'unreviewed'] satisfies RampReason[],
};

/**
 * An audit that reaches back for days, on a real store: rows of the past under the ids the store would have given
 * them, in the order they are written here. Days are told by how long ago they were.
 */
export const openRampHistory = async (
  store: RealStore,
  options: { policy?: Partial<Policy>; emergencyStop?: boolean; session?: StoreSession } = {},
) => {
  const session = options.session ?? (await store.openSession());
  const { redis, keys } = session;
  if (options.session === undefined) await redis.del(keys.audit);
  const log = createTestLog();
  const rules = createRulesInForce({
    environment: 'test',
    policy: buildPolicy({ ramp: supervised, ...options.policy }),
    policyVersion: 'policy-1',
    copyPackVersion: 'pack@1+000000000000',
    deliveryModes: { email: 'live', linkedin: 'log-only' },
    emergencyStop: options.emergencyStop ?? false,
  });
  const stores = {
    actions: createActionStore(session),
    audit: createAuditLog(session),
    lists: createGateLists(session),
    lifecycle: createStoreLifecycle(session),
  };
  const partsOf = {
    ...{ ...stores, session, rules, logger: log.logger },
    newCorrelationId: () => 'correlation-ramp',
  };
  const parts = createRampParts(partsOf);
  const zone = createZoneCalendar(rules.policy.timezone);
  const today = zone.dayAt(await parts.ramp.storeNowMs());
  const keyOf = (ago: number): string => dayBefore(today.key, ago);
  const dayOf = (ago: number): ZoneDay => {
    let day = today;
    for (let step = 0; step < ago; step += 1) day = zone.dayAt(day.startMs - 1);
    return day;
  };
  let rows = 0;
  let people = 0;

  /** A row `hours` into a day. */
  const row = async (ago: number, hours: number, fields: Partial<AuditRow>): Promise<void> => {
    rows += 1;
    const at = dayOf(ago).startMs + hours * hourMs;
    const whole: AuditRow = {
      ...{ kind: '', ref: '', batch: 'bat_1', from: '', to: '', code: '', actor: 'gatekeeper' },
      ...{ who: '', cid: 'correlation-1', ...fields, at: String(at) },
    };
    await redis.xadd(keys.audit, `${at}-${rows}`, ...Object.entries(whole).flat());
  };

  /** Somebody a message left to, unless it became something else; answers who it was about. */
  const send = async (
    ago: number,
    hours: number,
    how: { mode?: string; ledger?: string; to?: string } = {},
  ): Promise<{ actionId: string; who: string }> => {
    people += 1;
    const actionId = `act_${people}`;
    const who = `pseudonym ${people}`;
    await redis.hset(keys.action(actionId), {
      ledger: how.ledger ?? 'real',
      mode: how.mode ?? 'live',
      channel: 'email',
    });
    const about = { ref: actionId, who };
    await row(ago, hours, { ...about, kind: 'action.admitted', from: 'queued', to: 'sending' });
    const to = how.to ?? 'left';
    await row(ago, hours, { ...about, kind: `action.${to}`, from: 'sending', to });
    if (to === 'unknown')
      await redis.zadd(keys.actionsUnknown, dayOf(ago).startMs + hours * hourMs, actionId);
    return { actionId, who };
  };

  return {
    ...stores,
    ...{ ...parts, session, redis, keys, log, rules, row, send, keyOf, dayOf, today },
    /** As a process does it when the store's clock says so. */
    closeDaysAt: (nowMs: number): Promise<number> =>
      createRampParts({ ...partsOf, storeNowMs: () => Promise.resolve(nowMs) }).closeDays(),
    /** What each day of the status is, today left out: `2026-03-02 clean`. */
    verdicts: async (): Promise<string[]> =>
      (await parts.showRamp.readStatus()).days
        .slice(1)
        .map(({ status, reasons, facts: { day } }) => [day, status, ...reasons].join(' '))
        .reverse(),
    rowsOf: async (kind: string): Promise<AuditRow[]> =>
      (await stores.audit.rowsAfter('', 10_000)).map((one) => one.row).filter((one) => one.kind === kind),
  };
};
