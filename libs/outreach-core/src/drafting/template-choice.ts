import type { Lead } from '@caio/contracts';
import type { CompiledCopyPack, CompiledTemplate } from '../copy-pack/compiled-copy-pack.ts';
import { addresseeOf } from './addressee.ts';
import type { Addressee } from './addressee.ts';
import type { DraftRequest } from './drafter.ts';
import { leadValuesOf } from './lead-values.ts';

/** FNV-1a, 32 bits: spreads leads over equal templates the same way on every machine. */
const stableHash = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
};

const hasEvidence = (need: string, request: DraftRequest): boolean =>
  !need.startsWith('evidence:') || request.evidence.some(({ kind }) => `evidence:${kind}` === need);

/** The lead fields a template needs and the lead, read as a text would name it, does not have. */
export const missingNeeds = ({ template }: CompiledTemplate, lead: Lead): readonly string[] => {
  const spoken = new Map<string, unknown>(Object.entries(leadValuesOf(lead)));
  const raw = new Map<string, unknown>(Object.entries(lead));
  return template.needs
    .filter((need) => !need.startsWith('evidence:'))
    .filter((need) => ((spoken.has(need) ? spoken.get(need) : raw.get(need)) ?? '') === '');
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
  template.needs.every((need) => hasEvidence(need, request));

/**
 * The templates that may be used for a request, best first: those no colleague has, then by priority; equal
 * ones in an order that depends on the lead's address alone, so the same lead gets the same text again. Whether
 * the lead has the fields a template needs is asked later, so that an answer can name what is missing.
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
