import type { BatchId, Message } from '@caio/contracts';
import { createCampaignRegistry } from '@caio/state-store';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  type Fault,
  type ProviderSimulator,
  sealMessage,
  startProviderSimulator,
} from '@caio/test-kit';
import type { ActionQuery, Handover, ProviderAdapter } from '../provider-port.ts';
import { createHeyreachAdapter, type HeyreachOptions } from '../providers/heyreach.ts';
import { openRealStore } from './real-store.ts';

export const profileOf = (name: string): string => `https://www.linkedin.com/in/${name}-example`;

/** A LinkedIn message: its body alone, to a profile. */
export const linkedinMessageTo = (name: string, overrides: Partial<Message> = {}): Message =>
  buildMessage({
    channel: 'linkedin',
    route: 'cold_linkedin',
    recipient: {
      email: '',
      name: `${name} de la Cruz`,
      company: 'Meadow Works',
      linkedinUrl: profileOf(name),
    },
    recipientKey: `linkedin:${name}-example`,
    ...{ subject: '', footer: '', unsubscribeUrl: '', headers: {} },
    body: `Hello ${name},\n\nthis one is for you alone — 50 % and "quotes" & <tags>.`,
    ...overrides,
  });

export const onAdd = (effect: Fault['effect']): Fault => ({
  endpoint: 'heyreach POST /list/AddLeadsToListV2',
  effect,
});

/** A simulated HeyReach workspace and what it takes to hand messages to it. */
export async function openHeyreachWorkbench(namespace: number) {
  const simulator = await startProviderSimulator({ apiKey: 'sandbox-key' });
  const store = await openRealStore();
  const { redis, keys } = await store.openSession();
  const clock = createManualClock();
  const ids = createIdSource(namespace);
  const open: ProviderAdapter[] = [];
  const registry = createCampaignRegistry({ redis, keys });

  return {
    simulator,
    clock,
    ids,
    registry,
    /** A new adapter remembers nothing, like a new process; all share the registry. */
    startAdapter: (overrides: Partial<HeyreachOptions> = {}): ProviderAdapter => {
      const adapter = createHeyreachAdapter({
        ...{ mode: 'sandbox', environment: 'test', baseUrl: simulator.url, apiKey: 'sandbox-key', registry },
        ...{ monotonicMs: clock.monotonicMs, nowMs: clock.nowMs, newToken: ids.ulid, timeoutMs: 5_000 },
        pause: () => new Promise((resolve) => void setImmediate(resolve)),
        ...overrides,
      });
      open.push(adapter);
      return adapter;
    },
    handoverTo: (batchId: BatchId, name: string, overrides: Partial<Message> = {}): Handover => {
      const message = linkedinMessageTo(name, overrides);
      return {
        ...{ actionId: ids.actionId(), attemptId: ids.attemptId(), batchId, tier: 'tier_1', message },
        ...sealMessage(message),
        correlationId: ids.correlationId(),
        sendDeadlineMs: clock.monotonicMs() + 10_000,
      };
    },
    /** The one list of a batch at the vendor. */
    listOf: (batchId: BatchId): ReturnType<ProviderSimulator['heyreach']['lists']>[number] => {
      const [list, ...twins] = simulator.heyreach.lists().filter(({ name }) => name.includes(batchId));
      if (list === undefined || twins.length > 0) throw new Error(`${twins.length + 1} lists of ${batchId}`);
      return list;
    },
    clear: async (): Promise<void> => {
      simulator.setFaults([]);
      simulator.heyreach.spellCounts('addedLeadsCount');
      simulator.clear('caio_');
      await Promise.all(open.splice(0).map((adapter) => adapter.close()));
    },
    close: async (): Promise<void> => {
      await simulator.close();
      await store.close();
    },
  };
}

export type HeyreachWorkbench = Awaited<ReturnType<typeof openHeyreachWorkbench>>;

export const heyreachQueryOf = ({
  actionId,
  batchId,
  tier,
  message,
  correlationId,
}: Handover): ActionQuery => ({
  ...{ actionId, batchId, tier, senderKey: message.senderKey, correlationId },
});
