import type { ActionStore, BatchActivation, BatchStore, HeldMessages, StoredAction } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from '../provider-port.ts';
import { mailedProofOf } from './carry-out-take-backs.ts';
import type { LoadHeldGroups } from './held-groups.ts';
import { findAtProviders } from './reconcile-unknown.ts';

const atOnce = 500;
/** A message nobody let go is looked at now and then: somebody may start its campaign at the provider. */
const restingLookMs = 900_000;
const mailingLookMs = 20_000;
/** How long an activation may be under way before its process is taken for dead. */
const activatingMaxMs = 30_000;

/**
 * Asks providers what became of the messages they hold, so that a receipt says `left` as soon as that is known, and
 * whether the campaigns that were started still run. Nothing here mails anything.
 */
export const createWatchHeld = (deps: {
  held: HeldMessages;
  activation: BatchActivation;
  groups: LoadHeldGroups;
  batches: Pick<BatchStore, 'read'>;
  actions: Pick<ActionStore, 'readWhole' | 'storeNowMs'>;
  isHalted: () => Promise<boolean>;
  adapterOf: (action: StoredAction) => ProviderAdapter | null;
  logger: Logger;
}) => {
  /** Settles what was mailed. Answers how many were. */
  const look = async (ids: readonly string[]): Promise<number> => {
    const actions = (await deps.actions.readWhole(ids)).filter(
      (action): action is StoredAction => action?.status === 'handed_over',
    );
    const findings = await findAtProviders(actions, deps.adapterOf);
    let left = 0;
    for (const action of actions) {
      const found = findings.get(action.actionId);
      if (found?.finding.state !== 'present' || !found.finding.mailed) continue;
      const proof = mailedProofOf(found.adapter, found.finding);
      const { done } = await deps.held.leave({
        action,
        proof,
        actor: 'gatekeeper',
        correlationId: action.cid,
      });
      if (done) left += 1;
    }
    return left;
  };

  const lookAtDue = async (): Promise<void> => {
    const ids = await deps.held.dueLooks(atOnce, restingLookMs);
    if (ids.length === 0) return;
    await look(ids);
    const active = new Set((await deps.activation.activeSince()).map(({ batchId }) => batchId));
    if (active.size === 0) return;
    const mailing = (await deps.actions.readWhole(ids)).flatMap((action) =>
      action?.status === 'handed_over' && active.has(action.batchId) ? [action.actionId] : [],
    );
    if (mailing.length === 0) return;
    await deps.held.lookAgain(mailing, (await deps.actions.storeNowMs()) + mailingLookMs);
  };

  const lookAtBatch = async (batchId: string, sinceMs: number): Promise<void> => {
    const correlationId = `watch-${batchId}`;
    const { groups } = await deps.groups.load(batchId, correlationId);
    const settled = { batchId, actionIds: [], actor: 'gatekeeper', correlationId };
    if (groups.length === 0) {
      const batch = await deps.batches.read(batchId);
      const mailed = (batch?.counts['left'] ?? 0) > 0;
      await deps.activation.settle({ ...settled, to: mailed ? 'active' : 'none', why: 'nothing_held' });
      return deps.activation.forgetActive(batchId);
    }
    let mailing = false;
    for (const { campaigns, group } of groups) {
      const seen = await campaigns.inspect(group);
      // Nothing was learned: what is recorded stands.
      if (seen.state === 'unreadable') return;
      if (seen.state !== 'read' || !seen.mailing) continue;
      if (await deps.isHalted()) {
        const paused = await campaigns.pause(group);
        if (paused.ok) continue;
        deps.logger.error({ batchId, code: paused.code }, 'a campaign mails while everything is stopped');
      }
      mailing = true;
    }
    if (mailing) {
      await deps.activation.settle({ ...settled, to: 'active', why: 'read_back' });
    } else if ((await deps.actions.storeNowMs()) - sinceMs >= activatingMaxMs || (await deps.isHalted())) {
      await deps.activation.settle({ ...settled, to: 'paused', why: 'read_back' });
    }
  };

  return {
    look,
    sweep: async (): Promise<void> => {
      await lookAtDue();
      for (const { batchId, sinceMs } of await deps.activation.activeSince())
        await lookAtBatch(batchId, sinceMs);
    },
  };
};

export type WatchHeld = ReturnType<typeof createWatchHeld>;
