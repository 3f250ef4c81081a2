import type { ReadinessCheck } from '@caio/service-kit';
import type { StoreLifecycle } from '@caio/state-store';

/** Redis that may throw records away is not one to decide by. */
export const createStoreReadiness = (lifecycle: Pick<StoreLifecycle, 'durability'>): ReadinessCheck => ({
  name: 'redis',
  check: async () => {
    const { evictionPolicy, appendOnly } = await lifecycle.durability();
    if (evictionPolicy !== '' && evictionPolicy !== 'noeviction') {
      return {
        ready: false,
        required: true,
        message: 'Redis may evict records; set maxmemory-policy noeviction.',
      };
    }
    return {
      ready: true,
      required: true,
      message: appendOnly ? 'ready, append-only' : 'ready, not append-only',
    };
  },
});
