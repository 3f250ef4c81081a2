import { isDeepStrictEqual } from 'node:util';
import { CorruptRecordError } from '@caio/state-store';
import type { GateBenches } from '../gate-bench.ts';
import type { Attack } from './attack.ts';
import { attackKinds } from './attacks.ts';
import { createChoice } from './choice.ts';
import { createWorld, type World } from './world.ts';

export interface MutationReport {
  readonly mutations: number;
  /** Messages that reached the provider although they were not, or not any more, what was approved. */
  readonly sent: number;
  /** How often each kind was answered with each name: `message.text: content_mismatch`. */
  readonly refusals: Readonly<Record<string, number>>;
  /** What went wrong, each with the seed that repeats it alone. */
  readonly failures: readonly string[];
}

/** A world is built anew now and then, so that the messages are not always the same ones. */
const mutationsPerWorld = 500;
const failuresMax = 20;

/** The names of every refusal between the attack and the provider; empty where nobody said why. */
const tryToSend = async (world: World, attack: Attack): Promise<string[]> => {
  const by = attack.by ?? world.bench;
  const names: string[] = attack.refused === undefined ? [] : [attack.refused];
  let claimed = attack.execute === undefined;
  for (const batchId of attack.execute ?? []) {
    const { outcome } = await by.executeBatch({ ...by.by, batchId });
    if (outcome === 'claimed') claimed = true;
    else names.push(outcome);
  }
  if (!claimed) return names;
  const jobs =
    attack.jobs ??
    (attack.execute === undefined
      ? [...world.own.actionIds, ...world.other.actionIds].map(world.jobOf)
      : await world.bench.actions.takeDue(50, 60_000, () => names.push('record_damaged')));
  for (const job of jobs) {
    try {
      const code = await by.dispatch(job);
      if (code !== null && attack.mayNotLeave.includes(job.actionId)) names.push(code);
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      names.push('record_damaged');
    }
  }
  return names;
};

/** What reached the provider and should not have: a barred action, or bytes that nobody approved for it. */
const wronglySent = (world: World, attack: Attack): string[] =>
  world.provider.handovers
    .filter(({ actionId, bytes, message, contentDigest, tier, batchId }) => {
      if (attack.mayNotLeave.includes(actionId)) return true;
      const original = world.originals.get(actionId);
      if (original === undefined) return true;
      const same = { bytes, message, contentDigest, tier, batchId };
      return !isDeepStrictEqual(same, {
        bytes: original.bytes,
        message: JSON.parse(original.bytes) as unknown,
        contentDigest: original.digest,
        tier: original.tier,
        batchId: original.batchId,
      });
    })
    .map(({ actionId }) => actionId);

/**
 * Changes approved batches in the store, in the queue, in the rules or at the clock, as a bug or somebody with the
 * store's password would, and asks the real gate to send them. The same seed makes the same changes.
 */
export const checkMutations = async (options: {
  benches: GateBenches;
  mutations: number;
  seed: number;
  onProgress?: (done: number) => void;
}): Promise<MutationReport> => {
  const refusals: Record<string, number> = {};
  const failures: string[] = [];
  let sent = 0;
  let world: World | undefined;
  for (let number = 0; number < options.mutations && failures.length < failuresMax; number += 1) {
    if (world === undefined || number % mutationsPerWorld === 0) world = await createWorld(options.benches);
    const seed = options.seed + number;
    const kind = attackKinds[seed % attackKinds.length];
    if (kind === undefined) throw new Error('there is no kind of mutation');
    const choice = createChoice(seed);
    await world.reset(kind.stage);
    const attack = await kind.carryOut(world, choice);
    const names = await tryToSend(world, attack);
    const wrong = wronglySent(world, attack);
    sent += wrong.length;
    if (wrong.length > 0) failures.push(`seed ${seed}: ${kind.name} (${kind.stage}) was sent`);
    else if (names.length === 0)
      failures.push(`seed ${seed}: ${kind.name} (${kind.stage}) was refused without a name`);
    for (const name of new Set(names)) {
      const entry = `${kind.name}: ${name}`;
      refusals[entry] = (refusals[entry] ?? 0) + 1;
    }
    options.onProgress?.(number + 1);
  }
  return { mutations: options.mutations, sent, refusals, failures };
};
