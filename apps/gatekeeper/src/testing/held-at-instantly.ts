import type { DispatchActionJob } from '@caio/contracts';
import { createCampaignRegistry } from '@caio/state-store';
import { startProviderSimulator } from '@caio/test-kit';
import { createInstantlyAdapter } from '../providers/instantly.ts';
import type { CampaignControl, ProviderAdapter } from '../provider-port.ts';
import type { BenchOptions, GateBenches } from './gate-bench.ts';
import { openHeldMessages } from './held-rig.ts';

interface VendorThing {
  readonly id: string;
  readonly name: string;
  readonly status: number;
}

interface VendorLead {
  readonly id: string;
  readonly email: string;
  readonly campaign: string;
  readonly payload: Record<string, unknown>;
}

/** The gatekeeper on a real store with a simulated vendor behind the adapter that is used in earnest. */
export const openHeldAtInstantly = async (benches: GateBenches) => {
  const simulator = await startProviderSimulator();
  const open: ProviderAdapter[] = [];

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

  /** An environment of its own; `around` may stand between the gatekeeper and the vendor's campaigns. */
  const create = async (
    options: Omit<BenchOptions, 'provider' | 'session'> = {},
    around: (campaigns: CampaignControl) => CampaignControl = (campaigns) => campaigns,
  ) => {
    simulator.setFaults([]);
    simulator.clear('caio_');
    const session = await benches.store.openSession();
    const real = createInstantlyAdapter({
      ...{ mode: 'sandbox', environment: 'test', baseUrl: simulator.url, apiKey: 'sandbox' },
      ...{ registry: createCampaignRegistry(session), newToken: benches.testIds.ulid, timeoutMs: 5_000 },
      ...{ monotonicMs: () => performance.now(), nowMs: Date.now, visibilityLagMaxMs: 0 },
      pause: () => new Promise((resolve) => void setImmediate(resolve)),
    });
    open.push(real);
    const adapter = real.campaigns === undefined ? real : { ...real, campaigns: around(real.campaigns) };
    const bench = await benches.createBench({ ...options, session, provider: adapter });
    const held = openHeldMessages(benches, bench);
    const campaigns = async (): Promise<VendorThing[]> =>
      (await api('GET', '/campaigns?limit=100&search=caio_'))['items'] as VendorThing[];
    const leads = async (): Promise<VendorLead[]> =>
      (await api('POST', '/leads/list', { limit: 100 }))['items'] as VendorLead[];
    return {
      ...{ bench, campaigns, leads, api, simulator, ...held },
      handedOver: async (count = 1): Promise<{ batchId: string; jobs: DispatchActionJob[] }> => {
        const { batchId, jobs } = await bench.executing(count);
        // By the clock on the wall, which does not run ahead of the store's.
        for (const job of jobs) await bench.dispatchWith({ now: Date.now })(job);
        return { batchId, jobs };
      },
      emailOf: async (job: DispatchActionJob | undefined): Promise<string> =>
        (await bench.actions.read(job?.actionId ?? ''))?.email ?? '',
      outcomesOf: async (jobs: readonly DispatchActionJob[]): Promise<string[]> =>
        (await bench.actions.receipts(jobs.map(({ actionId }) => actionId))).map(({ outcome }) => outcome),
      /** The vendor mails one lead, as a started campaign would. */
      mail: async (leadId: string): Promise<void> => {
        simulator.setFaults([{ endpoint: 'GET /leads/:id', effect: { kind: 'mail_first' } }]);
        await api('GET', `/leads/${leadId}`);
        simulator.setFaults([]);
      },
      activate: (batchId: string) => held.activateBatch({ ...bench.by, batchId }),
      recall: (id: string, permissions: Parameters<typeof held.recallMessage>[0]['permissions']) =>
        held.recallMessage({ ...bench.by, id, permissions, reason: 'the price is wrong' }),
    };
  };

  return {
    create,
    close: async (): Promise<void> => {
      await Promise.all(open.map((adapter) => adapter.close()));
      await simulator.close();
    },
  };
};

export type HeldAtInstantly = Awaited<ReturnType<typeof openHeldAtInstantly>>;
export type HeldBench = Awaited<ReturnType<HeldAtInstantly['create']>>;
