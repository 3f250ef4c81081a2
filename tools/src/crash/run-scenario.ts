import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@caio/test-kit';
import { compare, type Verdict } from './comparison.ts';
import { createDirector } from './director.ts';
import { readEverything, verifyAudit } from './gather.ts';
import type { Scenario } from './scenario.ts';
import { createStory } from './story.ts';
import { openWorld } from './world.ts';

export interface Outcome {
  readonly scenario: Scenario;
  readonly verdict: Verdict;
  /** Points at which a fault really struck, with how: `kill after-admit`, `store-older`, `provider POST /leads cut`. */
  readonly struck: readonly string[];
  readonly messages: number;
  readonly tookMs: number;
  /** From the execution to the last message at the provider. */
  readonly sendingMs: number;
}

const minderMs = 25;
const never: Promise<never> = new Promise(() => undefined);
const preparedMs = 150_000;

/**
 * Carries out one scenario on processes, a store and a provider of its own, heals everything, waits until nothing moves
 * any more, and compares what the provider was handed with what the ledger says. Throws only when the scenario itself
 * cannot be set up.
 */
export const runScenario = async (
  scenario: Scenario,
  { root, bundle, quietMs = 75_000 }: { root: string; bundle: string; quietMs?: number },
): Promise<Outcome> => {
  const startedAt = performance.now();
  const struck = new Set<string>();
  const stops: number[] = [];
  const world = await openWorld(scenario, {
    root,
    bundle,
    onFault: (point, kind, index) => {
      struck.add(`${kind} ${point}`);
      if (kind === 'stop') stops.push(index);
    },
  });
  const { members, store, keys, simulator } = world;
  const story = createStory(scenario, world, root);
  const director = createDirector(scenario, world, story);
  const twins = scenario.twins
    ? [{ endpoint: 'POST /leads' as const, effect: { kind: 'twins' as const } }]
    : [];
  let isOver = false;
  let failure: string | null = null;
  const pending: Promise<unknown>[] = [];
  const aside = (work: Promise<unknown>): void => {
    pending.push(
      work.catch((error: unknown) => {
        failure ??= error instanceof Error ? error.message : String(error);
      }),
    );
  };

  /** Holds a process that stopped itself for as long as planned; the store may be struck meanwhile. */
  const hold = async (index: number): Promise<void> => {
    const member = members[index];
    const pid = member?.pid();
    const stopped = member?.lived().at(-1)?.stopped.at(-1);
    for (const actionId of await store.redis.zrange(keys.actionsSending, '0', '-1')) {
      const [owner, admittedAt] = await store.redis.hmget(keys.action(actionId), 'owner', 'admittedAt');
      if (owner?.split('.')[1] === String(pid) && admittedAt !== null) stopped?.actionIds.add(actionId);
    }
    if (scenario.whileStopped !== 'nothing') {
      await director.strike(scenario.whileStopped);
      struck.add(scenario.whileStopped);
    }
    await pause(scenario.stopMs);
    member?.goOn();
  };

  const mishaps = [...scenario.mishaps];
  const mind = async (): Promise<void> => {
    while (!isOver) {
      for (const member of members) member.noticeStop();
      for (let index = stops.shift(); index !== undefined; index = stops.shift()) aside(hold(index));
      const handed = story.state.isExecuting ? simulator.log().length : -2;
      for (const mishap of mishaps.filter(({ after }) => after <= handed)) {
        mishaps.splice(mishaps.indexOf(mishap), 1);
        struck.add(mishap.kind);
        aside(director.carryOut(mishap));
      }
      await pause(minderMs);
    }
  };

  /** Nothing of it is left but what a person has to decide. */
  const waitsForPersons = async (batchId: string): Promise<boolean> => {
    const ids = await store.redis.zrange(keys.batchActions(batchId), '0', '-1');
    const open = [];
    for (const id of ids) {
      const status = (await store.redis.hget(keys.action(id), 'status')) ?? '';
      if (/^(frozen|queued|sending|unknown)$/.test(status)) open.push({ id, status });
    }
    return (
      open.length > 0 &&
      open.every(({ id, status }) => status === 'unknown' && director.demanded.get(id)?.status === 'unknown')
    );
  };

  const settle = async (): Promise<string | null> => {
    try {
      await waitFor(
        async () => {
          await director.liftOwnStop();
          for (const batchId of story.state.approvedBatches) {
            const status = await store.redis.hget(keys.batch(batchId), 'status');
            if (status === 'approved') await world.ask('POST', `/api/batches/${batchId}/execute`);
            if (status === 'approved') return false;
            if (status === 'executing' && !(await waitsForPersons(batchId))) return false;
          }
          // Who was barred after their message was handed over has it taken back.
          return (await store.redis.zcard(keys.actionsTakingBack)) === 0;
        },
        { timeoutMs: quietMs, intervalMs: 100, describe: 'every batch to end' },
      );
      await waitFor(
        async () => {
          const [last] = await store.redis.xrevrange(keys.audit, '+', '-', 'COUNT', 1);
          return (await store.redis.hget(keys.auditHead, 'lastId')) === last?.[0];
        },
        { timeoutMs: 10_000, intervalMs: 50, describe: 'the audit to be sealed' },
      );
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  try {
    for (const member of members) {
      member.start();
      aside(member.failed());
    }
    const minder = mind();
    await Promise.race([
      story.prepare(),
      ...members.map((member) => member.failed().then(() => never)),
      pause(preparedMs, undefined, { ref: false }).then(() => {
        throw new Error(`the batches of ${scenario.name} could not be prepared: ${failure ?? 'no answer'}`);
      }),
    ]);
    simulator.setFaults([...scenario.provider, ...twins]);
    await director.demandPersons();
    for (const mishap of mishaps.filter(({ after }) => after < 0)) {
      mishaps.splice(mishaps.indexOf(mishap), 1);
      struck.add(mishap.kind);
      await director.carryOut(mishap);
    }
    const executingSince = Date.now();
    await story.execute();
    const isHealable = (): boolean =>
      mishaps.length === 0 && members.every((member) => member.isUp()) && !director.isHalted();
    const executedAt = performance.now();
    await waitFor(
      async () => {
        const passed = performance.now() - executedAt;
        if (passed > scenario.healAfterMs) return true;
        const left = await Promise.all([
          ...[keys.actionsQueued, keys.actionsSending, keys.actionsUnknown].map((key) =>
            store.redis.zcard(key),
          ),
        ]);
        return isHealable() && left.every((count) => count === 0);
      },
      { timeoutMs: 60_000, intervalMs: 50, describe: 'the time to heal' },
    );
    const met = simulator.calls();
    for (const { endpoint, effect, hit } of scenario.provider)
      if (met[endpoint] >= (typeof hit === 'number' ? hit : 1))
        struck.add(`provider ${endpoint} ${effect.kind}`);
    for (const { life } of members.flatMap((member) => member.lived()))
      if (life.clockOffsetMs !== 0) struck.add(life.clockJumpsAfterMs > 0 ? 'clock-jump' : 'clock-skew');
    simulator.setFaults([...scenario.provider.filter(({ effect }) => effect.kind === 'alter'), ...twins]);
    await Promise.all(members.map((member) => member.heal()));
    await waitFor(() => members.every((member) => member.isSound()), {
      timeoutMs: 75_000,
      describe: () => `every process to be up again (${failure ?? 'no failure'})`,
    });
    await Promise.race([
      Promise.all(pending.slice(members.length)),
      pause(15_000, undefined, { ref: false }),
    ]);
    const stuck = (await settle()) ?? failure;
    isOver = true;
    await minder;
    const older = struck.has('store-older');
    const check = stuck === null && !older ? await verifyAudit(world) : null;
    const verdict = compare({
      ...(await readEverything(world, story.state.batchIds)),
      approved: story.state.approved,
      approvedBatches: story.state.approvedBatches,
      auditProblem:
        check === null ||
        (check.firstBroken === null && !check.problems.some(({ why }) => why !== 'tail_not_sealed'))
          ? null
          : `the audit does not verify: ${JSON.stringify(check).slice(0, 300)}`,
      bars: director.bars,
      demanded: director.demanded,
      sharedPerson: scenario.sharedPerson,
      lives: members.flatMap((member) => member.lived()),
      sendDeadlineMs: world.sendDeadlineMs,
      stuck,
    });
    return {
      scenario,
      verdict,
      struck: [...struck].sort(),
      messages: story.state.approved.length,
      tookMs: performance.now() - startedAt,
      sendingMs: Math.max(0, ...simulator.log().map(({ at }) => Date.parse(at))) - executingSince,
    };
  } finally {
    isOver = true;
    await world.close();
  }
};

/** A scenario that could not be carried out to its end has shown nothing, which is never a pass. */
export const brokenOutcome = (scenario: Scenario, error: unknown): Outcome => ({
  scenario,
  verdict: {
    duplicated: [],
    lost: [`the scenario did not come to its end: ${error instanceof Error ? error.message : String(error)}`],
    unapproved: [],
    contradictions: [],
  },
  struck: [],
  messages: 0,
  tookMs: 0,
  sendingMs: 0,
});
