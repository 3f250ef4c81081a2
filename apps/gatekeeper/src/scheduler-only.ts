import { callerOf, respondError } from '@caio/service-kit';
import type { RequestHandler } from 'express';

/** Lets the scheduler pass and nobody else; stands before a body is read. */
export const schedulerOnly: RequestHandler = (req, res, next) => {
  if (callerOf(req).service === 'scheduler') return next();
  return respondError(res, 'forbidden', { message: 'Only the scheduler asks this.' });
};
