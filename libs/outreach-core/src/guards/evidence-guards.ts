import { fold, spacedWords } from '../copy-pack/folded-text.ts';
import { leadValuesOf } from '../drafting/lead-values.ts';
import type { LeadValues } from '../drafting/lead-values.ts';
import { splitAtLink } from './exact-link.ts';
import { unsupportedIn } from './claim-support.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck, GuardContext } from './guard-input.ts';

/** The footer's fixed parts hold digits that claim nothing. */
const withoutFixedParts = ({ message, pack }: GuardContext): string =>
  splitAtLink(message.footer, message.unsubscribeUrl)
    .join(' ')
    .replaceAll(pack.data.company.postalAddress, ' ');

export const checkClaims: GuardCheck = (context) => {
  const { message, claims, lead, pack } = context;
  const text = `${message.subject}\n${message.body}\n${withoutFixedParts(context)}`;
  return listed(unsupportedIn({ text, claims, lead, pack }));
};

/** What people call the company when it is what they call its domain: `Bluewater` of Bluewater Staffing. */
const shortName = ({ company, companyDomain }: LeadValues): string | null => {
  const label = companyDomain?.split('.')[0] ?? '';
  return label.length > 3 && company !== null && spacedWords(company).startsWith(` ${fold(label)} `)
    ? label
    : null;
};

const namedFields = ({
  lead,
  pack,
  anatomy,
  message,
  addressee,
  claims,
}: GuardContext): readonly string[] => {
  const values = leadValuesOf(lead);
  const words = spacedWords(`${message.subject}\n${anatomy.prose}`);
  const stands = (value: string | null) => {
    const wanted = spacedWords(value ?? '');
    return wanted.trim() !== '' && words.includes(wanted);
  };
  const fields = pack.data.guards.evidence.leadFields.filter(
    (field) =>
      stands(values[field]) ||
      (field === 'company' && (stands(lead.company) || stands(shortName(values)))) ||
      (field === 'industry' && addressee.industry !== null && stands(addressee.industry.phrase)),
  );
  const found = claims.filter(({ source, text: stated }) => source.kind === 'url' && stands(stated));
  return [...fields, ...found.map(({ text: stated }) => stated)];
};

/**
 * A text for one person names something of theirs and what it means for their work, in the text itself. What
 * the lead record says counts for nothing here: a generic text stays generic however senior its reader.
 */
export const checkEvidence: GuardCheck = (context) => {
  const { anatomy, addressee, pack } = context;
  const { leadFields, leadFieldsMin, roleImpactMin } = pack.data.guards.evidence;
  const named = namedFields(context).length;
  const audiences = addressee.audience === null ? pack.audiences : [addressee.audience];
  const impact = new Set(audiences.flatMap((audience) => audience.impact.findIn(anatomy.prose)));
  return listed([
    ...(named < leadFieldsMin
      ? [
          `the text names ${String(named)} of the lead's ${leadFields.join(', ')}; ${String(leadFieldsMin)} needed`,
        ]
      : []),
    ...(impact.size < roleImpactMin
      ? [
          addressee.audience === null
            ? 'the text does not say what it means for the work of its reader'
            : `the text does not say what it means for somebody in ${addressee.audience.id}`,
        ]
      : []),
  ]);
};
