import type { Judgement, Lead } from '@caio/contracts';
import type { CompiledCopyPack } from '@caio/outreach-core';

/** What one company says about who it writes to and how: data, never code. */
export interface CompanyRules {
  readonly pack: CompiledCopyPack;
  readonly judge: (lead: Lead) => Judgement;
}
