import { ledgerOf, operatorStatusSchema } from '@caio/contracts';
import { readSendingClock, tiersAllowed } from '@caio/dispatch-core';
import { requirePermission } from '@caio/service-kit';
import type { ActionStore, BatchStore, GateLists } from '@caio/state-store';
import { Router } from 'express';
import type { EmailViewRules } from '../../predecessor/email-view.ts';
import { operatorBatchOf, warmupOf } from '../../predecessor/operator-view.ts';
import type { ShowRamp } from '../../use-cases/show-ramp.ts';
import type { RulesInForce } from '../../rules-in-force.ts';

const batchesLookedAt = 200;

/** Graduating without anybody's signature is what nobody asked for: no day ends it by itself. */
const rampEnd = 'when there are clean days enough and a person says so: POST /api/ramp/graduate';

/** GET /api/operator/status: the stop, today's limits and what is left of them, and the batch that waits. */
export const showOperatorStatusRoute = (deps: {
  actions: Pick<ActionStore, 'sentOn' | 'readMany'>;
  batches: Pick<BatchStore, 'list' | 'times' | 'actionIds'>;
  lists: Pick<GateLists, 'readHalt'>;
  rules: RulesInForce;
  providerOf: EmailViewRules['providerOf'];
  showRamp: Pick<ShowRamp, 'readStatus'>;
  now: () => number;
}): Router =>
  Router().get('/api/operator/status', requirePermission('read'), async (_req, res) => {
    const { rules } = deps;
    const { policy, deliveryModes } = rules;
    const clock = readSendingClock(policy, deps.now());
    const sentBy = async (channel: 'email' | 'linkedin'): Promise<number> =>
      deps.actions.sentOn({ ledger: ledgerOf(deliveryModes[channel]), channel }, clock.dayKey);
    const [email, linkedin] = [await sentBy('email'), await sentBy('linkedin')];
    const { stage, holds, cleanDays } = await deps.showRamp.readStatus();
    const isRamped = stage === 'ramp';
    const warmup = { ...warmupOf(policy), email_daily_limit: holds.emailPerDay };
    const batches = await deps.batches.list(batchesLookedAt);
    const claims = (await deps.batches.times(batches.map(({ batchId }) => batchId))).flatMap(
      ({ claimedAt }) => claimedAt ?? [],
    );
    const today = claims.filter((at) => readSendingClock(policy, Date.parse(at)).dayKey === clock.dayKey);
    const pending = batches.find(({ status }) => status === 'pending');
    const provider = deps.providerOf('cold_email');
    res.json(
      operatorStatusSchema.parse({
        enabled: true,
        emergency_stop: (await deps.lists.readHalt(rules.emergencyStop)).active,
        date: clock.dayKey,
        warmup_schedule: warmup,
        ramp: {
          enabled: policy.ramp.enabled,
          mode: 'clean_days',
          active: isRamped,
          email_limit_override: isRamped ? policy.ramp.emailPerDay : null,
          tier_filter: isRamped ? policy.ramp.tiers.join(',') : null,
          clean_days_required: policy.ramp.cleanDaysRequired,
          clean_days_completed: cleanDays.found.length,
          ends: rampEnd,
        },
        today: {
          outbound_email: email,
          outbound_linkedin: linkedin,
          total_leads: email + linkedin,
          runs: today.length,
          last_run: [...claims].sort().at(-1) ?? null,
        },
        limits: {
          email_remaining: Math.max(0, warmup.email_daily_limit - email),
          linkedin_remaining: Math.max(0, warmup.linkedin_daily_limit - linkedin),
        },
        gatekeeper: {
          required: true,
          pending_batch: pending === undefined ? null : await operatorBatchOf({ ...deps, policy }, pending),
        },
        config: {
          tier_routing: Object.fromEntries(
            tiersAllowed(policy, 'email', stage).map((tier) => [tier, provider === null ? [] : [provider]]),
          ),
          delivery_modes: deliveryModes,
        },
      }),
    );
  });
