import type { DispatchActionJob } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { sha256Hex } from '../../digest.ts';
import type { GateBench } from '../gate-bench.ts';
import type { Choice } from './choice.ts';
import type { World } from './world.ts';

/** What an attack left behind: who may not be sent any more, and how the system is then asked to send. */
export interface Attack {
  /** None of these may reach a provider. */
  readonly mayNotLeave: readonly string[];
  /** Asked to start before anything is dispatched. */
  readonly execute?: readonly string[];
  /** Jobs of the queue, instead of the ones that were made at the claim. */
  readonly jobs?: readonly DispatchActionJob[];
  /** The gatekeeper that works on it, when it is not the one that froze the batch. */
  readonly by?: GateBench;
  /** The name of a refusal that came before anything could be executed. */
  readonly refused?: string;
}

export interface AttackKind {
  readonly name: string;
  readonly stage: 'approved' | 'executing';
  readonly carryOut: (world: World, choice: Choice) => Promise<Attack>;
}

export const digestOfNothing = 'f'.repeat(64);
export const anyHex = (choice: Choice): string =>
  Array.from({ length: 64 }, () => '0123456789abcdef'[choice.upTo(15)] ?? '0').join('');

export const setAction = (world: World, actionId: string, fields: Record<string, string>): Promise<unknown> =>
  world.redis.hset(world.keys.action(actionId), fields);
export const setBatch = (world: World, batchId: string, fields: Record<string, string>): Promise<unknown> =>
  world.redis.hset(world.keys.batch(batchId), fields);

/** The hash that the batch would have now, as whoever knows how it is made can compute it. */
export const rehash = async (world: World, batchId: string): Promise<string> => {
  const batch = await world.bench.batches.read(batchId);
  if (batch === null) throw new Error(`there is no batch ${batchId}`);
  const actions = await world.bench.batches.previewActions(batchId);
  return sha256Hex(previewBytes({ ...batch, version: 1, environment: 'test', actions }));
};

export const otherThan = <T>(list: readonly T[], one: T, choice: Choice): T =>
  choice.of(list.filter((item) => item !== one));
