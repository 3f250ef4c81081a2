import type { IncomingMessage } from 'node:http';

const bodyBytesMax = 1_048_576;

export function readBody(request: IncomingMessage, done: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bodyBytesMax) chunks.push(chunk);
  });
  request.on('end', () => done(size > bodyBytesMax ? null : Buffer.concat(chunks).toString('utf8')));
}

/** The vendor's server refuses an empty body that is declared to be JSON, and so does this one. */
export function parseBody(
  contentType: string | undefined,
  text: string,
): { ok: true; value: unknown } | { ok: false; message: string } {
  if (contentType === undefined && text === '') return { ok: true, value: undefined };
  if (contentType?.startsWith('application/json') !== true) {
    return { ok: false, message: 'Unsupported content type' };
  }
  if (text === '')
    return { ok: false, message: 'Body cannot be empty when content-type is application/json' };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false, message: 'Body is not valid JSON' };
  }
}
