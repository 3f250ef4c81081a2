import { normaliseDomain } from '../identity/domain.ts';

/** Sites where companies keep a page: the address of such a page names no company domain. */
const pageHosts: readonly string[] = [
  ...['linkedin.com', 'facebook.com', 'instagram.com', 'twitter.com', 'x.com', 'youtube.com', 'tiktok.com'],
  ...['linktr.ee', 'crunchbase.com', 'yelp.com', 'google.com', 'goo.gl', 'bit.ly'],
];

/** `reason` says why a text names no company domain. */
export type CompanyDomainReading = { ok: true; domain: string } | { ok: false; reason: string };

/** The domain a company's mail and site live under, from a website, a host or a bare domain. */
export const readCompanyDomain = (text: string): CompanyDomainReading => {
  const host = /^(?:https?:)?(?:\/\/)?([^/?#\\@:\s]+)(?::\d{1,5})?(?:[/?#].*)?$/i.exec(text.trim())?.[1];
  const domain = host === undefined ? null : normaliseDomain(host.replace(/^www\.(?=.*\.)/i, ''));
  if (domain === null) return { ok: false, reason: 'this is not a website or a domain' };
  if (pageHosts.some((page) => domain === page || domain.endsWith(`.${page}`)))
    return { ok: false, reason: "this is a page on another site, not the company's own" };
  return { ok: true, domain };
};
