/** A rehearsed mishap: at the given hit of a point, counted from 1, the process ends or stands still. */
export interface Fault {
  kind: 'kill' | 'stop';
  point: string;
  hit: number;
}

export interface FaultPoints {
  /** Marks a place where a mishap is worth rehearsing. Does nothing without a plan. */
  reach(point: string): void;
  /** `target`, reaching `before-<step>` and `after-<step>` around the methods named in `steps`. */
  around<T extends object>(target: T, steps: Readonly<Partial<Record<keyof T, string>>>): T;
}

const kinds: Readonly<Record<string, Fault['kind']>> = { kill: 'kill', stop: 'stop' };

/**
 * Reads FAULT_PLAN: `kill:<point>:<hit>` or `stop:<point>:<hit>`, several joined by commas. Who stops a process lets it
 * go on with SIGCONT.
 */
export const parseFaultPlan = (
  plan: string,
): { ok: true; value: readonly Fault[] } | { ok: false; problem: string } => {
  const faults: Fault[] = [];
  for (const part of plan.split(',')) {
    const found = /^(kill|stop):([a-z0-9][a-z0-9-]{0,60}):([1-9]\d{0,8})$/.exec(part.trim());
    const kind = kinds[found?.[1] ?? ''];
    if (kind === undefined || found?.[2] === undefined) {
      return {
        ok: false,
        problem: 'is not of the form kill:<point>:<hit> or stop:<point>:<hit>, joined by commas',
      };
    }
    faults.push({ kind, point: found[2], hit: Number(found[3]) });
  }
  return { ok: true, value: faults };
};

const none: FaultPoints = Object.freeze({ reach: () => undefined, around: <T>(target: T): T => target });

const signalOf = { kill: 'SIGKILL', stop: 'SIGSTOP' } as const;

/** Calls the method with `target` as its receiver, so that it finds its own fields. */
const marked =
  (target: object, method: (...given: unknown[]) => unknown, step: string, reach: (point: string) => void) =>
  (...given: unknown[]): unknown => {
    reach(`before-${step}`);
    const answer = Reflect.apply(method, target, given);
    if (!(answer instanceof Promise)) {
      reach(`after-${step}`);
      return answer;
    }
    return answer.then((value: unknown) => {
      reach(`after-${step}`);
      return value;
    });
  };

/**
 * Fault points of this process. `send` ends it the way a crash does, or stops it where it stands; it is a parameter so
 * that a test can watch it. Plans come from FAULT_PLAN, which the configuration refuses outside local and test
 * environments.
 */
export const createFaultPoints = (
  plan: readonly Fault[],
  send: (signal: 'SIGKILL' | 'SIGSTOP') => void = (signal) => void process.kill(process.pid, signal),
): FaultPoints => {
  if (plan.length === 0) return none;
  const hits = new Map<string, number>();
  const planned = new Map(plan.map(({ kind, point, hit }) => [`${point}:${hit}`, kind]));
  const reach = (point: string): void => {
    const hit = (hits.get(point) ?? 0) + 1;
    hits.set(point, hit);
    const kind = planned.get(`${point}:${hit}`);
    if (kind !== undefined) send(signalOf[kind]);
  };
  return {
    reach,
    around: (target, steps) =>
      new Proxy(target, {
        get: (_, name) => {
          const value: unknown = Reflect.get(target, name, target);
          const step: unknown = Reflect.get(steps, name);
          return typeof value === 'function' && typeof step === 'string'
            ? marked(target, (...given) => Reflect.apply(value, target, given), step, reach)
            : value;
        },
      }),
  };
};
