/** A rehearsed crash: `kill:<point>:<hit>` ends the process at the given hit of a point, counted from 1. */
export interface Fault {
  point: string;
  hit: number;
}

export interface FaultPoints {
  /** Marks a place where a crash is worth rehearsing. Does nothing without a plan. */
  reach(point: string): void;
}

/** Reads FAULT_PLAN: `kill:<point>:<hit>`, several joined by commas. */
export const parseFaultPlan = (
  plan: string,
): { ok: true; value: readonly Fault[] } | { ok: false; problem: string } => {
  const faults: Fault[] = [];
  for (const part of plan.split(',')) {
    const found = /^kill:([a-z0-9][a-z0-9-]{0,60}):([1-9]\d{0,8})$/.exec(part.trim());
    if (found?.[1] === undefined) {
      return { ok: false, problem: 'is not of the form kill:<point>:<hit>, joined by commas' };
    }
    faults.push({ point: found[1], hit: Number(found[2]) });
  }
  return { ok: true, value: faults };
};

const none: FaultPoints = Object.freeze({ reach: () => undefined });

/**
 * Fault points of this process. `kill` ends it the way a crash does; it is a parameter so that a test can watch
 * it. Plans come from FAULT_PLAN, which the configuration refuses outside local and test environments.
 */
export const createFaultPoints = (
  plan: readonly Fault[],
  kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
): FaultPoints => {
  if (plan.length === 0) return none;
  const hits = new Map<string, number>();
  const deaths = new Set(plan.map(({ point, hit }) => `${point}:${hit}`));
  return {
    reach: (point) => {
      const hit = (hits.get(point) ?? 0) + 1;
      hits.set(point, hit);
      if (deaths.has(`${point}:${hit}`)) kill();
    },
  };
};
