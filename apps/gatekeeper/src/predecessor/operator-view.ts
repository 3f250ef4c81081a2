import { type Batch, messageSchema, type OperatorBatch, type Policy, type RampStage } from '@caio/contracts';
import { dayCap } from '@caio/dispatch-core';
import type { ActionStore, BatchStore, StoredAction } from '@caio/state-store';

/** How the former operator named the parts of a batch. Everything is read from the store; nothing is changed. */

const leadsShown = 100;
const readAtOnce = 500;

/** Limits a day; without a word about the ramp, those it allows. */
export const warmupOf = (policy: Policy, stage?: RampStage) => ({
  email_daily_limit: dayCap(policy, 'email', stage),
  linkedin_daily_limit: dayCap(policy, 'linkedin'),
});

const recipientOf = ({ bytes }: StoredAction): { name: string | null; company: string | null } => {
  try {
    return messageSchema.parse(JSON.parse(bytes)).recipient;
  } catch {
    // A stored text that cannot be read is told by the preview and by admission; here only its name is missing.
    return { name: null, company: null };
  }
};

export interface OperatorViewDependencies {
  readonly batches: Pick<BatchStore, 'actionIds' | 'times'>;
  readonly actions: Pick<ActionStore, 'readMany'>;
  readonly policy: Policy;
}

export const operatorBatchOf = async (
  deps: OperatorViewDependencies,
  batch: Batch,
): Promise<OperatorBatch> => {
  const ids = await deps.batches.actionIds(batch.batchId);
  const tiers: Record<string, number> = {};
  const draftIds: string[] = [];
  const leads: OperatorBatch['leads_preview'] = [];
  const channels = { email: 0, linkedin: 0 };
  for (let start = 0; start < ids.length; start += readAtOnce) {
    for (const action of await deps.actions.readMany(ids.slice(start, start + readAtOnce))) {
      const { email, tier, channel, draftId } = action;
      tiers[tier] = (tiers[tier] ?? 0) + 1;
      channels[channel] += 1;
      draftIds.push(draftId);
      if (leads.length === leadsShown) continue;
      const { name, company } = recipientOf(action);
      leads.push({ email, name, company, tier, channel, shadow_email_id: draftId });
    }
  }
  const [times] = await deps.batches.times([batch.batchId]);
  const isRejected = batch.status === 'rejected' || batch.status === 'revoked';
  const total = ids.length;
  return {
    batch_id: batch.batchId,
    created_at: batch.createdAt,
    motion: batch.motion,
    status: batch.status,
    warmup_schedule: warmupOf(deps.policy, batch.rampStage),
    leads_preview: leads,
    preview_path: `/api/batches/${batch.batchId}/preview`,
    total_email_leads: channels.email,
    total_linkedin_leads: channels.linkedin,
    total_revival_candidates: batch.motion === 'revival' ? total : 0,
    total_cadence_due: batch.motion === 'cadence' ? total : 0,
    tier_breakdown: tiers,
    approved_shadow_email_ids: draftIds,
    preview_hash: batch.previewHash,
    expires_at: batch.expiresAt,
    approved_at: batch.approvedAt,
    approved_by: batch.approvedBy,
    rejected_at: isRejected ? (times?.changedAt ?? null) : null,
    rejected_reason: isRejected ? batch.closedReason : null,
    executed_at: times?.claimedAt ?? null,
    execution_report:
      batch.executionId === null
        ? null
        : { run_id: batch.executionId, motion: batch.motion, counts: batch.counts },
  };
};
