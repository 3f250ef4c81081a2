import { serviceTokenLeewaySeconds, serviceTokenLifeSeconds } from '@caio/auth';
import { callerOf, respondError } from '@caio/service-kit';
import type { GateLists } from '@caio/state-store';
import type { RequestHandler } from 'express';

/** Longer than a token is believed by any clock that is. */
const rememberedSeconds = serviceTokenLifeSeconds + 2 * serviceTokenLeewaySeconds + 1;

/**
 * Takes a command once for each service token. Most commands refuse to be repeated by themselves; lifting a stop that
 * was made again, approving a text that was recalled, or removing an exclusion that was put back do not.
 */
export const commandsOnce =
  (deps: { lists: Pick<GateLists, 'takeToken'> }): RequestHandler =>
  async (req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return next();
    const { tokenId } = callerOf(req);
    if (tokenId === null || (await deps.lists.takeToken(tokenId, rememberedSeconds))) return next();
    respondError(res, 'unauthenticated', {
      message: 'This service token was used for a command before.',
      fix: 'Sign each call anew.',
      details: { reason: 'token_used' },
    });
  };
