import type { IncomingHttpHeaders } from 'node:http';

/** Request headers that mean something to the services; everything else stays at the door. */
const requestHeaders = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-type',
  'if-none-match',
  'last-event-id',
  'user-agent',
] as const;

/** Answer headers that belong to one connection, tell about the inside, or are for the door alone to say. */
const droppedAnswerHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-powered-by',
  'server',
  'date',
  'x-correlation-id',
  'set-cookie',
  'vary',
  'permissions-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
  'origin-agent-cluster',
]);

const droppedFamilies = /^(?:access-control-|cross-origin-|ratelimit-|x-ratelimit-)/;

/** `data` is the API's; a `page` for people brings its own content policy, which knows its style. */
export type AnswerKind = 'data' | 'page';

const isForTheDoor = (key: string, value: string | string[], kind: AnswerKind): boolean => {
  if (droppedAnswerHeaders.has(key) || droppedFamilies.test(key)) return true;
  if (kind === 'page') return false;
  // What the API says is about people: a service may forbid to keep it, and may not allow it.
  return (
    key === 'content-security-policy' || (key === 'cache-control' && !String(value).includes('no-store'))
  );
};

const nothingNamed: ReadonlySet<string> = new Set();

const namedByConnection = (connection: string | string[] | undefined): ReadonlySet<string> => {
  if (connection === undefined || connection === 'keep-alive') return nothingNamed;
  return new Set(
    String(connection)
      .toLowerCase()
      .split(/\s*,\s*/),
  );
};

/** An allow-list, so hop-by-hop, forwarded and identity headers never pass, and neither what `Connection` names. */
export const passedRequestHeaders = (headers: IncomingHttpHeaders): Record<string, string> => {
  const named = namedByConnection(headers.connection);
  const passed: Record<string, string> = {};
  for (const name of requestHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && !named.has(name)) passed[name] = value;
  }
  return passed;
};

/** The headers of a service's answer that are about the answer, not about the connection or what is behind. */
export const passedAnswerHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  kind: AnswerKind,
): [name: string, value: string | string[]][] => {
  const named = new Set<string>();
  for (const name in headers) {
    if (name.toLowerCase() === 'connection')
      for (const key of namedByConnection(headers[name])) named.add(key);
  }
  const passed: [name: string, value: string | string[]][] = [];
  for (const name in headers) {
    const key = name.toLowerCase();
    const value = headers[name];
    if (value !== undefined && !named.has(key) && !isForTheDoor(key, value, kind)) passed.push([name, value]);
  }
  return passed;
};
