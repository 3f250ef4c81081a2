import type { IncomingMessage } from 'node:http';
import { HttpProblem, readBytes } from '@caio/service-kit';

const formBytesMax = 16 * 1024;

/** The fields of a posted form. Throws `unsupported_media_type` and `payload_too_large`. */
export const formOf = async (req: IncomingMessage): Promise<URLSearchParams> => {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    // A form without a field is sent without a type by programs.
    if (type === '' && (await readBytes(req, formBytesMax)).length === 0) return new URLSearchParams();
    throw new HttpProblem('unsupported_media_type', { message: 'A form is expected here.' });
  }
  return new URLSearchParams((await readBytes(req, formBytesMax)).toString('utf8'));
};
