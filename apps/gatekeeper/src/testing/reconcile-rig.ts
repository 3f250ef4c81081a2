import type { DispatchActionJob } from '@caio/contracts';
import { createReconcileUnknown, type ReconcileDependencies } from '../use-cases/reconcile-unknown.ts';
import type { BenchOptions, GateBenches } from './gate-bench.ts';
import { patientPolicy } from './patient-policy.ts';
import { createScriptedProvider } from './scripted-provider.ts';

export type Traits = Parameters<typeof createScriptedProvider>[0];

/** A bench whose provider answers nothing clear, so that what it was sent is unknown. */
export const openReconcileRig = async (
  benches: GateBenches,
  traits: Traits = {},
  options: BenchOptions = {},
) => {
  const provider = createScriptedProvider(traits);
  const bench = await benches.createBench({
    provider: provider.adapter,
    policy: patientPolicy(),
    ...options,
  });
  /** By the clock on the wall, which does not run ahead of the store's. */
  const dispatch = (job: DispatchActionJob) => bench.dispatchWith({ now: Date.now })(job);
  const unknown = async (count = 1): Promise<DispatchActionJob[]> => {
    const { jobs } = await bench.executing(count);
    provider.script.send = () => Promise.resolve({ outcome: 'unknown', code: 'timeout', message: 'x' });
    for (const job of jobs) await dispatch(job);
    return jobs;
  };
  return {
    ...{ provider, bench, dispatch, unknown },
    oneUnknown: async (): Promise<DispatchActionJob> => {
      const [job] = await unknown();
      if (job === undefined) throw new Error('one job');
      return job;
    },
    reconciler: (part: Partial<ReconcileDependencies> = {}) =>
      createReconcileUnknown({
        actions: bench.actions,
        rules: bench.rules,
        adapterOf: bench.adapters.adapterOf,
        logger: bench.log.logger,
        isAttemptOver: () => false,
        now: bench.now,
        ...part,
      }),
    /** Longer than any byte of the last attempt could have been on its way. */
    passQuietTime: async (milliseconds = 10_001): Promise<void> => {
      for (const actionId of await bench.actions.unknownIds(1_000)) {
        const key = bench.keys.action(actionId);
        const { admittedAt, unknownSince } = await bench.redis.hgetall(key);
        const since = Number(unknownSince) - milliseconds;
        // What was admitted was admitted a lease before the last byte could have left.
        await bench.redis.hset(
          key,
          'unknownSince',
          since,
          'admittedAt',
          Math.min(Number(admittedAt), since - 30_000),
        );
      }
    },
    outcomeOf: async (job: DispatchActionJob) => (await bench.receiptOf(job.actionId))?.outcome,
    digestOf: async (job: DispatchActionJob) => (await bench.actions.read(job.actionId))?.digest ?? '',
  };
};

export type ReconcileRig = Awaited<ReturnType<typeof openReconcileRig>>;

export const nothingFound = { found: 0, released: 0, waiting: 0, needsPerson: 0 };
