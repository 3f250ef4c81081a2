import type { Claim, Sender } from '@caio/contracts';
import type { CompiledCopyPack, CompiledTemplate } from '../copy-pack/compiled-copy-pack.ts';
import type { TemplateValues } from '../copy-pack/liquid-engine.ts';
import { addresseeOf } from './addressee.ts';
import type { Drafter, DraftRequest, NoDraft } from './drafter.ts';
import { leadValuesOf, singleLine } from './lead-values.ts';
import type { LeadValues } from './lead-values.ts';
import { missingNeeds, templatesFor } from './template-choice.ts';

const templateNames: Readonly<Record<keyof LeadValues, string>> = {
  firstName: 'first_name',
  lastName: 'last_name',
  fullName: 'full_name',
  company: 'company',
  companyDomain: 'company_domain',
  title: 'title',
  industry: 'industry',
  city: 'city',
  country: 'country',
};
const leadFields: readonly (keyof LeadValues)[] = [
  'firstName',
  'lastName',
  'fullName',
  'company',
  'companyDomain',
  'title',
  'industry',
  'city',
  'country',
];

const present = (values: LeadValues): TemplateValues =>
  Object.fromEntries(
    leadFields.flatMap((field) => {
      const value = values[field];
      return value === null ? [] : [[templateNames[field], value] as const];
    }),
  );

/** The values every text of a pack may name: who sends, for which company, where to book. */
export const packValues = (pack: CompiledCopyPack, sender: Sender): TemplateValues => ({
  sender: { name: sender.name, email: sender.email },
  company: {
    name: pack.data.company.name,
    website: pack.data.company.website,
    postal_address: pack.data.company.postalAddress,
  },
  booking_url: pack.data.bookingUrl,
});

const valuesFor = (pack: CompiledCopyPack, request: DraftRequest, sender: Sender): TemplateValues => {
  const { industry } = addresseeOf(request.lead, pack);
  const evidence = request.evidence.flatMap(({ kind, text, url }) => {
    const plain = singleLine(text);
    const link = singleLine(url);
    return plain === null || link === null ? [] : [[kind, { text: plain, url: link }] as const];
  });
  return {
    ...packValues(pack, sender),
    lead: present(leadValuesOf(request.lead)),
    industry: industry === null ? {} : { phrase: industry.phrase },
    claims: Object.fromEntries(pack.data.claims.map(({ id, text }) => [id, text])),
    evidence: Object.fromEntries(evidence),
  };
};

/** Branches that were not taken leave empty lines; a reader should not see where they were. */
const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** What the text says and rests on: a branch that was not taken makes no claim. */
const claimsOf = (
  pack: CompiledCopyPack,
  { template, variables }: CompiledTemplate,
  request: DraftRequest,
  text: string,
): Claim[] => {
  const values = leadValuesOf(request.lead);
  const aboutUs = pack.data.claims
    .filter(({ id }) => template.claims.includes(id))
    .map(({ id, text }): Claim => ({ text, source: { kind: 'pack_claim', claimId: id } }));
  const aboutLead = leadFields.flatMap((field): Claim[] => {
    const value = values[field];
    return value !== null && variables.includes(`lead.${templateNames[field]}`)
      ? [{ text: value, source: { kind: 'lead_field', field } }]
      : [];
  });
  const found = request.evidence
    .filter(({ kind }) => variables.includes(`evidence.${kind}.text`))
    .flatMap(({ text, url }): Claim[] => {
      const plain = singleLine(text);
      return plain === null ? [] : [{ text: plain, source: { kind: 'url', url } }];
    });
  return [...aboutUs, ...aboutLead, ...found].filter((claim) => text.includes(claim.text));
};

const noTemplate = (request: DraftRequest): NoDraft => ({
  ok: false,
  ruleId: 'no_template',
  message: `The copy pack has no ${request.motion} text, step ${String(request.step)}, for this person (${request.tier ?? 'no tier'}).`,
  missing: [],
});

/**
 * The drafter of a copy pack. It picks by tier, function, industry and evidence, never at random: the same
 * request always gives the same text. A template whose fields are missing gives way to the next; when none is
 * left the answer names the fields.
 */
export const createPackDrafter = (pack: CompiledCopyPack): Drafter => ({
  name: pack.version,
  draft: (request) => {
    const sender = request.sender ?? pack.defaultSender;
    const candidates = templatesFor(pack, request);
    const values = valuesFor(pack, request, sender);
    const missing = new Set<string>();
    for (const candidate of candidates) {
      const lacking = missingNeeds(candidate, request.lead);
      for (const need of lacking) missing.add(need);
      if (lacking.length > 0) continue;
      const subject = candidate.renderSubject(values);
      const body = candidate.renderBody(values);
      if (!subject.ok || !body.ok) {
        for (const part of [subject, body]) if (!part.ok) missing.add(part.missing ?? part.reason);
        continue;
      }
      const text = { subject: tidy(subject.text), body: tidy(body.text) };
      const claims = claimsOf(pack, candidate, request, `${text.subject}\n${text.body}`);
      return Promise.resolve({ ok: true, ...text, claims, templateId: candidate.template.id });
    }
    if (candidates.length === 0) return Promise.resolve(noTemplate(request));
    const message = `The lead lacks what every fitting text needs: ${[...missing].join(', ')}.`;
    return Promise.resolve({ ok: false, ruleId: 'unrendered_placeholder', message, missing: [...missing] });
  },
});
