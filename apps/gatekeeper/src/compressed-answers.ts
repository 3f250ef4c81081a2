import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

/** Below this the answer fits into two packets anyway, and compressing it saves nobody anything. */
const bytesMin = 2_048;

/**
 * Compresses large JSON answers for callers that take gzip. Event streams and refusals are not JSON answers of a
 * route and stay as they are. Nothing here holds a secret that a caller must not guess by the length of an answer:
 * sessions and their tokens live at the gateway.
 */
export const compressAnswers = (): RequestHandler => (req, res, next) => {
  if (req.acceptsEncodings('gzip', 'identity') !== 'gzip') return next();
  const sendPlain = res.json.bind(res);
  res.json = (value: unknown) => {
    const text = JSON.stringify(value);
    if (text === undefined || Buffer.byteLength(text) < bytesMin) return sendPlain(value);
    gzip(text, (error, packed) => {
      // The caller may be gone by now.
      if (res.destroyed) return;
      if (error !== null) return next(error);
      res.type('json');
      res.setHeader('Content-Encoding', 'gzip');
      res.vary('Accept-Encoding');
      res.send(packed);
    });
    return res;
  };
  next();
};
