import type { ActionStore, BatchStore, StoredAction } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import { messageOf } from '../frozen-message.ts';
import type { CampaignControl, HeldGroup, ProviderAdapter } from '../provider-port.ts';
import type { Seals } from '../seals.ts';

/** The messages of one batch that one campaign at one provider holds. */
export interface LoadedGroup {
  readonly adapter: ProviderAdapter;
  readonly campaigns: CampaignControl;
  readonly group: HeldGroup;
  readonly actions: readonly StoredAction[];
}

export interface LoadedGroups {
  readonly groups: readonly LoadedGroup[];
  /** Held messages that no campaign of a provider of this process can be told about, each with why. */
  readonly outside: readonly { readonly actionId: string; readonly code: string }[];
}

const readAtOnce = 500;

export const createLoadHeldGroups = (deps: {
  batches: Pick<BatchStore, 'actionIds'>;
  actions: Pick<ActionStore, 'readWhole'>;
  seals: Pick<Seals, 'action'>;
  adapterOf: (action: StoredAction) => ProviderAdapter | null;
}) => {
  /** Null while the stored message is the sealed one. */
  const brokenBy = (action: StoredAction): string | null =>
    deps.seals.action(action) === action.seal && sha256Hex(action.bytes) === action.digest
      ? null
      : 'content_mismatch';

  /** Every message of a batch in one of these states, in the order of the batch. */
  const read = async (batchId: string, ...statuses: readonly StoredAction['status'][]) => {
    const ids = await deps.batches.actionIds(batchId);
    const actions: StoredAction[] = [];
    const damaged: string[] = [];
    for (let start = 0; start < ids.length; start += readAtOnce) {
      const chunk = ids.slice(start, start + readAtOnce);
      (await deps.actions.readWhole(chunk)).forEach((action, index) => {
        if (action === null) damaged.push(chunk[index] ?? '');
        else if (statuses.includes(action.status)) actions.push(action);
      });
    }
    return { actions, damaged };
  };

  const groupsOf = (actions: readonly StoredAction[], correlationId: string): LoadedGroups => {
    const outside: { actionId: string; code: string }[] = [];
    const byCampaign = new Map<string, { adapter: ProviderAdapter; actions: StoredAction[] }>();
    for (const action of actions) {
      const adapter = deps.adapterOf(action);
      const broken = brokenBy(action);
      if (broken !== null) outside.push({ actionId: action.actionId, code: broken });
      else if (adapter?.campaigns === undefined)
        outside.push({ actionId: action.actionId, code: 'not_held' });
      else {
        const key = JSON.stringify([adapter.name, action.tier, messageOf(action)?.senderKey]);
        const group = byCampaign.get(key) ?? { adapter, actions: [] };
        group.actions.push(action);
        byCampaign.set(key, group);
      }
    }
    const groups = [...byCampaign.values()].flatMap(({ adapter, actions: own }): LoadedGroup[] => {
      const [first] = own;
      const message = first === undefined ? null : messageOf(first);
      if (first === undefined || message === null || adapter.campaigns === undefined) return [];
      const { batchId, tier } = first;
      return [
        {
          ...{ adapter, campaigns: adapter.campaigns, actions: own },
          group: {
            ...{ batchId, tier, senderKey: message.senderKey, message, correlationId },
            actions: own
              .filter(({ status }) => status === 'handed_over')
              .map(({ actionId, digest }) => ({ actionId, contentDigest: digest })),
          },
        },
      ];
    });
    return { groups, outside };
  };

  return {
    /** What is held of a batch. */
    load: async (batchId: string, correlationId: string): Promise<LoadedGroups> => {
      const { actions, damaged } = await read(batchId, 'handed_over');
      const { groups, outside } = groupsOf(actions, correlationId);
      const unreadable = damaged.map((actionId) => ({ actionId, code: 'record_unreadable' }));
      return { groups, outside: [...unreadable, ...outside] };
    },
    /** What was once held of a batch, to find what it left behind. */
    loadEnded: async (batchId: string, correlationId: string): Promise<readonly LoadedGroup[]> => {
      const { actions } = await read(batchId, 'handed_over', 'left', 'taken_back');
      return groupsOf(actions, correlationId).groups;
    },
  };
};

export type LoadHeldGroups = ReturnType<typeof createLoadHeldGroups>;
