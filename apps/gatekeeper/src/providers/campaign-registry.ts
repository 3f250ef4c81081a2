/**
 * Which provider campaign serves a name, shared by every process of one environment. A claim is a lock with a
 * holder's token; it only saves work and clutter, because a campaign is looked up by its name before one is made.
 */
export interface CampaignRegistry {
  read(name: string): Promise<string | null>;
  /** True when nobody else holds the name; the claim ends by itself after `ttlMs`. */
  claim(name: string, token: string, ttlMs: number): Promise<boolean>;
  /** Replaces what was saved. False, and nothing saved, unless `token` still holds the claim. */
  save(name: string, token: string, campaignId: string): Promise<boolean>;
  /** Ends the claim if `token` holds it. */
  release(name: string, token: string): Promise<void>;
}
