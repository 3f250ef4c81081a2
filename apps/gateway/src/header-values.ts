import type { IncomingMessage } from 'node:http';

/** Every value a header was sent with, in order. `name` is in lower case. Node itself joins some and drops others. */
export const headerValues = (req: Pick<IncomingMessage, 'rawHeaders'>, name: string): string[] => {
  const { rawHeaders } = req;
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (sent.length === name.length && sent.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
};
