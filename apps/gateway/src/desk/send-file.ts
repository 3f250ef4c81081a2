import type { Request, Response } from 'express';
import type { DeskFile } from './desk-files.ts';

const yearSeconds = 31_536_000;

/** Sends a file in the smallest form the client takes. */
export const sendFile = (req: Request, res: Response, file: DeskFile): void => {
  res.vary('Accept-Encoding');
  res.setHeader('Content-Type', file.type);
  if (!res.hasHeader('Cache-Control')) {
    res.setHeader('Cache-Control', file.isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
  }
  if (res.getHeader('Cache-Control') !== 'no-store') {
    res.setHeader('ETag', file.etag);
    if (req.headers['if-none-match'] === file.etag) return void res.status(304).end();
  }
  const takes = (encoding: string): boolean => req.acceptsEncodings(encoding) === encoding;
  const br = file.br !== null && takes('br') ? file.br : null;
  const gzip = br === null && file.gzip !== null && takes('gzip') ? file.gzip : null;
  if (br !== null) res.setHeader('Content-Encoding', 'br');
  if (gzip !== null) res.setHeader('Content-Encoding', 'gzip');
  const body = br ?? gzip ?? file.plain;
  res.setHeader('Content-Length', body.length);
  res.end(body);
};
