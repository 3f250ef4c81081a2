import type { Message } from '@caio/contracts';
import { fold } from '../copy-pack/folded-text.ts';
import { normaliseDomain } from '../identity/domain.ts';
import { splitAtLink } from './exact-link.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck } from './guard-input.ts';

/** Services that hide where a link leads. */
const shorteners: ReadonlySet<string> = new Set(
  'bit.ly bitly.com t.co tinyurl.com goo.gl ow.ly buff.ly is.gd v.gd rebrand.ly lnkd.in cutt.ly shorturl.at tiny.cc rb.gy t.ly bl.ink soo.gd s.id shorte.st adf.ly clck.ru qr.ae trib.al dlvr.it hubs.ly hubs.la mcaf.ee snip.ly tr.im x.co youtu.be fb.me amzn.to spoti.fi linktr.ee t.me wa.me shrtco.de urlz.fr u.to short.io bit.do po.st'.split(
    ' ',
  ),
);

/** An address in a text as it is written, and the host it opens; null when it is no public web address. */
export interface Link {
  readonly raw: string;
  readonly host: string | null;
}

const topLevels =
  'com|net|org|io|ai|co|ly|gl|example|app|dev|me|link|xyz|info|biz|us|uk|de|eu|ru|cn|gg|to|cc|tv|sh|page|site|online|shop|store|club|top|click|live|gd|gy|id|at|ink|do|st|fr|pl|nl|ch';
const linkPattern = new RegExp(
  `\\b[a-z][a-z0-9+.-]*://[^\\s<>"]+|\\b(?:javascript|data|vbscript|file|mailto|tel):[^\\s<>"]+|(?<![\\p{L}\\p{N}_@.-])(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,20}(?:${topLevels})(?![\\p{L}\\p{N}@-])(?:[/?#][^\\s<>"]*)?`,
  'giu',
);

/** The host a link opens, whatever stands before an `@`; null when it is no public web address. */
const hostOf = (raw: string): string | null => {
  const rest =
    /^(?:https?:)?\/\/(?<rest>.*)$/is.exec(raw)?.groups?.['rest'] ??
    (/^[a-z][a-z0-9+.-]*:/i.test(raw) ? null : raw);
  if (rest === null) return null;
  const authority = rest.split(/[/?#\\]/)[0] ?? '';
  if (authority.includes('@')) return null;
  return normaliseDomain(authority.replace(/:\d{1,5}$/, ''));
};

const linksIn = (text: string): readonly Link[] =>
  (text.normalize('NFKC').match(linkPattern) ?? []).map((found) => {
    const raw = found.replace(/[.,;:!?)\]'"]+$/, '');
    return { raw, host: hostOf(raw) };
  });

/** Every link of a message but this recipient's own way to unsubscribe. */
export const linksOf = (message: Message): readonly Link[] =>
  [message.subject, message.body, message.footer].flatMap((text) =>
    linksIn(splitAtLink(text, message.unsubscribeUrl).join(' ')),
  );

const isUnder = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

export const checkShorteners: GuardCheck = ({ links }) =>
  listed([
    ...new Set(
      links.flatMap(({ host }) =>
        host !== null && (shorteners.has(host) || shorteners.has(host.replace(/^www\./, '')))
          ? [`“${host}”`]
          : [],
      ),
    ),
  ]);

/** Where a text may link to: the company's own site, its booking page, listed domains, the lead's, cited pages. */
export const checkLinks: GuardCheck = (context) => {
  const { pack, claims, lead, message, links } = context;
  const { company, bookingUrl, senders, guards } = pack.data;
  const named = [company.website, bookingUrl].map(hostOf);
  const own = [
    ...named,
    ...senders.map(({ email }) => normaliseDomain(email.split('@')[1] ?? '')),
    ...guards.linkDomains.map(normaliseDomain),
    normaliseDomain(lead.companyDomain ?? ''),
    normaliseDomain(message.recipient.email.split('@')[1] ?? ''),
  ].flatMap((domain) => (domain === null ? [] : [domain.replace(/^www\./, '')]));
  const cited = claims.flatMap(({ source }) => (source.kind === 'url' ? (hostOf(source.url) ?? []) : []));
  // What our own unsubscribe links have in common: another of them belongs to another person.
  const optOutStem = /^.*[/=]/.exec(message.unsubscribeUrl)?.[0] ?? message.unsubscribeUrl;
  const isOwnName = (raw: string) => lead.company !== null && fold(lead.company).includes(fold(raw));
  return listed([
    ...new Set(
      links
        .filter(({ raw, host }) => {
          if (optOutStem !== '' && raw.startsWith(optOutStem)) return true;
          if (isOwnName(raw)) return false;
          return host === null || !(own.some((domain) => isUnder(host, domain)) || cited.includes(host));
        })
        .map(({ raw }) => `“${raw.slice(0, 60)}”`),
    ),
  ]);
};
