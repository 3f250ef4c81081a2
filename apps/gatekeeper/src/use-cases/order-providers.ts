import type { BatchActivation, BatchStore } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from '../provider-port.ts';
import type { LoadHeldGroups } from './held-groups.ts';

export interface Order {
  readonly reason: string;
  readonly actor: string;
  readonly correlationId: string;
}

export interface PausedProvider {
  readonly provider: string;
  readonly mode: string;
  readonly paused: number;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/**
 * Has every provider pause everything of ours that it mails by itself, now and without stopping anything else. What
 * goes on afterwards is activated again, batch by batch.
 */
export const createOrderPause =
  (deps: {
    adapters: readonly Pick<ProviderAdapter, 'name' | 'mode' | 'pauseAll'>[];
    activation: Pick<BatchActivation, 'recordOrder'>;
    logger: Logger;
  }) =>
  async (order: Order): Promise<PausedProvider[]> => {
    const { actor, correlationId, reason } = order;
    deps.logger.warn({ actor, reason }, 'every provider is asked to pause');
    const note = { batchId: null, actor, correlationId };
    return Promise.all(
      deps.adapters.map(async (adapter): Promise<PausedProvider> => {
        const { name: provider, mode } = adapter;
        const ref = `${provider} ${mode}`;
        await deps.activation.recordOrder({ ...note, kind: 'provider.pause_asked', ref, code: '' });
        const report = await adapter.pauseAll({ correlationId }).catch((error: unknown) => {
          deps.logger.error({ provider, err: error }, 'the provider adapter threw while pausing');
          return {
            paused: 0,
            failed: [{ id: provider, message: 'The adapter failed in an unexpected way.' }],
          };
        });
        const kind = report.failed.length === 0 ? 'provider.paused' : 'provider.pause_failed';
        await deps.activation.recordOrder({ ...note, kind, ref, code: '' });
        return { provider, mode, ...report };
      }),
    );
  };

export type OrderPause = ReturnType<typeof createOrderPause>;

export type RemoveCampaignsOutcome =
  | {
      readonly outcome: 'removed'; // 200
      readonly campaigns: readonly {
        readonly provider: string;
        readonly campaignId: string;
        readonly proof: string;
      }[];
    }
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string } // 409
  | { readonly outcome: 'still_held'; readonly held: number } // 409
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }; // 409

const open: ReadonlySet<string> = new Set(['pending', 'approved', 'executing']);

/** Removes what a batch leaves behind at its providers, once nothing of it is held there any more. */
export const createRemoveCampaigns =
  (deps: {
    batches: Pick<BatchStore, 'read'>;
    groups: LoadHeldGroups;
    activation: Pick<BatchActivation, 'recordOrder'>;
    logger: Logger;
  }) =>
  async (batchId: string, order: Order): Promise<RemoveCampaignsOutcome> => {
    const batch = await deps.batches.read(batchId);
    if (batch === null) return { outcome: 'not_found' };
    if (open.has(batch.status)) return { outcome: 'state_conflict', status: batch.status };
    const { actor, correlationId, reason } = order;
    deps.logger.warn({ batchId, actor, reason }, 'the campaigns of a batch are to be removed');
    const held = await deps.groups.load(batchId, correlationId);
    const count = held.groups.reduce((sum, { actions }) => sum + actions.length, held.outside.length);
    if (count > 0) return { outcome: 'still_held', held: count };
    const campaigns: { provider: string; campaignId: string; proof: string }[] = [];
    for (const { adapter, campaigns: control, group } of await deps.groups.loadEnded(
      batchId,
      correlationId,
    )) {
      const note = { ref: batchId, batchId, actor, correlationId };
      await deps.activation.recordOrder({ ...note, kind: 'campaign.remove_asked', code: adapter.name });
      const removed = await control.remove(group);
      if (!removed.ok) return { outcome: 'refused', code: removed.code, message: removed.message };
      await deps.activation.recordOrder({ ...note, kind: 'campaign.removed', code: adapter.name });
      const { campaignId, proof } = removed;
      if (campaignId !== '') campaigns.push({ provider: adapter.name, campaignId, proof });
    }
    return { outcome: 'removed', campaigns };
  };

export type RemoveCampaigns = ReturnType<typeof createRemoveCampaigns>;
