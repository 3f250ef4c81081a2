import type { Policy } from '@caio/contracts';

/** What a vendor lets one account ask of it. Every window holds at once; a hand-over costs `requestsPerSend`. */
export interface RateBudget {
  readonly requestsPerSend: number;
  readonly windows: readonly { readonly windowMs: number; readonly requestsMax: number }[];
}

/** How a provider that fails is spared: rests grow from `restFirstMs` to `restMaxMs`, `faultsMax` in a row begin one. */
export interface RestRules {
  readonly faultsMax: number;
  readonly restFirstMs: number;
  readonly restMaxMs: number;
}

/** What the admission asks about the provider itself, the same for all workers. */
export interface ProviderPace extends RestRules, RateBudget {}

/** The rest is for looking up, reading back and taking back, which are asked without the gate. */
const shareOfSends = 0.8;

const shareOf = (window: RateBudget['windows'][number], requestsPerSend: number) => {
  const { windowMs } = window;
  const requestsMax = window.requestsMax * shareOfSends;
  if (windowMs <= 0 || requestsPerSend <= 0 || requestsMax < requestsPerSend * 2) {
    throw new RangeError(
      `a rate budget of ${window.requestsMax} requests in ${windowMs} ms cannot be held for sends of ${requestsPerSend} requests`,
    );
  }
  return { windowMs, requestsMax };
};

/**
 * The policy's patience with a provider and the share of the vendor's budget that sends may use. Throws RangeError on a
 * budget that two sends do not fit into, or that is none.
 */
export const providerPace = ({ dispatch }: Policy, budget: RateBudget | null): ProviderPace => ({
  faultsMax: dispatch.rest.faultsMax,
  restFirstMs: dispatch.rest.firstSeconds * 1_000,
  restMaxMs: dispatch.rest.maxSeconds * 1_000,
  requestsPerSend: budget?.requestsPerSend ?? 0,
  windows: budget === null ? [] : budget.windows.map((window) => shareOf(window, budget.requestsPerSend)),
});
