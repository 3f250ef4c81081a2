const slugLengthMax = 100;
const encodedLengthMax = 390;
const profilePattern =
  /^(?:https?:)?(?:\/\/)?(?<host>[a-z0-9.-]+)(?::\d{1,5})?\/+(?:mwlite\/+)?in\/+(?<slug>[^/?#\\]+)(?:[/?#]|$)/i;
const slugPattern = /^[^\p{C}\p{Z}\s/\\?#%:@<>"'`{}|^]+$/u;

const isLinkedinHost = (host: string): boolean =>
  /^(?:[a-z0-9-]+\.)*linkedin\.com$/.test(host.toLowerCase().replace(/\.$/, ''));

const decodeFully = (text: string): string | null => {
  let decoded = text;
  // Exports that were themselves put into a URL arrive encoded twice.
  for (let round = 0; round < 3 && decoded.includes('%'); round += 1) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      return null;
    }
  }
  return decoded;
};

/**
 * `linkedin:<slug>` of a personal profile URL, or null. Country sub-domains, scheme, query, trailing parts,
 * percent-encoding and case do not matter; company, school and sales-tool pages and foreign hosts are null.
 */
export const linkedinKeyOf = (url: string): `linkedin:${string}` | null => {
  const found = profilePattern.exec(url.trim())?.groups;
  if (found?.['host'] === undefined || found['slug'] === undefined) return null;
  if (!isLinkedinHost(found['host'])) return null;
  const slug = decodeFully(found['slug'])?.normalize('NFC').toLowerCase().normalize('NFC');
  if (slug === undefined || slug.length > slugLengthMax || !slugPattern.test(slug)) return null;
  return encodeURIComponent(slug).length > encodedLengthMax ? null : `linkedin:${slug}`;
};

/** The canonical profile address of a `linkedin:<slug>` key. */
export const linkedinUrlOf = (personKey: `linkedin:${string}`): string =>
  `https://www.linkedin.com/in/${encodeURIComponent(personKey.slice('linkedin:'.length))}`;
