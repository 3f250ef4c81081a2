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
  const taken = req.acceptsEncodings([
    ...(file.br === null ? [] : ['br']),
    ...(file.gzip === null ? [] : ['gzip']),
    'identity',
  ]);
  const body = taken === 'br' ? file.br : taken === 'gzip' ? file.gzip : null;
  if (body !== null && typeof taken === 'string') res.setHeader('Content-Encoding', taken);
  res.end(body ?? file.plain);
};
