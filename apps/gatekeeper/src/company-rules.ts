import type { Channel, Judgement, Lead } from '@caio/contracts';
import type { CompiledCopyPack } from '@caio/outreach-core';

/** What one company says about who it writes to and how: data, never code. */
export interface CompanyRules {
  readonly pack: CompiledCopyPack;
  /** Of a lead for a message of a channel; e-mail when left out. */
  readonly judge: (lead: Lead, channel?: Channel) => Judgement;
}
