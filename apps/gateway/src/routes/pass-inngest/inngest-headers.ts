import type { IncomingHttpHeaders } from 'node:http';

const plain = new Set([
  'accept',
  'content-encoding',
  'content-type',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-request-id',
]);

const isInngests = (name: string): boolean => name.startsWith('x-inngest-') || plain.has(name);

/** What a call of Inngest says about itself; nothing that names a person or another caller, nor what `Connection` names. */
export const inngestHeadersOf = (headers: IncomingHttpHeaders): Record<string, string> => {
  const named = new Set(
    String(headers.connection ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string' && isInngests(name) && !named.has(name)) passed[name] = value;
  return passed;
};
