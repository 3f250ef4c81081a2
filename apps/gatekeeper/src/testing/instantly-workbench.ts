import type { BatchId, Message } from '@caio/contracts';
import { createCampaignRegistry } from '@caio/state-store';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  sealMessage,
  startProviderSimulator,
  type Fault,
} from '@caio/test-kit';
import type { ActionQuery, Handover, ProviderAdapter } from '../provider-port.ts';
import type { CampaignRegistry } from '../providers/campaign-registry.ts';
import { createInstantlyAdapter, type InstantlyOptions } from '../providers/instantly.ts';
import { openRealStore } from './real-store.ts';

/** A turn of the event loop: a wait in the adapter takes no time in a test. */
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export const queryOf = ({ actionId, batchId, tier, message, correlationId }: Handover): ActionQuery => ({
  actionId,
  batchId,
  tier,
  senderKey: message.senderKey,
  correlationId,
});

export const onLead = (effect: Fault['effect'], more: Partial<Fault> = {}): Fault => ({
  endpoint: 'POST /leads',
  effect,
  ...more,
});

/** A simulated vendor and what it takes to hand messages to it. `namespace` keeps the ids of two files apart. */
export async function openInstantlyWorkbench(namespace: number) {
  const simulator = await startProviderSimulator();
  const store = await openRealStore();
  const { redis, keys } = await store.openSession();
  const clock = createManualClock();
  const ids = createIdSource(namespace);
  const open: ProviderAdapter[] = [];
  let registry: CampaignRegistry = createCampaignRegistry({ redis, keys });

  /** A new adapter remembers nothing, like a new process; all of a test share its registry. */
  const startAdapter = (overrides: Partial<InstantlyOptions> = {}): ProviderAdapter => {
    const adapter = createInstantlyAdapter({
      mode: 'sandbox',
      environment: 'test',
      baseUrl: simulator.url,
      apiKey: 'sandbox',
      registry,
      monotonicMs: clock.monotonicMs,
      nowMs: clock.nowMs,
      newToken: ids.ulid,
      pause: nextTurn,
      timeoutMs: 5_000,
      ...overrides,
    });
    open.push(adapter);
    return adapter;
  };

  const api = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${simulator.url}/api/v2${path}`, {
      method,
      headers: {
        authorization: 'Bearer sandbox',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return Object(await response.json()) as Record<string, unknown>;
  };

  return {
    simulator,
    clock,
    ids,
    api,
    startAdapter,
    registry: () => registry,
    /** Replaces parts of the registry for the adapters started from here on. */
    changeRegistry: (part: Partial<CampaignRegistry>): void => {
      registry = { ...registry, ...part };
    },
    /** Ends whoever's claim of a campaign's name now, as its time to live would later. */
    endClaim: async (name: string): Promise<void> => {
      await redis.del(keys.lock(`campaign:${name}`));
    },
    setUp: (overrides: Partial<InstantlyOptions> = {}): { adapter: ProviderAdapter; batchId: BatchId } => {
      registry = createCampaignRegistry({ redis, keys });
      return { adapter: startAdapter(overrides), batchId: ids.batchId() };
    },
    handoverTo: (batchId: BatchId, name: string, overrides: Partial<Message> = {}): Handover => {
      const message = buildMessage({
        recipient: {
          email: `${name}@meadow.example`,
          name: `${name} de la Cruz`,
          company: null,
          linkedinUrl: null,
        },
        subject: `For ${name}`,
        ...overrides,
      });
      return {
        actionId: ids.actionId(),
        attemptId: ids.attemptId(),
        batchId,
        tier: 'tier_1',
        message,
        ...sealMessage(message),
        correlationId: ids.correlationId(),
        sendDeadlineMs: clock.monotonicMs() + 10_000,
      };
    },
    campaignsAt: async (): Promise<{ id: string; name: string; status: number }[]> => {
      const { items } = await api('GET', '/campaigns?limit=100&search=caio_');
      return items as { id: string; name: string; status: number }[];
    },
    /** After each test: closes the adapters, ends the faults and empties the vendor. */
    clear: async (): Promise<void> => {
      simulator.setFaults([]);
      simulator.clear('caio_');
      await Promise.all(open.splice(0).map((adapter) => adapter.close()));
    },
    close: async (): Promise<void> => {
      await simulator.close();
      await store.close();
    },
  };
}

export type InstantlyWorkbench = Awaited<ReturnType<typeof openInstantlyWorkbench>>;
