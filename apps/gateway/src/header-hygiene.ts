import type { IncomingHttpHeaders } from 'node:http';

/** Request headers that mean something to the services; everything else stays at the door. */
const requestHeaders = [
  'accept',
  'accept-language',
  'content-encoding',
  'content-type',
  'if-none-match',
  'user-agent',
] as const;

/** Answer headers that belong to one connection or tell about the inside. */
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
]);

const namedByConnection = (connection: string | string[] | undefined): Set<string> =>
  new Set(
    String(connection ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );

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
): [name: string, value: string | string[]][] => {
  const entries = Object.entries(headers).map(([name, value]) => ({ name, value, key: name.toLowerCase() }));
  const named = new Set(
    entries.flatMap(({ key, value }) => (key === 'connection' ? [...namedByConnection(value)] : [])),
  );
  return entries.flatMap(({ name, value, key }): [string, string | string[]][] =>
    value === undefined || droppedAnswerHeaders.has(key) || named.has(key) ? [] : [[name, value]],
  );
};
