import { containsWords, fold, foldShape, spacedWords, wordsOf } from '../copy-pack/folded-text.ts';
import { leadValuesOf, spokenCompany } from '../drafting/lead-values.ts';
import { emailKeyOf } from '../identity/email-key.ts';
import { linkedinKeyOf } from '../identity/linkedin-key.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck, GuardContext } from './guard-input.ts';

const bareLetters = (name: string): string =>
  fold(name)
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '');

const honorific: ReadonlySet<string> = new Set([
  'mr',
  'mrs',
  'ms',
  'mx',
  'dr',
  'prof',
  'professor',
  'sir',
  'madam',
]);

/** Whether a greeting fits the lead: first name, either part of it, full name, or a title with the last name. */
const greets = (name: string, { lead }: GuardContext): boolean => {
  const { firstName } = leadValuesOf(lead);
  const words = wordsOf(name).filter((word) => !honorific.has(word));
  const first = [firstName, lead.firstName].filter((part) => part !== null);
  const last = lead.lastName ?? '';
  const full = lead.fullName ?? '';
  const greeted = bareLetters(words.join(' '));
  const names = [
    ...first.flatMap((part) => [part, ...part.split(/[\s-]+/), `${part} ${last}`]),
    full,
    // "Dear Ms Ortiz": the last name alone needs the title that was taken off above.
    ...(words.length < wordsOf(name).length ? [last] : []),
  ];
  return names.some((part) => part.trim() !== '' && bareLetters(part) === greeted);
};

const place =
  /\b(?:[Yy]our (?:[\p{Ll}-]+ ){0,2}|[Yy]ou |[Tt]eam |[Pp]eople |[Cc]olleagues |[Ee]veryone |[Ff]olks |[Ww]ork |[Rr]ole |[Tt]hings |[Hh]appening |[Gg]oing on )(?:at|over at) (?<name>\p{Lu}[\p{L}\p{N}&.'-]*(?: (?:& |and |of )?\p{Lu}[\p{L}\p{N}&.'-]+)*)/gu;

const withoutForm = (name: string): string => fold(spokenCompany(name.replace(/[.,']s?$/u, '')));

const isTheirs = (name: string, { lead, pack }: GuardContext): boolean => {
  const own = [lead.company, lead.companyDomain?.split('.')[0] ?? null, pack.data.company.name].flatMap(
    (known) => (known === null || known.trim() === '' ? [] : [withoutForm(known)]),
  );
  const named = withoutForm(name);
  return own.some((known) => known === named || containsWords(known, named) || containsWords(named, known));
};

const addressPiece = /[^\s<>()[\]"',;:]+/gu;

/** Pieces first, shape second: one pattern for both would take cubic time on a line of `@`. */
const addressesIn = (text: string): readonly string[] =>
  (text.replace(/\bhttps?:\/\/\S+/gi, ' ').match(addressPiece) ?? [])
    .filter((piece) => /^[^@]+@[^@.]+(?:\.[^@.]+)*\.\p{L}{2,}\.?$/u.test(piece))
    .map((piece) => piece.replace(/\.$/, ''));

const foreignAddresses = ({ message, pack, lead }: GuardContext): readonly string[] => {
  const own = [...pack.data.senders.map(({ email }) => email), lead.email ?? ''].map(fold);
  return [message.subject, message.body, message.footer]
    .flatMap(addressesIn)
    .filter((address) => !own.includes(fold(address)));
};

export const checkRecipient: GuardCheck = (context) => {
  const { message, lead, anatomy } = context;
  const email = lead.email === null ? null : emailKeyOf(lead.email);
  const expected =
    message.channel === 'linkedin'
      ? linkedinKeyOf(lead.linkedinUrl ?? '')
      : email?.ok === true
        ? email.personKey
        : null;
  const others = [...foldShape(anatomy.prose).matchAll(place)]
    .flatMap((found) => found.groups?.['name'] ?? [])
    .filter((name) => !isTheirs(name, context));
  return listed([
    ...(expected === message.recipientKey
      ? []
      : ['the message is addressed to somebody other than the lead']),
    ...(anatomy.greetingName === null || greets(anatomy.greetingName, context)
      ? []
      : [`the text greets “${anatomy.greetingName.slice(0, 40)}”, which is not the lead's first name`]),
    ...others.map((name) => `the text speaks of “${name.slice(0, 60)}” as the lead's company`),
    ...(foreignAddresses(context).length > 0
      ? ["an e-mail address is neither the sender's nor the lead's"]
      : []),
  ]);
};

/** A text that names lines of business has to name the lead's among them, when we know it. */
export const checkIndustry: GuardCheck = ({ anatomy, addressee, pack }) => {
  const { industry } = addressee;
  if (industry === null) return null;
  const words = spacedWords(anatomy.prose);
  const named = pack.industries.filter(({ phrase }) => words.includes(spacedWords(phrase)));
  return named.length === 0 || named.some(({ phrase }) => phrase === industry.phrase)
    ? null
    : `the text speaks to ${named.map(({ phrase }) => `“${phrase}”`).join(', ')}; the lead is in “${industry.phrase}”`;
};
