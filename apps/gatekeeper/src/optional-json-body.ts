import { jsonBody } from '@caio/service-kit';
import type { RequestHandler } from 'express';

/** A JSON body as everywhere, or none at all, which is read as an empty object. */
export const optionalJsonBody = (): RequestHandler => {
  const read = jsonBody();
  return (req, res, next) => {
    const announced = Number(req.headers['content-length'] ?? 0);
    if (req.headers['transfer-encoding'] !== undefined || announced !== 0) return read(req, res, next);
    req.body = {};
    return next();
  };
};

const identityFields = ['approver', 'approved_by'] as const;

/** Names of people that a request gives and nobody uses: who decides comes from the credential. */
export const ignoredIdentity = (...given: readonly object[]): string[] =>
  identityFields.filter((field) => given.some((part) => Reflect.get(part, field) !== undefined));
