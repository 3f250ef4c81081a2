import type { IncomingMessage } from 'node:http';

/**
 * Where a request was started: by a page of ours, by a listed origin, by the person itself (an address typed, a
 * bookmark), by another site, or unknown because no browser sent it.
 */
export type RequestOrigin = 'same_origin' | 'listed' | 'typed' | 'foreign' | 'unknown';

const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
};

/** Judged by what no page can write itself: Sec-Fetch-Site, and Origin where a browser does not send that. */
export const requestOriginOf = (req: IncomingMessage, allowedOrigins: readonly string[]): RequestOrigin => {
  const { origin, 'sec-fetch-site': site } = req.headers;
  if (site === 'same-origin') return 'same_origin';
  if (origin !== undefined && allowedOrigins.includes(origin)) return 'listed';
  if (site !== undefined) return site === 'none' ? 'typed' : 'foreign';
  if (origin === undefined) return 'unknown';
  return hostOf(origin) === req.headers.host?.toLowerCase() ? 'same_origin' : 'foreign';
};
