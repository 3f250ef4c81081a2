import type { Batch } from '@caio/contracts';
import { sendingRules } from '@caio/dispatch-core';
import type { FaultPoints } from '@caio/service-kit';
import type {
  BatchActivation,
  BatchStore,
  GateLists,
  HeldMessageFacts,
  RefusedMessage,
} from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { allowListDigestOf, type RulesInForce } from '../rules-in-force.ts';
import { barKeysOf } from './find-barred-held.ts';
import type { LoadedGroup, LoadHeldGroups } from './held-groups.ts';
import type { WatchHeld } from './watch-held.ts';

export interface StartedCampaign {
  readonly provider: string;
  readonly campaignId: string;
  readonly messages: number;
  readonly proof: string;
}

export type ActivateOutcome =
  | { readonly outcome: 'active'; readonly batch: Batch; readonly campaigns: readonly StartedCampaign[] } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string } // 409
  | {
      readonly outcome: 'batch_expired' | 'policy_changed' | 'mode_changed' | 'halted' | 'store_recovering'; // 409, 503
    }
  /** Nothing was started: this is what changed since the hand-over. */
  | {
      readonly outcome: 'changed';
      readonly problems: readonly (Pick<RefusedMessage, 'code'> & {
        readonly actionId: string | null;
        readonly message: string;
      })[];
    } // 409
  /** Some campaigns may run: which, and what the others answered. Asking again goes on where this ended. */
  | {
      readonly outcome: 'provider_failed';
      readonly started: readonly StartedCampaign[];
      readonly failures: readonly {
        readonly provider: string;
        readonly code: string;
        readonly message: string;
      }[];
    }; // 502

const ended: ReadonlySet<string> = new Set(['executed', 'partially_executed']);

/**
 * Has the providers mail what they hold of a batch: the one step after which messages leave by themselves, asked for by
 * a person. Every message is read back first and compared with what was approved, then everything that could have
 * changed is asked in one step in the store, and only then is anything started. Whatever speaks against one message
 * starts none.
 */
