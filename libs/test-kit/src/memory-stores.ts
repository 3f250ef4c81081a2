/** A claim-and-save registry in memory, as several processes would share it. `nowMs` decides when claims end. */
export function createMemoryCampaignRegistry({ nowMs }: { readonly nowMs: () => number }) {
  const saved = new Map<string, string>();
  const claims = new Map<string, { token: string; endsAtMs: number }>();
  const holds = (name: string, token: string): boolean => {
    const claim = claims.get(name);
    return claim !== undefined && claim.token === token && claim.endsAtMs > nowMs();
  };
  return {
    read: (name: string): Promise<string | null> => Promise.resolve(saved.get(name) ?? null),
    claim: (name: string, token: string, ttlMs: number): Promise<boolean> => {
      const claim = claims.get(name);
      const isFree = claim === undefined || claim.endsAtMs <= nowMs();
      if (isFree) claims.set(name, { token, endsAtMs: nowMs() + ttlMs });
      return Promise.resolve(isFree);
    },
    save: (name: string, token: string, campaignId: string): Promise<boolean> => {
      const isHolder = holds(name, token);
      if (isHolder) saved.set(name, campaignId);
      return Promise.resolve(isHolder);
    },
    release: (name: string, token: string): Promise<void> => {
      if (claims.get(name)?.token === token) claims.delete(name);
      return Promise.resolve();
    },
  };
}

/** Write-once evidence per action, in memory. */
export function createMemoryEvidenceStore<E>() {
  const kept = new Map<string, E>();
  return {
    save: (actionId: string, evidence: E): Promise<'saved' | 'present'> => {
      if (kept.has(actionId)) return Promise.resolve('present');
      kept.set(actionId, evidence);
      return Promise.resolve('saved');
    },
    read: (actionId: string): Promise<E | null> => Promise.resolve(kept.get(actionId) ?? null),
  };
}
