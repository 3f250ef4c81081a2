import type { ActionStore, BatchStore, StoredAction, StoreLifecycle, StoreSession } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from '../provider-port.ts';
import { createReconcileLog } from './reconcile-log.ts';
import { findAtProviders, personKeysOf, whereItIs } from './reconcile-unknown.ts';

export interface RecoverDependencies {
  readonly session: StoreSession;
  readonly lifecycle: StoreLifecycle;
  readonly actions: ActionStore;
  readonly batches: BatchStore;
  readonly adapterOf: (action: StoredAction) => ProviderAdapter | null;
  readonly logger: Logger;
  /** Stops everything when the store is older than what was published of it. */
  readonly lookForLoss: () => Promise<void>;
}

const comparedAtOnce = 200;

/**
 * After the store came back, perhaps as an older copy: every open action, and every action of a batch that
 * could still be claimed, is compared with its provider. What the provider holds already is settled and never
 * sent again. Until that is done for all of them, nothing is admitted.
 */
export const createRecoverStore = (deps: RecoverDependencies) => {
  const log = createReconcileLog(deps.logger);
  let announced = '';
  const toCompare = async (): Promise<string[]> => {
    const open = await deps.actions.openIds();
    const frozen: string[] = [];
    for (const batchId of await deps.batches.claimableIds())
      frozen.push(...(await deps.batches.actionIds(batchId)));
    return [...new Set([...open, ...frozen])];
  };

  return async (): Promise<'sound' | 'recovered' | 'waiting'> => {
    const { runId, recovering } = await deps.session.refresh();
    if (!recovering) return 'sound';
    // Before anything is admitted again: what it forgot may be who must not be written to, or a stop.
    await deps.lookForLoss();
    const ids = await toCompare();
    if (announced !== runId)
      deps.logger.warn(
        { open: ids.length },
        'the store is another run than before; comparing every open action with its provider',
      );
    announced = runId;
    let adopted = 0;
    for (let start = 0; start < ids.length; start += comparedAtOnce) {
      const actions = await deps.actions.readMany(ids.slice(start, start + comparedAtOnce));
      const findings = await findAtProviders(actions, deps.adapterOf);
      for (const action of actions) {
        // No adapter serves it any more: admission refuses it by name, and a lease that runs out makes it unknown.
        if (deps.adapterOf(action) === null) continue;
        const found = findings.get(action.actionId);
        if (found === undefined || found.finding.state === 'unreadable') {
          log.note({
            code: 'provider_silent',
            subject: { provider: found?.adapter.name ?? deps.adapterOf(action)?.name ?? 'none' },
            message: 'a provider did not answer; sending stays closed',
          });
          log.endRound();
          return 'waiting';
        }
        if (found.finding.state === 'absent') continue;
        if (found.finding.contentDigest !== action.digest) {
          log.note({
            code: 'content_differs_at_provider',
            subject: { actionId: action.actionId },
            message: 'a provider holds other content; sending stays closed until a person decides',
          });
          log.endRound();
          return 'waiting';
        }
        adopted += Number(
          await deps.actions.adopt({
            action,
            providerMessageId: found.finding.providerMessageId,
            proof: 'found at the provider after the store restarted',
            personKeys: personKeysOf(action),
            ...whereItIs(action, found.adapter, found.finding),
          }),
        );
      }
    }
    log.endRound();
    const done = await deps.lifecycle.finishRecovery(runId, 'store-recovery');
    deps.logger.warn({ compared: ids.length, adopted, done }, 'the store was compared with the providers');
    return done ? 'recovered' : 'waiting';
  };
};