export const createActivateBatch = (deps: {
  batches: Pick<BatchStore, 'read'>;
  activation: BatchActivation;
  groups: LoadHeldGroups;
  watch: Pick<WatchHeld, 'look'>;
  lists: Pick<GateLists, 'allowList'>;
  rules: RulesInForce;
  pseudonym: (key: string) => string;
  faults: FaultPoints;
  logger: Logger;
}) => {
  const { activation, rules, logger } = deps;

  /** What at the provider is not as it was handed over. */
  const differences = async (groups: readonly LoadedGroup[]) => {
    const problems: { actionId: string | null; code: string; message: string }[] = [];
    for (const { campaigns, group, adapter } of groups) {
      const seen = await campaigns.inspect(group);
      if (seen.state === 'unreadable')
        problems.push({ actionId: null, code: 'unreadable', message: seen.message });
      else if (seen.state === 'absent') {
        const message = `${adapter.name} does not have the campaign any more.`;
        problems.push({ actionId: null, code: 'campaign_missing', message });
      } else if (!seen.mailing) problems.push(...seen.problems);
    }
    return problems;
  };

  const factsOf = ({ actions }: LoadedGroup): HeldMessageFacts[] =>
    actions.map((action) => ({
      actionId: action.actionId,
      contentDigest: action.digest,
      ...barKeysOf(action, deps.pseudonym),
    }));

  const start = async (groups: readonly LoadedGroup[]) => {
    const started: StartedCampaign[] = [];
    const failures: { provider: string; code: string; message: string }[] = [];
    for (const { adapter, campaigns, group } of groups) {
      const provider = adapter.name;
      const answer = await campaigns.activate(group).catch((error: unknown) => {
        logger.error({ provider, err: error }, 'the provider adapter threw while starting a campaign');
        return {
          ok: false,
          code: 'adapter_error',
          message: 'The adapter failed in an unexpected way.',
        } as const;
      });
      if (answer.ok) {
        const { campaignId, proof } = answer;
        started.push({ provider, campaignId, proof, messages: group.actions.length });
      } else failures.push({ provider, code: answer.code, message: answer.message });
    }
    return { started, failures };
  };

  const load = async (batchId: string, correlationId: string) => {
    // What was mailed meanwhile is left, and no reason to refuse the others.
    const first = await deps.groups.load(batchId, correlationId);
    await deps.watch.look(first.groups.flatMap(({ actions }) => actions.map(({ actionId }) => actionId)));
    return deps.groups.load(batchId, correlationId);
  };

  const reread = async (batchId: string): Promise<Batch> => {
    const batch = await deps.batches.read(batchId);
    if (batch === null) throw new Error(`batch ${batchId} is gone while it was activated`);
    return batch;
  };

  return async (request: {
    batchId: string;
    actor: string;
    correlationId: string;
  }): Promise<ActivateOutcome> => {
    const { batchId, actor, correlationId } = request;
    const batch = await deps.batches.read(batchId);
    if (batch === null) return { outcome: 'not_found' };
    if (!ended.has(batch.status)) return { outcome: 'state_conflict', status: batch.status };
    if (batch.recalled !== null && batch.recalled !== undefined)
      return { outcome: 'state_conflict', status: 'recalled' };
    const { groups, outside } = await load(batchId, correlationId);
    if (groups.length === 0 && outside.length === 0) {
      return batch.activation?.state === 'active'
        ? { outcome: 'active', batch, campaigns: [] }
        : { outcome: 'state_conflict', status: 'not_held' };
    }
    const problems = [
      ...outside.map((one) => ({ ...one, message: 'It cannot be told to a provider.' })),
      ...(await differences(groups)),
    ];
    if (problems.length > 0) return { outcome: 'changed', problems };
    const actionIds = groups.flatMap(({ actions }) => actions.map(({ actionId }) => actionId));
    deps.faults.reach('before-activate-admit');
    const admitted = await activation.admit({
      ...{ batchId, actor, correlationId, messages: groups.flatMap(factsOf) },
      policyVersion: rules.policyVersion,
      deliveryModesText: rules.deliveryModesText,
      allowListDigest: allowListDigestOf(await deps.lists.allowList()),
      haltedByEnvironment: rules.emergencyStop,
      ramp: sendingRules(rules.policy, 'email').ramp,
    });
    switch (admitted.result) {
      case 'admitted':
        break;
      case 'messages_refused':
        return {
          outcome: 'changed',
          problems: admitted.refused.map((one) => ({ ...one, message: 'It may not be mailed any more.' })),
        };
      case 'state_conflict':
        return { outcome: 'state_conflict', status: admitted.detail };
      default:
        return { outcome: admitted.result };
    }
    deps.faults.reach('before-activate');
    const { started, failures } = await start(groups);
    deps.faults.reach('after-activate');
    // Of a provider that did not answer clearly nobody knows whether it mails: it counts as one that does.
    const unclear = failures.some(({ code }) => code === 'unreadable' || code === 'adapter_error');
    const runs = started.length > 0 || unclear;
    const halted = await activation.settle({
      ...{ batchId, actionIds, actor, correlationId },
      to: runs ? 'active' : 'none',
      why: runs ? 'activated' : 'provider_refused',
    });
    if (runs && (halted || rules.emergencyStop)) {
      // The stop came between the last check and the provider's answer: it wins.
      for (const { campaigns, group } of groups) {
        const paused = await campaigns.pause(group);
        if (!paused.ok)
          logger.error({ batchId, code: paused.code }, 'a campaign could not be paused after a stop');
      }
      return { outcome: 'halted' };
    }
    if (failures.length > 0) return { outcome: 'provider_failed', started, failures };
    return { outcome: 'active', batch: await reread(batchId), campaigns: started };
  };
};

export type ActivateBatch = ReturnType<typeof createActivateBatch>;
