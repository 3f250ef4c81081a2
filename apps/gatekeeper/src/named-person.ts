import { dashboardPrincipal } from '@caio/auth';
import { respondError, userOf } from '@caio/service-kit';
import type { RequestHandler } from 'express';

/** For what somebody has to answer for: the token that everybody may have is nobody's name. */
export const namedPersonOnly: RequestHandler = (req, res, next) => {
  if (userOf(req).name !== dashboardPrincipal.name) return next();
  respondError(res, 'forbidden', {
    message: 'This takes a person by name, and the shared token of the dashboard names nobody.',
    fix: 'Use a token of your own: ACCESS_TOKENS gives each person one.',
    details: { reason: 'person_unnamed' },
  });
};
