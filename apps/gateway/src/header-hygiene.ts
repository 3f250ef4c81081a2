import type { IncomingHttpHeaders } from 'node:http';

/** Request headers that mean something to the services; everything else stays at the door. */
const requestHeaders = ['accept', 'accept-language', 'content-type', 'if-none-match', 'user-agent'] as const;

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

/** An allow-list, so hop-by-hop, `Connection`-named, forwarded and identity headers never pass. */
export const passedRequestHeaders = (headers: IncomingHttpHeaders): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of requestHeaders) {
    const value = headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
};

export const passedAnswerHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): [name: string, value: string | string[]][] => {
  const named = new Set(
    String(headers['connection'] ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  return Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
    value === undefined || droppedAnswerHeaders.has(name.toLowerCase()) || named.has(name.toLowerCase())
      ? []
      : [[name, value]],
  );
};
