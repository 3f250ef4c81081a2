import { motionSchema, operatorReportSchema, triggerOperatorRequestSchema } from '@caio/contracts';
import { correlationIdOf, parseBody, requirePermission, respondError, userOf } from '@caio/service-kit';
import { type Response, Router } from 'express';
import { optionalJsonBody } from '../../optional-json-body.ts';
import { warmupOf } from '../../predecessor/operator-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';
import type { TriggeredMotion, TriggerOperator } from '../../use-cases/trigger-operator.ts';

/** A run of which nothing came is refused like any other command, by the first thing that was in its way. */
const refuse = (res: Response, motions: readonly TriggeredMotion[]): void => {
  const refused = motions.find(({ error }) => error !== null);
  const leftOut = motions.map(({ motion, left_out }) => ({ motion, left_out }));
  const details = { batchId: refused?.batch_id ?? null, motion: refused?.motion ?? null };
  switch (refused?.error?.code) {
    case undefined:
      return respondError(res, 'empty_scope', { details: { motions: leftOut } });
    case 'forbidden':
      return respondError(res, 'forbidden', {
        message: 'An approved batch is there; executing it needs the permission "batches:execute".',
        details: { ...details, permission: 'batches:execute' },
      });
    case 'record_damaged':
      return respondError(res, 'record_damaged', { details });
    case 'hash_mismatch':
      return respondError(res, 'hash_mismatch', {
        message: 'What the store holds is not what was approved; nothing was started.',
        fix: 'Treat this as tampering or a damaged store: run caio audit verify, then freeze a new batch.',
        details,
      });
    case 'batch_expired':
      return respondError(res, 'batch_expired', { details });
    case 'policy_changed':
      return respondError(res, 'policy_changed', { details });
    case 'mode_changed':
      return respondError(res, 'mode_changed', { details });
    case 'halted':
      return respondError(res, 'halted', { details });
    case 'store_recovering':
      return respondError(res, 'store_recovering', { details });
    default:
      return respondError(res, 'state_conflict', {
        message: 'Somebody else moved the drafts or the batch at the same moment; nothing was started here.',
        details,
      });
  }
};

/** POST /api/operator/trigger: looks, or takes the next step of each motion, whichever that is. */
export const triggerOperatorRoute = (deps: {
  triggerOperator: TriggerOperator;
  rules: RulesInForce;
  now: () => number;
}): Router =>
  Router().post(
    '/api/operator/trigger',
    requirePermission('batches:freeze'),
    optionalJsonBody(),
    async (req, res) => {
      const { dry_run: isDryRun, motion } = parseBody(req, triggerOperatorRequestSchema);
      const { name: actor, permissions } = userOf(req);
      const startedMs = deps.now();
      const triggered: TriggeredMotion[] = [];
      for (const one of motion === 'all' ? motionSchema.options : [motion]) {
        triggered.push(
          await deps.triggerOperator({
            mode: isDryRun ? 'dry_run' : 'live',
            motion: one,
            execution: permissions.includes('batches:execute') ? 'allowed' : 'forbidden',
            actor,
            correlationId: correlationIdOf(req),
          }),
        );
      }
      const done = triggered.filter(
        ({ outcome }) => outcome === 'executing' || outcome === 'pending_approval',
      );
      if (!isDryRun && done.length === 0) return refuse(res, triggered);
      const messagesOf = (wanted: string): number =>
        triggered.find((report) => report.motion === wanted)?.messages ?? 0;
      const pending = done.find(({ outcome }) => outcome === 'pending_approval');
      const executing = done.find(({ outcome }) => outcome === 'executing');
      res.json(
        operatorReportSchema.parse({
          run_id: executing?.executionId ?? null,
          started_at: new Date(startedMs).toISOString(),
          completed_at: new Date(deps.now()).toISOString(),
          dry_run: isDryRun,
          motion,
          motions: triggered,
          revival_candidates_found: messagesOf('revival'),
          cadence_actions_due: messagesOf('cadence'),
          warmup_schedule: warmupOf(deps.rules.policy),
          errors: triggered.flatMap(({ motion: one, error }) =>
            error === null ? [] : [`${one}: ${error.message} (${error.code})`],
          ),
          pending_approval: pending !== undefined,
          batch_id: (pending ?? executing)?.batch_id ?? null,
        }),
      );
    },
  );
