import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose request this is: one id across services, and the golden case when a replay runs. */
export interface TraceContext {
  readonly correlationId: string;
  readonly caseId: string | null;
}

// The one piece of module state of this library: a context that each caller carried by hand would be no context.
const storage = new AsyncLocalStorage<TraceContext>();

/** Runs `fn` with the context; everything it awaits or schedules sees it through `currentContext()`. */
export const runInContext = <T>(context: { correlationId: string; caseId?: string | null }, fn: () => T): T =>
  storage.run({ correlationId: context.correlationId, caseId: context.caseId ?? null }, fn);

export const currentContext = (): TraceContext | undefined => storage.getStore();
