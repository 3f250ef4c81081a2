import type { Lead } from '@caio/contracts';
import type { CompiledCopyPack, CompiledTemplate } from '../copy-pack/compiled-copy-pack.ts';
import { addresseeOf } from './addressee.ts';
import type { Addressee } from './addressee.ts';
import type { DraftRequest } from './drafter.ts';

/** FNV-1a, 32 bits: spreads leads over equal templates the same way on every machine. */
const stableHash = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
};

const isLeadField = (need: string, lead: Lead): need is keyof Lead & string => need in lead;

const hasNeed = (need: string, request: DraftRequest): boolean => {
  if (need.startsWith('evidence:')) {
    return request.evidence.some(({ kind }) => `evidence:${kind}` === need);
  }
  return isLeadField(need, request.lead) && request.lead[need] !== null && request.lead[need] !== '';
};

const suits = ({ template }: CompiledTemplate, request: DraftRequest, addressee: Addressee): boolean =>
  template.motion === request.motion &&
  template.step === request.step &&
  request.tier !== null &&
  template.tiers.includes(request.tier) &&
  (template.audiences.length === 0 ||
    (addressee.audience !== null && template.audiences.includes(addressee.audience.id))) &&
  (template.industries.length === 0 ||
    (addressee.industry !== null && template.industries.includes(addressee.industry.id))) &&
  template.needs.every((need) => hasNeed(need, request));

/**
 * The templates that may be used for a request, best first: those no colleague has, then by priority; equal
 * ones in an order that depends on the lead's address alone, so the same lead gets the same text again.
 */
export const templatesFor = (pack: CompiledCopyPack, request: DraftRequest): readonly CompiledTemplate[] => {
  const addressee = addresseeOf(request.lead, pack);
  const person = (request.lead.email ?? request.lead.linkedinUrl ?? '').trim().toLowerCase();
  const rank = (candidate: CompiledTemplate) => ({
    candidate,
    taken: request.takenTemplateIds.includes(candidate.template.id) ? 1 : 0,
    place: stableHash(`${candidate.template.id}|${person}`),
  });
  return pack.templates
    .filter((candidate) => suits(candidate, request, addressee))
    .map(rank)
    .sort(
      (a, b) =>
        a.taken - b.taken ||
        a.candidate.template.priority - b.candidate.template.priority ||
        a.place - b.place ||
        a.candidate.template.id.localeCompare(b.candidate.template.id, 'en'),
    )
    .map(({ candidate }) => candidate);
};
