import { activatedBatchSchema, batchParamsSchema } from '@caio/contracts';
import { correlationIdOf, parseParams, requirePermission, respondError, userOf } from '@caio/service-kit';
import { Router } from 'express';
import type { ActivateBatch } from '../../use-cases/activate-batch.ts';

/** POST /api/batches/:batchId/activate: has the providers mail what they hold of a batch; the same again changes nothing. */
export const activateBatchRoute = (deps: { activateBatch: ActivateBatch }): Router =>
  Router().post('/api/batches/:batchId/activate', requirePermission('batches:activate'), async (req, res) => {
    const { batchId } = parseParams(req, batchParamsSchema);
    const outcome = await deps.activateBatch({
      batchId,
      actor: userOf(req).name,
      correlationId: correlationIdOf(req),
    });
    switch (outcome.outcome) {
      case 'active':
        res.json(activatedBatchSchema.parse({ batch: outcome.batch, campaigns: outcome.campaigns }));
        return;
      case 'not_found':
        return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
      case 'state_conflict':
        return respondError(res, 'state_conflict', {
          message:
            outcome.status === 'not_held'
              ? 'No provider holds a message of this batch, so there is nothing to activate.'
              : `This batch is ${outcome.status}; only an executed one that nobody recalled can be activated.`,
          details: { status: outcome.status },
        });
      case 'changed':
        return respondError(res, 'state_conflict', {
          message: `Nothing was started: ${outcome.problems.length} ${outcome.problems.length === 1 ? 'thing is' : 'things are'} not as approved. ${outcome.problems
            .slice(0, 5)
            .map(({ actionId, code, message }) => `${actionId ?? 'campaign'}: ${code} (${message})`)
            .join(' ')}`,
          fix: 'Messages that may not be mailed any more are taken back by themselves; then activate again. Put back what was changed at the provider, or recall the batch.',
          details: { problems: outcome.problems },
        });
      case 'provider_failed':
        return respondError(res, 'provider_failed', {
          message: `${outcome.started.length} campaigns were started, ${outcome.failures.length} were not: ${outcome.failures
            .map(({ provider, code, message }) => `${provider} ${code} (${message})`)
            .join(' ')}`,
          fix: 'Activate again: what runs is left as it is, and the rest is tried again.',
          details: { started: outcome.started, failures: outcome.failures },
        });
      case 'batch_expired':
      case 'policy_changed':
      case 'mode_changed':
      case 'halted':
      case 'store_recovering':
        return respondError(res, outcome.outcome);
    }
  });
