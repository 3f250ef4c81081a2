import { type DispatchActionJob, dispatchActionJobSchema } from '@caio/contracts';
import type { StoredAction } from '@caio/state-store';
import { type GateBench, type GateBenches } from '../gate-bench.ts';
import { createScriptedProvider } from '../scripted-provider.ts';

/** A batch as it was approved, and the actions in it. */
export interface ApprovedBatch {
  readonly batchId: string;
  readonly previewHash: string;
  readonly actionIds: readonly string[];
}

/** Every key of the environment with its stored form. */
type Snapshot = readonly (readonly [string, Buffer])[];

const names = [
  { firstName: 'Zoë', lastName: 'Brandt', fullName: 'Zoë Brandt' },
  { firstName: 'René', lastName: 'Ålund', fullName: 'René Ålund' },
  { firstName: 'Ada', lastName: 'Holm', fullName: 'Ada Holm' },
] as const;

/**
 * A real gate on a real store with two approved batches and one that nobody approved, which can be put back as it was
 * before or right after the claims as often as one likes.
 */
export const createWorld = async (benches: GateBenches) => {
  const provider = createScriptedProvider();
  const bench = await benches.createBench({ provider: provider.adapter });
  const { redis, keys } = bench;
  const twin = (options: Parameters<GateBenches['createBench']>[0]): Promise<GateBench> =>
    benches.createBench({ ...options, provider: provider.adapter, session: bench.session });
  const twins = {
    policy: await twin({ policyVersion: 'policy-2' }),
    nurture: await twin({ policy: { nurtureDomains: ['harborpine.example'] } }),
    tiers: await twin({ policy: { tiersAllowed: { email: ['tier_4'], linkedin: [] } } }),
    live: await twin({ mode: 'live' }),
    logOnly: await twin({ mode: 'log-only' }),
    stopped: await twin({ emergencyStop: true }),
    clock: await twin({}),
  };

  const frozenBatch = async (count: number): Promise<ApprovedBatch> => {
    const drafts = [];
    for (let number = 0; number < count; number += 1) {
      const name = names[number % names.length] ?? names[0];
      const lead = benches.leadOf();
      const email = `${name.firstName
        .normalize('NFD')
        .replace(/[^a-zA-Z]/g, '')
        .toLowerCase()}@${lead.companyDomain ?? 'a.example'}`;
      drafts.push(await bench.approvedDraft({ ...lead, ...name, email }));
    }
    const { frozen } = await bench.freeze(drafts.map(({ draftId }) => draftId));
    const actionIds = frozen.preview.actions.map(({ actionId }) => actionId);
    return { batchId: frozen.batchId, previewHash: frozen.previewHash, actionIds };
  };

  const snapshot = async (): Promise<Snapshot> => {
    const all = await redis.keys(`${keys.root}*`);
    const pipeline = redis.pipeline();
    all.forEach((key) => pipeline.dumpBuffer(key));
    return ((await pipeline.exec()) ?? []).map(([error, dump], index) => {
      if (error !== null || !Buffer.isBuffer(dump)) throw error ?? new Error('a key cannot be kept');
      return [all[index] ?? '', dump] as const;
    });
  };
  const restore = async (kept: Snapshot): Promise<void> => {
    const pipeline = redis.pipeline();
    pipeline.flushdb();
    kept.forEach(([key, dump]) => pipeline.restore(key, 0, dump));
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    provider.handovers.length = 0;
  };

  const own = await frozenBatch(3);
  const other = await frozenBatch(2);
  const unapproved = await frozenBatch(1);
  await bench.approveBatch(own.batchId, own.previewHash);
  await bench.approveBatch(other.batchId, other.previewHash);
  const approved = await snapshot();
  for (const { batchId } of [own, other]) {
    const outcome = await bench.executeBatch({ ...bench.by, batchId });
    if (outcome.outcome !== 'claimed') throw new Error(`the claim came to ${outcome.outcome}`);
  }
  const jobs = new Map((await bench.actions.takeDue(10, 60_000)).map((job) => [job.actionId as string, job]));
  const executing = await snapshot();
  const originals = new Map<string, StoredAction>();
  for (const actionId of [...own.actionIds, ...other.actionIds, ...unapproved.actionIds]) {
    const action = await bench.actions.read(actionId);
    if (action === null) throw new Error(`there is no action ${actionId}`);
    originals.set(actionId, action);
  }

  return {
    ...{ bench, benches, provider, redis, keys, twins, own, other, unapproved, originals },
    /** Puts everything back as it was: before the claims, or right after them. */
    reset: (stage: 'approved' | 'executing'): Promise<void> =>
      restore(stage === 'approved' ? approved : executing),
    jobOf: (actionId: string): DispatchActionJob => dispatchActionJobSchema.parse(jobs.get(actionId)),
    originalOf: (actionId: string): StoredAction => {
      const action = originals.get(actionId);
      if (action === undefined) throw new Error(`there is no action ${actionId}`);
      return action;
    },
  };
};

export type World = Awaited<ReturnType<typeof createWorld>>;
