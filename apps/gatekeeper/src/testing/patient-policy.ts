import type { Policy } from '@caio/contracts';
import { buildPolicy } from '@caio/test-kit';

/** A policy that never lets a provider rest, for what is asked about single messages. */
export const patientPolicy = (dispatch: Partial<Policy['dispatch']> = {}): Partial<Policy> => ({
  dispatch: {
    ...buildPolicy().dispatch,
    rest: { faultsMax: 1_000_000, firstSeconds: 1, maxSeconds: 1 },
    ...dispatch,
  },
});
