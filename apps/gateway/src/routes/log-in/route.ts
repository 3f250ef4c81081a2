import { matchAccessToken } from '@caio/auth';
import { correlationIdOf, HttpProblem } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import { Router } from 'express';
import { type AuthenticationOptions, isOpenDoor } from '../../authentication.ts';
import { clientAddressOf } from '../../client-address.ts';
import type { DoorLog } from '../../door-log.ts';
import { formOf } from '../../form-body.ts';
import { nextPathOf } from '../../next-path.ts';
import { loginPage } from '../../pages/login-page.ts';
import { pageRoute } from '../../pages/page-route.ts';
import { sendPage } from '../../pages/page.ts';
import { requestOriginOf } from '../../request-origin.ts';
import { askStore } from '../../store-call.ts';

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

const minutesOf = (ms: number): string => {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
};

/**
 * The login page and its form. Every try is counted before it is judged, so that however many arrive at once no more
 * than the limit are; past it nobody from that address gets in, with the right token neither.
 */
export const logInRoute = (deps: AuthenticationOptions & { logger: Logger; doorLog: DoorLog }): Router => {
  const { settings, tokens, sessions, limits, doorLog } = deps;
  const router = Router();

  router.get(
    '/login',
    pageRoute(deps, async (req, res) => {
      const next = nextPathOf(textIn(req.query['next']));
      const isIn = isOpenDoor(req, deps) || (await sessions.find(req)) !== null;
      if (!isIn) return sendPage(res, 200, loginPage({ next, note: null }));
      res.setHeader('Cache-Control', 'no-store');
      res.redirect(302, next);
    }),
  );

  router.post(
    '/login',
    pageRoute(deps, async (req, res) => {
      if (requestOriginOf(req, []) === 'foreign')
        throw new HttpProblem('forbidden', {
          message: 'Another site sent this login.',
          fix: 'Open the login page yourself.',
        });
      const form = await formOf(req);
      const next = nextPathOf(form.get('next'));
      const address = clientAddressOf(req, settings.trustedHops);
      const correlationId = correlationIdOf(req);
      const taken = await askStore(() => limits.take('login', address));
      const failures = taken.limit.takesMax - taken.remaining;
      if (!taken.ok) {
        doorLog.refused({ address, failures, reason: 'too_many', correlationId });
        res.setHeader('Retry-After', Math.max(1, Math.ceil(taken.resetMs / 1_000)));
        const note = `Too many failed logins from your address. Try again in ${minutesOf(taken.resetMs)}.`;
        return sendPage(res, 429, loginPage({ next, note }));
      }
      const token = matchAccessToken(form.get('token')?.trim() ?? '', tokens);
      if (token === null && !isOpenDoor(req, deps)) {
        doorLog.refused({ address, failures, reason: 'invalid_token', correlationId });
        return sendPage(
          res,
          200,
          loginPage({ next, note: 'Invalid token. Paste it again, with nothing around it.' }),
        );
      }
      // Only the right try is none: with a token of one's own, others could be guessed for ever.
      await askStore(() => limits.giveBack('login', address));
      if (token !== null) {
        await sessions.open(req, res, token);
        doorLog.loggedIn({ name: token.principal.name, address, correlationId });
      }
      res.setHeader('Cache-Control', 'no-store');
      res.redirect(303, next);
    }),
  );
  return router;
};
