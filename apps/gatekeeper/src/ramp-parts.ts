import type { RampStage } from '@caio/contracts';
import type { Chore } from '@caio/service-kit';
import {
  type ActionStore,
  type AuditLog,
  createRampStore,
  type GateLists,
  type RampStore,
  type StoreLifecycle,
  type StoreSession,
} from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { RulesInForce } from './rules-in-force.ts';
import { createCloseRampDays } from './use-cases/close-ramp-days.ts';
import { createReadRampDays } from './use-cases/read-ramp-days.ts';
import { createShowRamp, type ShowRamp } from './use-cases/show-ramp.ts';

export interface RampParts {
  readonly ramp: RampStore;
  readonly showRamp: ShowRamp;
  /** The ramp of the policy in force, as a freeze seals it. */
  readonly readRampStage: () => Promise<RampStage>;
  /** Keeps the days that are over; answers how many this call kept. */
  readonly closeDays: () => Promise<number>;
  readonly chores: readonly Chore[];
}

/** Everything about the ramp of the policy in force. */
export const createRampParts = (deps: {
  session: StoreSession;
  actions: Pick<ActionStore, 'sentOn'>;
  audit: Pick<AuditLog, 'rowsBetween'>;
  lists: Pick<GateLists, 'readHalt'>;
  lifecycle: Pick<StoreLifecycle, 'isRecovering'>;
  rules: RulesInForce;
  logger: Logger;
  newCorrelationId: () => string;
  /** The store's own clock, unless it is given. */
  storeNowMs?: () => Promise<number>;
}): RampParts => {
  const { rules } = deps;
  const { policy, emergencyStop } = rules;
  const stored = createRampStore(deps.session);
  const ramp = { ...stored, storeNowMs: deps.storeNowMs ?? stored.storeNowMs };
  const readDays = createReadRampDays({ ...deps, ramp, timezone: policy.timezone, emergencyStop });
  const closeDays = createCloseRampDays({ ...deps, ramp, readDays, policy, emergencyStop });
  return {
    ramp,
    showRamp: createShowRamp({ ...deps, ramp, readDays }),
    readRampStage: () => ramp.stage(policy),
    closeDays,
    chores: [{ name: 'close-ramp-days', everyMs: 30_000, run: closeDays }],
  };
};
