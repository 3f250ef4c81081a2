import type { IncomingMessage, ServerResponse } from 'node:http';
import { correlationIdSchema } from '@caio/contracts';
import { setRequestIds } from './request-context.ts';

const caseIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const headerOf = (req: IncomingMessage, name: string): string | null => {
  const value = req.headers[name];
  return typeof value === 'string' ? value : null;
};

const sentCorrelationId = (req: IncomingMessage): string | null => {
  const sent = headerOf(req, 'x-correlation-id');
  // Most send none, and a refusal of the schema is costly to make.
  if (sent === null) return null;
  const parsed = correlationIdSchema.safeParse(sent);
  return parsed.success ? parsed.data : null;
};

const sentCaseId = (req: IncomingMessage): string | null => {
  const sent = headerOf(req, 'x-replay-case-id') ?? headerOf(req, 'x-case-id') ?? '';
  return caseIdForm.test(sent) ? sent : null;
};

export interface RequestIds {
  readonly correlationId: string;
  readonly caseId: string | null;
}

/**
 * Gives the request the ids it was sent with, or a new one, and every answer to it carries them, refusals and
 * failures included. To be called before anything else.
 */
export const identifyRequest = (
  req: IncomingMessage,
  res: ServerResponse,
  newCorrelationId: () => string,
): RequestIds => {
  const ids = { correlationId: sentCorrelationId(req) ?? newCorrelationId(), caseId: sentCaseId(req) };
  setRequestIds(req, ids);
  res.setHeader('X-Correlation-ID', ids.correlationId);
  if (ids.caseId !== null) res.setHeader('X-Replay-Case-ID', ids.caseId);
  return ids;
};
